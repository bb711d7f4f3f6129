package dev.tributary.postgres.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Keys of Debezium's that are not ours: older names of keys that are, those that have no effect
 * here, and those that would change the records, which are refused.
 */
public final class CompatibleKeys {
  private static final Map<String, String> OLD_NAMES =
      Map.ofEntries(
          Map.entry("database.server.name", OutputKeys.TOPIC_PREFIX),
          Map.entry("table.whitelist", FilterKeys.TABLE_INCLUDE),
          Map.entry("table.blacklist", FilterKeys.TABLE_EXCLUDE),
          Map.entry("schema.whitelist", FilterKeys.SCHEMA_INCLUDE),
          Map.entry("schema.blacklist", FilterKeys.SCHEMA_EXCLUDE),
          Map.entry("column.whitelist", FilterKeys.COLUMN_INCLUDE),
          Map.entry("column.blacklist", FilterKeys.COLUMN_EXCLUDE),
          Map.entry("toasted.value.placeholder", TypeKeys.PLACEHOLDER),
          Map.entry("slot.drop_on_stop", ReplicationKeys.SLOT_DROP_ON_STOP),
          Map.entry("heartbeat.topics.prefix", OutputKeys.HEARTBEAT_PREFIX),
          Map.entry("transaction.topic", OutputKeys.TRANSACTION_TOPIC));

  private static final Pattern NO_EFFECT =
      Pattern.compile(
          "(database\\.history|schema\\.history\\.internal|internal|memory\\.management|openlineage"
              + "|notification|incremental\\.snapshot|signal|snapshot\\.mode\\.configuration\\.based)"
              + "\\..*");

  private static final Set<String> KNOWN_WITHOUT_EFFECT =
      Set.of(
          "connection.validation.timeout.ms",
          "custom.metric.tags",
          "custom.sanitize.pattern",
          "database.query.timeout.ms",
          "database.tcpKeepAlive",
          "errors.retry.delay.max.ms",
          "event.converting.failure.handling.mode",
          "event.processing.failure.handling.mode",
          "executor.shutdown.timeout.ms",
          "flush.lsn.source",
          "guardrail.collections.limit.action",
          "guardrail.collections.max",
          "include.schema.changes",
          "include.schema.comments",
          "legacy.snapshot.max.threads",
          "lsn.flush.mode",
          "lsn.flush.timeout.action",
          "lsn.flush.timeout.ms",
          "offset.mismatch.strategy",
          "poll.dispatch.interval.ms",
          "provide.transaction.metadata.factory",
          "query.fetch.size",
          "queue.provider.type",
          "read.only",
          "retriable.restart.connector.wait.ms",
          "schema.refresh.mode",
          "slot.failover",
          "slot.stream.params",
          "snapshot.delay.ms",
          "snapshot.isolation.mode",
          "snapshot.lock.timeout.ms",
          "snapshot.locking.mode",
          "snapshot.max.threads.multiplier",
          "snapshot.query.mode",
          "snapshot.tables.order.by.row.count",
          "statistics.metrics.enabled",
          "streaming.delay.ms",
          "table.ignore.builtin",
          "xmin.fetch.interval.ms");

  /** Keys that would change the records, with the values that leave them as they are. */
  private static final Map<String, Set<String>> REFUSED =
      Map.of(
          "converters", Set.of(""),
          "post.processors", Set.of(""),
          "topic.naming.strategy",
              Set.of(
                  "",
                  "io.debezium.schema.SchemaTopicNamingStrategy",
                  "io.debezium.schema.DefaultTopicNamingStrategy"),
          "sourceinfo.struct.maker",
              Set.of("", "io.debezium.connector.postgresql.PostgresSourceInfoStructMaker"),
          "transaction.metadata.factory",
              Set.of("", "io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory"),
          "xmin.fetch.interval.ms", Set.of("", "0"),
          "snapshot.query.mode", Set.of("", "select_all"),
          "replica.identity.autoset.values", Set.of(""),
          "database.initial.statements", Set.of(""));

  private CompatibleKeys() {}

  /** The settings under the names that they have today. A name of today wins over an older one. */
  public static Map<String, String> renamed(Map<String, String> properties) {
    Map<String, String> today = new HashMap<>(properties);
    OLD_NAMES.forEach(
        (old, name) -> {
          String value = today.remove(old);
          if (value != null) {
            today.putIfAbsent(name, value);
          }
        });
    if ("exported".equalsIgnoreCase(today.get(SnapshotKeys.SNAPSHOT_MODE))) {
      today.put(SnapshotKeys.SNAPSHOT_MODE, "initial");
    }
    String sanitize = today.remove("sanitize.field.names");
    if (Boolean.parseBoolean(sanitize)) {
      today.putIfAbsent(OutputKeys.FIELD_NAMES, "avro");
    }
    return today;
  }

  /** What to tell of settings that are accepted under other names, or that have no effect. */
  public static List<String> warnings(Map<String, String> properties) {
    Map<String, String> warnings = new TreeMap<>();
    properties
        .keySet()
        .forEach(key -> warning(key, properties).ifPresent(text -> warnings.put(key, text)));
    return List.copyOf(warnings.values());
  }

  private static Optional<String> warning(String key, Map<String, String> properties) {
    String name = OLD_NAMES.get(key);
    if (name != null) {
      return Optional.of(
          properties.containsKey(name)
              ? key + " is an older name of " + name + ", which is set too: it has no effect"
              : key + " is an older name of " + name + "; it is read as that");
    }
    if (key.equals(SnapshotKeys.SNAPSHOT_MODE)
        && "exported".equalsIgnoreCase(properties.get(key))) {
      return Optional.of(key + "=exported is read as initial, which reads on an exported snapshot");
    }
    if (key.equals("sanitize.field.names")) {
      return Optional.of(key + " is an older form of " + OutputKeys.FIELD_NAMES + "=avro");
    }
    if (OutputKeys.OF_ROWS.contains(key)
        && !"row".equalsIgnoreCase(properties.get(OutputKeys.FORMAT))) {
      return Optional.of(key + " has an effect with " + OutputKeys.FORMAT + "=row only");
    }
    boolean known = PgSourceConfig.CONFIG_DEF.names().contains(key);
    boolean without = KNOWN_WITHOUT_EFFECT.contains(key) || NO_EFFECT.matcher(key).matches();
    return !known && without
        ? Optional.of(key + " is a setting of Debezium's connector that has no effect here")
        : Optional.empty();
  }

  /** What is wrong with settings that would change the records in a way that is not supported. */
  public static Map<String, String> refused(Map<String, String> properties) {
    Map<String, String> refused = new TreeMap<>();
    REFUSED.forEach(
        (key, harmless) -> {
          String value = properties.get(key);
          if (value != null
              && !PgSourceConfig.CONFIG_DEF.names().contains(key)
              && !harmless.contains(value.strip())) {
            refused.put(
                key,
                key
                    + " would change the records or the session, and is not supported: remove it"
                    + hint(key));
          }
        });
    return refused;
  }

  private static String hint(String key) {
    return switch (key.toLowerCase(Locale.ROOT)) {
      case "converters", "post.processors" -> ", and convert with a transform (transforms=...)";
      case "topic.naming.strategy" ->
          ", and name topics with topic.prefix and topic.delimiter or a RegexRouter transform";
      case "replica.identity.autoset.values" ->
          ", and set it once with ALTER TABLE ... REPLICA IDENTITY";
      default -> "";
    };
  }
}
