package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.catalog.TableInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.position.SnapshotPosition.Range;
import dev.tributary.postgres.position.Tid;
import dev.tributary.postgres.types.WireFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The SELECT that gives the rows of a table. Values are asked for in binary where they can be read
 * so, else as the text of the type's output function.
 *
 * @param formats of the columns; null for those left out, which come as NULL
 * @param byPlace whether rows come with their ctid in front and in the order of it, so that parts
 *     of the table can be read
 */
public record RowQuery(String columns, String source, boolean byPlace, List<WireFormat> formats) {
  private static final Collector<CharSequence, ?, String> COMMAS = Collectors.joining(", ");

  /**
   * The rows that are in one place.
   *
   * @param place the table, or one of its partitions, whose columns may be in another order
   * @param conditions SQL that rows must satisfy; nulls for none
   */
  static RowQuery place(
      TableInfo table, TableName place, List<WireFormat> formats, String... conditions) {
    return new RowQuery(
        Stream.concat(Stream.of("ctid"), columns(table, formats)).collect(COMMAS),
        "FROM ONLY " + place.quoted() + where(conditions),
        true,
        formats);
  }

  /** The rows of a partitioned table, from wherever they are. */
  static RowQuery whole(TableInfo table, List<WireFormat> formats, String condition) {
    return new RowQuery(
        columns(table, formats).collect(COMMAS),
        "FROM " + table.name().quoted() + where(condition),
        false,
        formats);
  }

  /** The rows that another SELECT gives, which must have the table's columns. */
  static RowQuery override(
      TableInfo table, List<WireFormat> formats, String select, String condition) {
    String inner = select.strip().replaceFirst(";\\s*$", "");
    return new RowQuery(
        columns(table, formats).collect(COMMAS),
        "FROM (" + inner + "\n) AS overridden" + where(condition),
        false,
        formats);
  }

  private static String where(String... conditions) {
    return Arrays.stream(conditions)
        .filter(Objects::nonNull)
        .map(condition -> " AND (" + condition + ")")
        .collect(Collectors.joining("", " WHERE true", ""));
  }

  private static Stream<String> columns(TableInfo table, List<WireFormat> formats) {
    List<ColumnInfo> all = table.columns();
    return IntStream.range(0, all.size())
        .mapToObj(i -> column(Identifiers.quote(all.get(i).name()), formats.get(i)));
  }

  /**
   * A column, with its name quoted, in the format that is wanted. (A composite all of whose fields
   * are NULL "is NULL", but it is there.)
   */
  public static String column(String name, WireFormat format) {
    if (format == null) {
      return "NULL";
    }
    return format == WireFormat.BINARY
        ? name
        : "CASE WHEN "
            + name
            + " IS NOT DISTINCT FROM NULL THEN NULL ELSE pg_catalog.format('%s', "
            + name
            + ") END";
  }

  /** How many columns are in front of the table's. */
  int skip() {
    return byPlace ? 1 : 0;
  }

  /** The COPY of a part of the table; of all, if parts cannot be read. */
  String copy(Range range) {
    String where = "";
    if (byPlace) {
      where =
          (range.from().equals(Tid.FIRST) ? "" : " AND ctid >= '" + range.from() + "'::tid")
              + (range.end().equals(Tid.END) ? "" : " AND ctid < '" + range.end() + "'::tid");
    }
    return "COPY (SELECT " + columns + " " + source + where + ") TO STDOUT (FORMAT binary)";
  }
}
