package dev.tributary.clickhouse.table;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.ColumnCase;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.record.RowChange;
import dev.tributary.clickhouse.types.ColumnType;
import dev.tributary.clickhouse.types.Sql;
import dev.tributary.clickhouse.types.TypeParser;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at tables on the server, creates and evolves them. What cannot succeed by trying again is a
 * {@link ConnectException}; every other failure comes as the client threw it.
 */
public final class Tables {
  private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

  /** Each of them is lost to another task's at most. */
  private static final int MAX_WIDENINGS = 20;

  private final ClickHouse server;
  private final Ddl ddl;
  private final DeliveryCheck check;
  private final ColumnCase columnCase;

  public Tables(ClickHouse server, SinkConfig config) {
    this.server = server;
    this.ddl = new Ddl(config);
    this.check = new DeliveryCheck(server, config);
    this.columnCase = config.columnCase();
  }

  /** The table, or empty if there is none of that name. */
  public Optional<Table> find(TableName table) {
    List<GenericRecord> rows =
        server.query(
            "SELECT name, type, default_kind, is_in_sorting_key OR is_in_partition_key AS in_key FROM"
                + " system.columns WHERE database = "
                + Sql.literal(table.database())
                + " AND table = "
                + Sql.literal(table.table())
                + " ORDER BY position");
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Table(
                table, rows.stream().map(Tables::column).toList(), layout(table), columnCase));
  }

  private Table.Layout layout(TableName table) {
    return server
        .query(
            "SELECT engine, sorting_key, partition_key FROM system.tables WHERE database = "
                + Sql.literal(table.database())
                + " AND name = "
                + Sql.literal(table.table()))
        .stream()
        .findFirst()
        .map(
            row ->
                new Table.Layout(
                    row.getString("engine"),
                    row.getString("sorting_key"),
                    row.getString("partition_key")))
        .orElse(new Table.Layout("", "", ""));
  }

  private static Column column(GenericRecord row) {
    String type = row.getString("type");
    return new Column(
        row.getString("name"),
        TypeParser.parse(type),
        type,
        row.getString("default_kind"),
        row.getLong("in_key") != 0);
  }

  /** Tells what about a table weakens exactly-once. */
  public void tellOfDelivery(Table table) {
    check.look(table);
  }

  /** The views that are fed by what is inserted into the table, as they are now. */
  public Views views(TableName table) {
    return Views.ask(server, table);
  }

  /** Creates a table for records like this one, unless another task was faster, and looks at it. */
  public Table create(TableName table, RowChange.Write first, boolean mirror, boolean operations) {
    String sql = ddl.create(table, RowShape.of(first, mirror), mirror, operations);
    run("Table " + table.sql() + " cannot be created", sql);
    LOG.info("Created table {}", table.sql());
    if (mirror) {
      createView(table);
    }
    return find(table)
        .orElseThrow(
            () ->
                new ConnectException(
                    "Table "
                        + table.sql()
                        + " was created, but cannot be seen; grant the user SELECT on it"));
  }

  /** The record's fields that the table has no column for. */
  public static Map<String, Schema> missing(Table table, RowChange.Write change, boolean mirror) {
    Map<String, Schema> missing = new LinkedHashMap<>();
    RowShape.of(change, mirror)
        .fields()
        .forEach(
            (name, schema) -> {
              if (!table.takes(name)) {
                missing.put(name, schema);
              }
            });
    return missing;
  }

  /** Adds columns for fields, and looks at the table again. */
  public Table evolve(Table table, Map<String, Schema> fields) {
    run(
        "Columns " + fields.keySet() + " cannot be added to table " + table.name().sql(),
        ddl.addColumns(table.name(), fields));
    LOG.info("Added columns {} to table {}", fields.keySet(), table.name().sql());
    return evolved(table);
  }

  private Table evolved(Table table) {
    if (table.hasVersion() && table.hasDeleted()) {
      createView(table.name());
    }
    return find(table.name()).orElse(table);
  }

  /**
   * Gives a field's column a type that holds what the field's schema allows.
   *
   * <p>Other tasks may do so at the same time: the type is changed only if it is the one that was
   * seen, and looked at again until it holds what this and the other fields need.
   *
   * @return the table as it is now; empty where no wider type would help
   */
  public Optional<Table> widen(Table table, String column, Schema field) {
    for (int tries = 0; tries < MAX_WIDENINGS; tries++) {
      Table now = find(table.name()).orElse(table);
      Optional<Column> found =
          now.columns().stream().filter(each -> each.name().equals(column)).findFirst();
      Optional<ColumnType> wider = found.flatMap(each -> Widening.of(each, field));
      if (wider.isEmpty()) {
        return now.looksLike(table) ? Optional.empty() : Optional.of(now);
      }
      widen(now, found.get(), wider.get());
    }
    throw new ConnectException(
        "Column "
            + Sql.name(column)
            + " of table "
            + table.name().sql()
            + " was widened "
            + MAX_WIDENINGS
            + " times and is too narrow again each time: something else alters it. Alter it by hand"
            + " to a type that holds the field, or set auto.evolve to false");
  }

  private void widen(Table table, Column column, ColumnType type) {
    String named = "Column " + Sql.name(column.name()) + " of table " + table.name().sql();
    try {
      server.execute(ddl.widen(table, column, type));
    } catch (RuntimeException e) {
      if (Faults.code(e) == Faults.ARGUMENT_OUT_OF_BOUND) {
        // no longer of the type that it was seen with
        return;
      }
      tell(
          named + " cannot be widened",
          () -> {
            throw e;
          });
    }
    LOG.info("{} is {} now, and was {}", named, type.sql(), column.sqlType());
    if (table.hasVersion() && table.hasDeleted()) {
      createView(table.name());
    }
  }

  /** The schema of the record's field that goes to a column. */
  public Optional<Schema> fieldOf(
      Table table, RowChange.Write change, boolean mirror, String column) {
    return RowShape.of(change, mirror).fields().entrySet().stream()
        .filter(
            field ->
                table.columnOf(field.getKey()).filter(c -> c.name().equals(column)).isPresent())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The columns of a record's fields that would round its numbers without a word. */
  public static Map<String, Schema> rounding(Table table, RowChange.Write change, boolean mirror) {
    Map<String, Schema> rounding = new LinkedHashMap<>();
    RowShape.of(change, mirror)
        .fields()
        .forEach(
            (name, schema) ->
                table
                    .columnOf(name)
                    .filter(column -> Widening.rounds(column, schema) && !column.inKey())
                    .ifPresent(column -> rounding.put(column.name(), schema)));
    return rounding;
  }

  /** Makes the view of a mirror's present rows, if one is configured. */
  public void createView(TableName table) {
    ddl.view(table)
        .ifPresent(sql -> run("The view of table " + table.sql() + " cannot be created", sql));
  }

  /** The highest offset of a partition that the table holds. */
  public OptionalLong lastOffset(Table table, TopicPartition partition) {
    GenericRecord row =
        server
            .query(
                "SELECT count() AS rows, max("
                    + Sql.name(Metadata.OFFSET)
                    + ") AS last FROM "
                    + table.name().sql()
                    + where(partition))
            .get(0);
    return row.getLong("rows") == 0 ? OptionalLong.empty() : OptionalLong.of(row.getLong("last"));
  }

  /** The offsets of a partition that the table holds, from one on; bit 0 stands for that one. */
  public BitSet offsets(Table table, TopicPartition partition, long from, int count) {
    List<GenericRecord> rows =
        server.query(
            "SELECT DISTINCT "
                + Sql.name(Metadata.OFFSET)
                + " - "
                + from
                + " AS bit FROM "
                + table.name().sql()
                + where(partition)
                + " AND "
                + Sql.name(Metadata.OFFSET)
                + " >= "
                + from
                + " AND "
                + Sql.name(Metadata.OFFSET)
                + " < "
                + Math.addExact(from, count));
    BitSet offsets = new BitSet(count);
    rows.forEach(row -> offsets.set((int) row.getLong("bit")));
    return offsets;
  }

  private static String where(TopicPartition partition) {
    return " WHERE "
        + Sql.name(Metadata.TOPIC)
        + " = "
        + Sql.literal(partition.topic())
        + " AND "
        + Sql.name(Metadata.PARTITION)
        + " = "
        + partition.partition();
  }

  /** The greatest version that a snapshot read has in the table (they are even); 0 if none has. */
  public long lastSnapshotVersion(Table table) {
    return server
        .query(
            "SELECT max("
                + Sql.name(Metadata.VERSION)
                + ") AS last FROM "
                + table.name().sql()
                + " WHERE "
                + Sql.name(Metadata.VERSION)
                + " % 2 = 0")
        .get(0)
        .getLong("last");
  }

  /**
   * The version below which the table was emptied for good, as a comment on the version's column
   * tells; 0 if it never was.
   */
  public long emptiedBelow(Table table) {
    return Emptied.below(versionComment(table));
  }

  /**
   * Leaves word in the table that what is below a version was emptied out, for those that come with
   * such rows later: other tasks, and this one after a restart.
   */
  public void tellEmptied(Table table, long version) {
    String comment = versionComment(table);
    if (Emptied.below(comment) >= version) {
      return;
    }
    try {
      server.execute(ddl.comment(table.name(), Metadata.VERSION, Emptied.with(comment, version)));
    } catch (RuntimeException e) {
      if (Faults.code(e) != Faults.ACCESS_DENIED) {
        throw e;
      }
      LOG.warn(
          "The user may not comment on columns of table {}, so that a TRUNCATE is not remembered"
              + " there: older rows that another task reads later, or this one after a restart,"
              + " could come back. GRANT ALTER COMMENT COLUMN on the table to the user",
          table.name().sql());
    }
  }

  private String versionComment(Table table) {
    return server
        .query(
            "SELECT comment FROM system.columns WHERE database = "
                + Sql.literal(table.name().database())
                + " AND table = "
                + Sql.literal(table.name().table())
                + " AND name = "
                + Sql.literal(Metadata.VERSION))
        .stream()
        .findFirst()
        .map(row -> row.getString("comment"))
        .orElse("");
  }

  /** Whether the table holds a row with a version below the given one. */
  public boolean holdsBelow(Table table, long version) {
    return !server
        .query(
            "SELECT 1 AS found FROM "
                + table.name().sql()
                + " WHERE "
                + Sql.name(Metadata.VERSION)
                + " < "
                + version
                + " LIMIT 1")
        .isEmpty();
  }

  /** Takes away the rows with a version below the given one. */
  public void truncate(Table table, long version) {
    server.execute(
        "DELETE FROM "
            + table.name().sql()
            + " WHERE "
            + Sql.name(Metadata.VERSION)
            + " < "
            + version);
  }

  private void run(String failure, String sql) {
    tell(
        failure,
        () -> {
          server.execute(sql);
          return null;
        });
  }

  /** A statement that the server refuses for good shows no data: its message can be told. */
  private static <T> T tell(String failure, Supplier<T> action) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      if (Faults.classify(e) == Fault.RETRY) {
        throw e;
      }
      throw new ConnectException(failure + ": " + e.getMessage(), e);
    }
  }
}
