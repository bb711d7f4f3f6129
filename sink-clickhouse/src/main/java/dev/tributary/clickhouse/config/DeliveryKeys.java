package dev.tributary.clickhouse.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** When rows are inserted, and what is done when that fails. */
final class DeliveryKeys {
  /** More rows in one insert would be cut into several blocks, and so not be written at once. */
  static final int MAX_ROWS = 1_000_000;

  private DeliveryKeys() {}

  static void define(ConfigDef def) {
    KeyGroup keys = new KeyGroup(def, "Delivery");
    keys.add(
        SinkConfig.FLUSH_ROWS,
        ConfigDef.Type.INT,
        100_000,
        ConfigDef.Range.between(1, MAX_ROWS),
        Importance.MEDIUM,
        Width.MEDIUM,
        "Rows per insert",
        "Rows of one table after which they are inserted. While an insert is under way, more of them"
            + " come together behind it, up to a million, or as many as flush.bytes lets in.");
    keys.add(
        SinkConfig.FLUSH_BYTES,
        ConfigDef.Type.LONG,
        67_108_864L,
        ConfigDef.Range.between(1_024L, 1_073_741_824L),
        Importance.MEDIUM,
        Width.MEDIUM,
        "Bytes held",
        "Bytes of rows (RowBinary, not compressed) that a task holds for all its tables, those being"
            + " inserted included; at this many, the fullest is inserted, and no more are taken in"
            + " until there is room.");
    keys.add(
        SinkConfig.FLUSH_MS,
        ConfigDef.Type.LONG,
        1_000L,
        ConfigDef.Range.between(1L, 3_600_000L),
        Importance.MEDIUM,
        Width.SHORT,
        "Longest wait (ms)",
        "Milliseconds after which held rows are inserted, however few.");
    keys.add(
        SinkConfig.INSERT_THREADS,
        ConfigDef.Type.INT,
        2,
        ConfigDef.Range.between(1, 64),
        Importance.MEDIUM,
        Width.SHORT,
        "Inserts at once",
        "Inserts that a task has under way at once, into different tables. While they run, the task"
            + " goes on taking in records.");
    keys.add(
        SinkConfig.LANES_PER_TABLE,
        ConfigDef.Type.INT,
        1,
        ConfigDef.Range.between(1, 64),
        Importance.LOW,
        Width.SHORT,
        "Inserts at once per table",
        "Inserts that a task has under way at once into one table. With more than one, Kafka"
            + " partitions are dealt out to as many lanes, each with rows and inserts of its own; one"
            + " partition's rows stay in order.");
    keys.add(
        SinkConfig.INSERT_GUARD,
        ConfigDef.Type.BOOLEAN,
        true,
        KeyGroup.ANY,
        Importance.MEDIUM,
        Width.SHORT,
        "Guard inserts",
        "Whether an insert into an append table with _topic, _partition and _offset leaves out what"
            + " the table holds by the time it runs, and waits for other inserts of the same Kafka"
            + " partitions, so that a task that lost them in a rebalance cannot write rows twice."
            + " The server reads the table's offsets for it, which is cheap where _topic, _partition,"
            + " _offset lead the sorting key or have a skipping index.");
    keys.add(
        SinkConfig.RETRY_BACKOFF_MS,
        ConfigDef.Type.LONG,
        200L,
        ConfigDef.Range.between(1L, 3_600_000L),
        Importance.LOW,
        Width.SHORT,
        "First retry (ms)",
        "Longest wait in milliseconds before the first retry; doubled with every further one.");
    keys.add(
        SinkConfig.RETRY_BACKOFF_MAX_MS,
        ConfigDef.Type.LONG,
        10_000L,
        ConfigDef.Range.between(1L, 3_600_000L),
        Importance.LOW,
        Width.SHORT,
        "Longest retry wait (ms)",
        "Longest wait in milliseconds before any retry. Retries go on until ClickHouse answers.");
  }
}
