package dev.tributary.redis.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** How records are written once and in order, and what deletes do. */
public final class DeliveryKeys {
  public static final String BATCH_SIZE = "redis.batch.size";
  public static final String VERSION = "redis.version";
  public static final String VERSION_FROM = "redis.version.from";
  public static final String VERSION_FIELD = "redis.version.field";
  public static final String OFFSETS = "redis.offsets";
  public static final String OFFSETS_KEY = "redis.offsets.key";
  public static final String DELETE_ENABLED = "redis.delete.enabled";
  public static final String DELETE_TOMBSTONES = "redis.delete.tombstones";
  public static final String DELETE_MARKER_TTL = "redis.delete.marker.ttl";
  public static final String WAIT_REPLICAS = "redis.wait.replicas";
  public static final String WAIT_TIMEOUT = "redis.wait.timeout";
  public static final String RETRY_BACKOFF_MS = "redis.retry.backoff.ms";
  public static final String RETRY_BACKOFF_MAX_MS = "redis.retry.backoff.max.ms";

  private DeliveryKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Delivery");
    keys.number(
        BATCH_SIZE,
        1000,
        1,
        1_000_000,
        MEDIUM,
        "Batch size",
        "How many records go to the server in one pipeline at most.");
    keys.choice(
        VERSION,
        VersionMode.POSITION,
        MEDIUM,
        "Version",
        "What makes a repeated or late record harmless to a HASH. position: the hash carries the"
            + " offset of the last record that this connector wrote to it, for each topic and"
            + " partition, and a record at or before it changes nothing. field: it carries the"
            + " number in redis.version.from, and a record with a lesser one changes nothing,"
            + " whichever partition it comes from. none: every record is written as it comes.");
    keys.text(
        VERSION_FROM,
        "source.lsn",
        Validators.parsedBy("a field path such as source.lsn", FieldPath::parse),
        LOW,
        Width.MEDIUM,
        "Version from",
        "The field that versions come from with redis.version=field: a whole number from 0 on that"
            + " rises with each change of a row. Tombstones, which have no field, do nothing then;"
            + " deletes come from change events.");
    keys.text(
        VERSION_FIELD,
        "__v",
        Validators.of("a name without ':'", DeliveryKeys::checkVersionField),
        LOW,
        Width.SHORT,
        "Version field",
        "What the names of the fields begin with that carry the versions. A hash that connector"
            + " features wrote from topic orders, partition 3, has a field __v:features:orders-3."
            + " Set another name to write a topic again from its start on purpose, or after it was"
            + " deleted and made anew.");
    keys.choice(
        OFFSETS,
        OffsetStorage.REDIS,
        MEDIUM,
        "Offsets",
        "Where the sink keeps how far it has come, for all types but HASH, which has versions."
            + " redis: in Redis, in one step with the data, so that every record is written once;"
            + " the sink takes up there. kafka: in Kafka alone, so that records may be written"
            + " again after a crash.");
    keys.text(
        OFFSETS_KEY,
        "__tributary:offsets",
        Validators.notBlank(),
        LOW,
        Width.MEDIUM,
        "Offsets key",
        "What the key of the hash begins with that holds the offsets; behind it comes the name of"
            + " the connector (and, in a cluster, the slot), and each topic's partition has a field"
            + " such as orders-3. It must not be evicted. Set another one to write topics again from"
            + " their start on purpose.");
    keys.bool(
        DELETE_ENABLED,
        true,
        MEDIUM,
        "Deletes",
        "Whether a tombstone and a delete of a CDC topic delete. If not, they do nothing. A STREAM"
            + " gets an entry and a channel a message with __deleted=true for them.");
    keys.bool(
        DELETE_TOMBSTONES,
        true,
        LOW,
        "Tombstones",
        "Whether tombstones delete too. Where every tombstone follows a delete of the same row, as"
            + " Debezium sends them, they are of no use, and a STREAM need not tell each delete"
            + " twice.");
    keys.text(
        DELETE_MARKER_TTL,
        "5m",
        SecondsOrDuration.orNone(),
        LOW,
        Width.SHORT,
        "Delete marker TTL",
        "How long a deleted hash keeps its version field, and nothing else, so that a late older"
            + " write does not bring it back; in seconds or as a duration. Empty or 0: the key goes"
            + " at once.");
    keys.number(
        WAIT_REPLICAS,
        0,
        0,
        100,
        LOW,
        "Replicas to wait for",
        "How many replicas must have a batch before it counts as written (WAIT). 0: none.");
    keys.text(
        WAIT_TIMEOUT,
        "1000",
        Validators.parsedBy(
            "milliseconds, or a duration such as 1s",
            text -> {
              if (RedisSinkConfig.millisOrDuration(text).isZero()) {
                throw new IllegalArgumentException("must be more than zero");
              }
            }),
        LOW,
        Width.SHORT,
        "Wait for replicas",
        "How long to wait for redis.wait.replicas, in milliseconds or as a duration, before the"
            + " batch is sent again.");
    keys.longNumber(
        RETRY_BACKOFF_MS,
        200L,
        "First retry after (ms)",
        "The wait before a batch is sent again when the server is away; doubled with each attempt,"
            + " with jitter.");
    keys.longNumber(
        RETRY_BACKOFF_MAX_MS,
        10_000L,
        "Longest retry wait (ms)",
        "The longest wait before a batch is sent again. Attempts go on for ever.");
  }

  private static void checkVersionField(String name, Object value) {
    if (value.toString().isBlank() || value.toString().indexOf(':') >= 0) {
      throw new ConfigException(name, value, "must be a name without ':', such as __v");
    }
  }
}
