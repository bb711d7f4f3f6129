package dev.tributary.postgres.incremental;

import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.catalog.TableInfo;
import dev.tributary.postgres.snapshot.RowQuery;
import dev.tributary.postgres.types.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The SQL that reads a table in the order of its key.
 *
 * @param keyTypes the types of the key's columns, as SQL writes them
 * @param partitioned whether the rows are those of its partitions
 * @param filters SQL that rows must satisfy
 */
record KeyQuery(TableInfo table, List<String> keyTypes, boolean partitioned, List<String> filters) {
  /**
   * @param filters may have nulls, which stand for all rows
   */
  KeyQuery {
    keyTypes = List.copyOf(keyTypes);
    filters = filters.stream().filter(Objects::nonNull).toList();
  }

  /** The key as text, in front of the columns. */
  private String keyTexts() {
    return table.keyColumns().stream()
        .map(column -> RowQuery.column(Identifiers.quote(column), WireFormat.TEXT))
        .collect(Collectors.joining(", "));
  }

  private String keys() {
    return table.keyColumns().stream()
        .map(Identifiers::quote)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private String literals(List<String> key) {
    return IntStream.range(0, key.size())
        .mapToObj(i -> Identifiers.literal(key.get(i)) + "::" + keyTypes.get(i))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private String order(String direction) {
    return table.keyColumns().stream()
        .map(column -> Identifiers.quote(column) + direction)
        .collect(Collectors.joining(", "));
  }

  private String source() {
    return (partitioned ? " FROM " : " FROM ONLY ") + table.name().quoted();
  }

  /** The columns of the key with their types, in its order: {@code "id" bigint}. */
  List<String> key() {
    return IntStream.range(0, keyTypes.size())
        .mapToObj(i -> Identifiers.quote(table.keyColumns().get(i)) + " " + keyTypes.get(i))
        .toList();
  }

  /** The greatest key. */
  String greatest() {
    return "SELECT " + keyTexts() + source() + " ORDER BY " + order(" DESC") + " LIMIT 1";
  }

  /**
   * The next rows.
   *
   * @param formats of the columns
   * @param last the key of the row before them; null for the first ones
   * @param end the greatest key
   */
  String next(List<WireFormat> formats, List<String> last, List<String> end, int limit) {
    Map<Integer, String> names =
        IntStream.range(0, table.columns().size())
            .boxed()
            .collect(
                Collectors.toMap(i -> i, i -> Identifiers.quote(table.columns().get(i).name())));
    String columns =
        IntStream.range(0, formats.size())
            .mapToObj(i -> RowQuery.column(names.get(i), formats.get(i)))
            .collect(Collectors.joining(", "));
    List<String> conditions = new ArrayList<>();
    conditions.add(keys() + " <= " + literals(end));
    if (last != null) {
      conditions.add(keys() + " > " + literals(last));
    }
    filters.forEach(filter -> conditions.add("(" + filter + "\n)"));
    return "COPY (SELECT "
        + keyTexts()
        + ", "
        + columns
        + source()
        + " WHERE "
        + String.join(" AND ", conditions)
        + " ORDER BY "
        + order("")
        + " LIMIT "
        + limit
        + ") TO STDOUT (FORMAT binary)";
  }

  /** Whether a key tells rows apart: it is there, and none of its columns can be NULL. */
  static boolean isKeyed(TableInfo table) {
    List<String> required =
        table.columns().stream().filter(ColumnInfo::notNull).map(ColumnInfo::name).toList();
    return !table.keyColumns().isEmpty() && required.containsAll(table.keyColumns());
  }
}
