package dev.tributary.clickhouse.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** Keys of clickhouse-kafka-connect whose work is done otherwise here. */
final class PeerKeys {
  private PeerKeys() {}

  static void define(ConfigDef def) {
    KeyGroup keys = new KeyGroup(def, "Compatibility");
    keys.add(
        SinkConfig.BUFFER_COUNT,
        ConfigDef.Type.INT,
        0,
        ConfigDef.Range.atLeast(0),
        Importance.LOW,
        Width.SHORT,
        "Buffer count",
        "clickhouse-kafka-connect's name of 'flush.rows'; taken in its place where it is not 0.");
    keys.add(
        SinkConfig.BUFFER_FLUSH_TIME,
        ConfigDef.Type.LONG,
        0L,
        ConfigDef.Range.atLeast(0L),
        Importance.LOW,
        Width.SHORT,
        "Buffer flush time (ms)",
        "clickhouse-kafka-connect's name of 'flush.ms'; taken in its place where it is not 0.");
    keys.add(
        SinkConfig.INSERT_FORMAT,
        InsertFormat.NONE,
        Importance.LOW,
        "Insert format",
        "With 'customInsertFormat', what the lines of text are: JSON objects (also with none), or"
            + " values in the order of the table's columns, as in ClickHouse's CSV or TSV: \\N is"
            + " null, an empty value is left to the column. Without it of no effect. Rows are always"
            + " sent as RowBinary.");
    keys.add(
        SinkConfig.CUSTOM_INSERT_FORMAT,
        ConfigDef.Type.BOOLEAN,
        false,
        KeyGroup.ANY,
        Importance.LOW,
        Width.SHORT,
        "Custom insert format",
        "Whether values that are texts (of StringConverter or ByteArrayConverter) are read as rows,"
            + " one in each record; see 'insertFormat'.");
    ignored(keys, "exactlyOnce", "Rows are written once whatever it says, and without Keeper.");
    ignored(keys, "zkPath", "No Keeper is asked.");
    ignored(keys, "zkDatabase", "No Keeper is asked.");
    ignored(keys, "keeperOnCluster", "No Keeper is asked.");
    ignored(keys, "retryCount", "Retries go on until ClickHouse answers.");
    ignored(keys, "clientVersion", "There is one client.");
    ignored(keys, "bypassRowBinary", "Missing columns take their DEFAULT in RowBinary as well.");
    ignored(keys, "bypassSchemaValidation", "Every value is checked against its column.");
    ignored(keys, "bypassFieldCleanup", "See 'extra.fields'.");
    ignored(keys, "tolerateStateMismatch", "What the table holds already is always passed over.");
    ignored(
        keys, "ignorePartitionsWhenBatching", "Partitions always share the inserts of a table.");
    ignored(keys, "reportInsertedOffsets", "Offsets are reported once they are written.");
  }

  private static void ignored(KeyGroup keys, String name, String why) {
    keys.add(
        name,
        ConfigDef.Type.STRING,
        "",
        KeyGroup.ANY,
        Importance.LOW,
        Width.SHORT,
        name,
        "Taken from a config of clickhouse-kafka-connect, and without effect. " + why);
  }
}
