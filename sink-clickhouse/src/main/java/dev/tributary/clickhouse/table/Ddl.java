package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.config.ExtraFields;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.config.TableNames;
import dev.tributary.clickhouse.types.ColumnType;
import dev.tributary.clickhouse.types.ConnectTypes;
import dev.tributary.clickhouse.types.Sql;
import dev.tributary.clickhouse.types.UnwritableValueException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private static final List<String> OFFSET_KEY =
      List.of(Metadata.TOPIC, Metadata.PARTITION, Metadata.OFFSET);

  private final Optional<String> engine;
  private final List<String> orderBy;
  private final Optional<String> partitionBy;
  private final Optional<String> ttl;
  private final Optional<String> settings;
  private final Optional<String> cluster;
  private final Optional<String> view;
  private final Set<String> lowCardinality;
  private final boolean metadataColumns;
  private final Optional<String> extraColumn;

  Ddl(SinkConfig config) {
    this.engine = config.engine();
    this.orderBy = config.orderBy();
    this.partitionBy = config.partitionBy();
    this.ttl = config.ttl();
    this.settings = config.tableSettings();
    this.cluster = config.cluster();
    this.view = config.view();
    this.lowCardinality = config.lowCardinality();
    this.metadataColumns = config.metadataColumns();
    this.extraColumn =
        config.extraFields() == ExtraFields.JSON
            ? Optional.of(config.extraColumn())
            : Optional.empty();
  }

  /**
   * A statement that creates a table for records of a shape.
   *
   * @param operations whether an append table tells events apart by a column {@code _op}
   * @throws ConnectException if the shape does not say what the table needs
   */
  String create(TableName table, RowShape shape, boolean mirror, boolean operations) {
    List<String> sorting = sortingKey(table, shape, mirror);
    Map<String, ColumnType> columns = new LinkedHashMap<>();
    shape.fields().forEach((name, schema) -> columns.put(name, type(table, name, schema, sorting)));
    extraColumn.ifPresent(name -> columns.put(name, ColumnType.Json.PLAIN));
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
                + table.sql()
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
        + table.sql()
        + onCluster()
        + columns.entrySet().stream()
            .map(column -> Sql.name(column.getKey()) + " " + column.getValue().sql())
            .collect(Collectors.joining(", ", " (", index(columns, sorting) + ")"))
        + " ENGINE = "
        + filled(engine.orElse(defaultEngine), table)
        + partitionBy.map(expression -> " PARTITION BY " + filled(expression, table)).orElse("")
        + sorting.stream().map(Sql::name).collect(Collectors.joining(", ", " ORDER BY (", ")"))
        + ttl.map(expression -> " TTL " + filled(expression, table)).orElse("")
        + settings(mirror);
  }

  /** Offsets are looked up with every insert; they are found quickly even if they do not sort. */
  private static String index(Map<String, ColumnType> columns, List<String> sorting) {
    boolean offsets = columns.keySet().containsAll(OFFSET_KEY);
    boolean lead = sorting.size() >= 3 && sorting.subList(0, 3).equals(OFFSET_KEY);
    return offsets && !lead
        ? ", INDEX _offsets " + Sql.name(Metadata.OFFSET) + " TYPE minmax GRANULARITY 1"
        : "";
  }

  private String settings(boolean mirror) {
    boolean window =
        !mirror
            && engine.isEmpty()
            && settings.filter(t -> t.contains("non_replicated_deduplication_window")).isEmpty();
    String all =
        window
            ? "non_replicated_deduplication_window = "
                + DEDUPLICATION_WINDOW
                + settings.map(text -> ", " + text).orElse("")
            : settings.orElse("");
    return all.isEmpty() ? "" : " SETTINGS " + all;
  }

  private String onCluster() {
    return cluster.map(name -> " ON CLUSTER " + Sql.name(name)).orElse("");
  }

  private static String filled(String template, TableName table) {
    return TableNames.fill(template, table);
  }

  /** A statement that adds columns to a table. */
  String addColumns(TableName table, Map<String, Schema> fields) {
    return "ALTER TABLE "
        + table.sql()
        + onCluster()
        + fields.entrySet().stream()
            .map(
                field ->
                    " ADD COLUMN IF NOT EXISTS "
                        + Sql.name(field.getKey())
                        + " "
                        + type(table, field.getKey(), field.getValue(), List.of()).sql())
            .collect(Collectors.joining(","))
        + onEveryReplica();
  }

  /**
   * A statement that gives a column a wider type, if it still is of the type that it was seen with.
   * ClickHouse itself alters a column whatever it has become meanwhile, to a narrower type as well.
   * But the commands of one ALTER are applied one after the other, all of them or none: an index
   * that is gone again at the end has an expression that only that type makes sense of. What is
   * refused is refused as {@code ARGUMENT_OUT_OF_BOUND}.
   */
  String widen(Table table, Column column, ColumnType type) {
    String name = Sql.name(column.name());
    String modify = " MODIFY COLUMN " + name + " " + type.sql();
    String guarded =
        " ADD INDEX _widening (tupleElement(tuple(1), if(toTypeName("
            + name
            + ") = "
            + Sql.literal(column.sqlType())
            + ", 1, 2))) TYPE minmax,"
            + modify
            + ", DROP INDEX _widening";
    return "ALTER TABLE "
        + table.name().sql()
        + onCluster()
        + (table.insertsInBlocks() ? guarded : modify)
        + onEveryReplica();
  }

  /** A statement that sets the comment of a column. */
  String comment(TableName table, String column, String comment) {
    return "ALTER TABLE "
        + table.sql()
        + onCluster()
        + " COMMENT COLUMN "
        + Sql.name(column)
        + " "
        + Sql.literal(comment)
        + onEveryReplica();
  }

  /** Waits for the other replicas, if there are any: the next insert may go to one of them. */
  private static String onEveryReplica() {
    return " SETTINGS alter_sync = 2";
  }

  /** A statement that makes the view of a mirror's present rows, if one is wanted. */
  Optional<String> view(TableName table) {
    return view.map(
        template ->
            "CREATE OR REPLACE VIEW "
                + Sql.name(table.database(), filled(template, table))
                + onCluster()
                + " AS SELECT * EXCEPT ("
                + Sql.name(Metadata.VERSION)
                + ", "
                + Sql.name(Metadata.DELETED)
                + ") FROM "
                + table.sql()
                + " FINAL WHERE "
                + Sql.name(Metadata.DELETED)
                + " = 0");
  }

  private List<String> sortingKey(TableName table, RowShape shape, boolean mirror) {
    if (!orderBy.isEmpty()) {
      return orderBy;
    }
    if (!mirror) {
      return metadataColumns ? OFFSET_KEY : List.of();
    }
    if (shape.keyFields().isEmpty()) {
      throw new ConnectException(
          "Table "
              + table.sql()
              + " cannot be created: the record key is no struct whose fields would identify a row;"
              + " name the columns that do in 'order.by'");
    }
    return shape.keyFields();
  }

  private ColumnType type(TableName table, String name, Schema schema, List<String> sorting) {
    try {
      ColumnType type = ConnectTypes.of(schema, !sorting.contains(name));
      boolean low = lowCardinality.contains(name) || lowCardinality.contains("*");
      return low ? lowCardinality(type) : type;
    } catch (UnwritableValueException e) {
      throw new ConnectException(
          "Column "
              + Sql.name(name)
              + " of table "
              + table.sql()
              + " cannot be created: "
              + e.getMessage());
    }
  }

  private static ColumnType lowCardinality(ColumnType type) {
    boolean text =
        type == ColumnType.Plain.STRING
            || (type instanceof ColumnType.Nullable nullable
                && nullable.inner() == ColumnType.Plain.STRING);
    return text ? new ColumnType.LowCardinality(type) : type;
  }
}
