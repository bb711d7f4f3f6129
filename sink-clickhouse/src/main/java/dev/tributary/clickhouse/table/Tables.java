package dev.tributary.clickhouse.table;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.record.RowChange;
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

  private final ClickHouse server;
  private final Ddl ddl;

  public Tables(ClickHouse server, SinkConfig config) {
    this.server = server;
    this.ddl = new Ddl(config);
  }

  /** The table, or empty if there is none of that name. */
  public Optional<Table> find(String table) {
    List<GenericRecord> rows =
        server.query(
            "SELECT name, type, default_kind FROM system.columns WHERE database = "
                + Sql.literal(server.database())
                + " AND table = "
                + Sql.literal(table)
                + " ORDER BY position");
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Table(table, rows.stream().map(Tables::column).toList(), insertsWhole(table)));
  }

  private boolean insertsWhole(String table) {
    return !server
        .query(
            "SELECT name FROM system.tables WHERE database = "
                + Sql.literal(server.database())
                + " AND name = "
                + Sql.literal(table)
                + " AND engine LIKE '%MergeTree' AND partition_key = ''")
        .isEmpty();
  }

  private static Column column(GenericRecord row) {
    String type = row.getString("type");
    return new Column(
        row.getString("name"), TypeParser.parse(type), type, row.getString("default_kind"));
  }

  /** Creates a table for records like this one, unless another task was faster, and looks at it. */
  public Table create(String table, RowChange.Write first, boolean mirror, boolean operations) {
    String sql = ddl.create(table, RowShape.of(first, mirror), mirror, operations);
    run("Table " + Sql.name(server.database(), table) + " cannot be created", sql);
    LOG.info("Created table {}", Sql.name(server.database(), table));
    return find(table)
        .orElseThrow(
            () ->
                new ConnectException(
                    "Table "
                        + Sql.name(server.database(), table)
                        + " was created, but cannot be seen; grant the user SELECT on it"));
  }

  /** The record's fields that the table has no column for. */
  public static Map<String, Schema> missing(Table table, RowChange.Write change, boolean mirror) {
    Map<String, Schema> missing = new LinkedHashMap<>();
    RowShape.of(change, mirror)
        .fields()
        .forEach(
            (name, schema) -> {
              if (table.columns().stream().noneMatch(column -> column.name().equals(name))) {
                missing.put(name, schema);
              }
            });
    return missing;
  }

  /** Adds columns for fields, and looks at the table again. */
  public Table evolve(Table table, Map<String, Schema> fields) {
    run(
        "Columns "
            + fields.keySet()
            + " cannot be added to table "
            + Sql.name(server.database(), table.name()),
        ddl.addColumns(table.name(), fields));
    LOG.info(
        "Added columns {} to table {}", fields.keySet(), Sql.name(server.database(), table.name()));
    return find(table.name()).orElse(table);
  }

  /** The highest offset of a partition that the table holds. */
  public OptionalLong lastOffset(Table table, TopicPartition partition) {
    GenericRecord row =
        server
            .query(
                "SELECT count() AS rows, max("
                    + Sql.name(Metadata.OFFSET)
                    + ") AS last FROM "
                    + Sql.name(server.database(), table.name())
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
                + Sql.name(server.database(), table.name())
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
                + Sql.name(server.database(), table.name())
                + " WHERE "
                + Sql.name(Metadata.VERSION)
                + " % 2 = 0")
        .get(0)
        .getLong("last");
  }

  /** Takes away the rows with a version below the given one. */
  public void truncate(Table table, long version) {
    server.execute(
        "DELETE FROM "
            + Sql.name(server.database(), table.name())
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
