package dev.tributary.clickhouse.record;

import dev.tributary.clickhouse.config.InsertFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.DataException;

/** Reads the rows of records that are lines of text: one row in each. */
public interface TextRows {

  /** A reader of rows in a format. */
  static TextRows of(InsertFormat format) {
    return switch (format) {
      case NONE, JSON -> new JsonRows();
      case CSV -> DelimitedRows.csv();
      case TSV -> DelimitedRows.tsv();
    };
  }

  /**
   * Reads a row.
   *
   * @param columns names the table's columns in their order; asked where the text does not name
   *     them; empty if there is no table
   * @return values by field or column, without those that are left to the table; none where it
   *     takes a table to tell
   * @throws DataException if the text is not one row in the format; its message does not quote it
   */
  Map<String, Object> read(String text, Supplier<Optional<List<String>>> columns);

  /**
   * Reads a record's value, if it is a text.
   *
   * @param value any value
   * @return the row of a String or of bytes in UTF-8, else the value itself
   * @throws DataException as {@link #read}
   */
  default Object readIfText(Object value, Supplier<Optional<List<String>>> columns) {
    if (value instanceof String text) {
      return read(text, columns);
    }
    if (value instanceof byte[] bytes) {
      try {
        return read(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), columns);
      } catch (CharacterCodingException e) {
        throw new DataException("its text is not UTF-8");
      }
    }
    return value;
  }
}
