package dev.tributary.clickhouse.config;

import dev.tributary.common.config.Validators;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

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
        "none",
        List.of("none", "json", "csv", "tsv"),
        Importance.LOW,
        "Insert format",
        "Rows are always sent as RowBinary. Only with 'customInsertFormat' does another value say"
            + " that the records are texts in that format, which this connector does not read.");
    keys.add(
        SinkConfig.CUSTOM_INSERT_FORMAT,
        ConfigDef.Type.BOOLEAN,
        false,
        Validators.of("false", PeerKeys::refuseTrue),
        Importance.LOW,
        Width.SHORT,
        "Custom insert format",
        "Must be false: records are objects (JSON, Avro, Protobuf), not lines of text.");
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

  private static void refuseTrue(String name, Object value) {
    if (Boolean.TRUE.equals(value)) {
      throw new ConfigException(
          name,
          value,
          "records that are lines of text are not read; set a converter that makes objects of them,"
              + " such as JsonConverter, and leave this key out");
    }
  }
}
