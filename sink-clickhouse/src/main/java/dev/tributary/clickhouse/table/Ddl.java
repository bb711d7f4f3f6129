package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.types.ColumnType;
import dev.tributary.clickhouse.types.ConnectTypes;
import dev.tributary.clickhouse.types.Sql;
import dev.tributary.clickhouse.types.UnwritableValueException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;

/** The statements that create and evolve tables. Pure. */
final class Ddl {
  /**
   * A repeated insert with the token of an earlier one is dropped by the server; this many are
   * remembered. (ClickHouse documentation, MergeTree settings.)
   */
  private static final int DEDUPLICATION_WINDOW = 1_000;

  private final String database;
  private final Optional<String> engine;
  private final List<String> orderBy;
  private final Optional<String> partitionBy;
  private final boolean metadataColumns;

  Ddl(SinkConfig config) {
    this.database = config.database();
    this.engine = config.engine();
    this.orderBy = config.orderBy();
    this.partitionBy = config.partitionBy();
    this.metadataColumns = config.metadataColumns();
  }

  /**
   * A statement that creates a table for records of a shape.
   *
   * @param operations whether an append table tells events apart by a column {@code _op}
   * @throws ConnectException if the shape does not say what the table needs
   */
  String create(String table, RowShape shape, boolean mirror, boolean operations) {
    List<String> sorting = sortingKey(table, shape, mirror);
    Map<String, ColumnType> columns = new LinkedHashMap<>();
    shape.fields().forEach((name, schema) -> columns.put(name, type(table, name, schema, sorting)));
    if (mirror) {
      columns.put(Metadata.VERSION, Metadata.UINT64);
      columns.put(Metadata.DELETED, Metadata.UINT8);
    } else if (metadataColumns) {
      if (operations) {
        columns.put(Metadata.OPERATION, Metadata.LOW_STRING);
      }
      columns.put(Metadata.TOPIC, Metadata.LOW_STRING);
      columns.put(Metadata.PARTITION, Metadata.INT32);
      columns.put(Metadata.OFFSET, Metadata.INT64);
    }
    for (String column : sorting) {
      if (!columns.containsKey(column)) {
        throw new ConnectException(
            "Table "
                + Sql.name(database, table)
                + " cannot be created: its records have no field '"
                + column
                + "', which 'order.by' names");
      }
    }
    String defaultEngine =
        mirror
            ? "ReplacingMergeTree(" + Metadata.VERSION + ", " + Metadata.DELETED + ")"
            : "MergeTree";
    return "CREATE TABLE IF NOT EXISTS "
        + Sql.name(database, table)
        + columns.entrySet().stream()
            .map(column -> Sql.name(column.getKey()) + " " + column.getValue().sql())
            .collect(Collectors.joining(", ", " (", ")"))
        + " ENGINE = "
        + engine.orElse(defaultEngine)
        + partitionBy.map(expression -> " PARTITION BY " + expression).orElse("")
        + sorting.stream().map(Sql::name).collect(Collectors.joining(", ", " ORDER BY (", ")"))
        + (mirror || engine.isPresent()
            ? ""
            : " SETTINGS non_replicated_deduplication_window = " + DEDUPLICATION_WINDOW);
  }

  /** A statement that adds columns to a table. */
  String addColumns(String table, Map<String, Schema> fields) {
    return "ALTER TABLE "
        + Sql.name(database, table)
        + fields.entrySet().stream()
            .map(
                field ->
                    " ADD COLUMN IF NOT EXISTS "
                        + Sql.name(field.getKey())
                        + " "
                        + type(table, field.getKey(), field.getValue(), List.of()).sql())
            .collect(Collectors.joining(","));
  }

  private List<String> sortingKey(String table, RowShape shape, boolean mirror) {
    if (!orderBy.isEmpty()) {
      return orderBy;
    }
    if (!mirror) {
      return metadataColumns
          ? List.of(Metadata.TOPIC, Metadata.PARTITION, Metadata.OFFSET)
          : List.of();
    }
    if (shape.keyFields().isEmpty()) {
      throw new ConnectException(
          "Table "
              + Sql.name(database, table)
              + " cannot be created: the record key is no struct whose fields would identify a row;"
              + " name the columns that do in 'order.by'");
    }
    return shape.keyFields();
  }

  private ColumnType type(String table, String name, Schema schema, List<String> sorting) {
    try {
      return ConnectTypes.of(schema, !sorting.contains(name));
    } catch (UnwritableValueException e) {
      throw new ConnectException(
          "Column "
              + Sql.name(name)
              + " of table "
              + Sql.name(database, table)
              + " cannot be created: "
              + e.getMessage());
    }
  }
}
