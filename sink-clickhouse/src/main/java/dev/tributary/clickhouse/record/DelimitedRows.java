package dev.tributary.clickhouse.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.kafka.connect.errors.DataException;

/**
 * A line of values each, in the order of the table's columns, as in ClickHouse's CSV and TSV:
 * {@code \N} is null, and an empty value is left to the column.
 */
final class DelimitedRows implements TextRows {
  private final CSVFormat format;
  private final String name;

  private DelimitedRows(CSVFormat format, String name) {
    this.format = format;
    this.name = name;
  }

  /** Values with commas between them, in double quotes where they hold some. */
  static DelimitedRows csv() {
    return new DelimitedRows(CSVFormat.RFC4180.builder().setNullString("\\N").get(), "csv");
  }

  /** Values with tabs between them, and a backslash before what is none. */
  static DelimitedRows tsv() {
    return new DelimitedRows(CSVFormat.MYSQL, "tsv");
  }

  @Override
  public Map<String, Object> read(String text, Supplier<Optional<List<String>>> columns) {
    CSVRecord line = line(text);
    Optional<List<String>> table = columns.get();
    if (table.isEmpty()) {
      return Map.of();
    }
    List<String> names = table.get();
    if (line.size() != names.size()) {
      throw new DataException(
          "its line holds "
              + line.size()
              + " values (insertFormat="
              + name
              + "), but the table has "
              + names.size()
              + " columns to insert into");
    }
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String value = line.get(i);
      if (value == null || !value.isEmpty()) {
        row.put(names.get(i), value);
      }
    }
    return row;
  }

  private CSVRecord line(String text) {
    try (CSVParser parser = CSVParser.parse(text, format)) {
      Iterator<CSVRecord> lines = parser.iterator();
      if (!lines.hasNext()) {
        throw new DataException("its text is empty (insertFormat=" + name + ")");
      }
      CSVRecord line = lines.next();
      if (lines.hasNext()) {
        throw new DataException("its text holds more than one line; a record is one row");
      }
      return line;
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      throw new DataException("its text is no line of " + name + " (insertFormat=" + name + ")");
    }
  }
}
