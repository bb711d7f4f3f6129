package dev.tributary.redis.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import dev.tributary.common.config.Validators;
import dev.tributary.common.error.Backoff;
import dev.tributary.common.event.Unavailable;
import dev.tributary.redis.command.HashCommands;
import dev.tributary.redis.encode.FieldSelection;
import dev.tributary.redis.encode.HashMode;
import dev.tributary.redis.encode.KeyTemplate;
import dev.tributary.redis.encode.NullValues;
import dev.tributary.redis.encode.RecordEncoder;
import dev.tributary.redis.encode.TimeFormat;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * The sink's settings. Names are those of redis-kafka-connect where the idea is the same.
 *
 * <p>Longer than most classes here, as every key is described in this one place.
 */
public final class RedisSinkConfig extends AbstractConfig {
  public static final String URI = "redis.uri";
  public static final String USERNAME = "redis.username";
  public static final String PASSWORD = "redis.password";
  public static final String TIMEOUT = "redis.timeout";
  public static final String CONNECT_TIMEOUT = "redis.connect.timeout";
  public static final String TYPE = "redis.type";
  public static final String KEY = "redis.key";
  public static final String KEYSPACE = "redis.keyspace";
  public static final String SEPARATOR = "redis.separator";
  public static final String KEY_TTL = "redis.key.ttl";
  public static final String HASH_MODE = "redis.hash.mode";
  public static final String FIELDS_INCLUDE = "fields.include";
  public static final String FIELDS_EXCLUDE = "fields.exclude";
  public static final String NULL_VALUES = "null.values";
  public static final String TIME_FORMAT = "redis.time.format";
  public static final String UNAVAILABLE = "unavailable.value.placeholder";
  public static final String BATCH_SIZE = "redis.batch.size";
  public static final String VERSION = "redis.version";
  public static final String VERSION_FIELD = "redis.version.field";
  public static final String DELETE_ENABLED = "redis.delete.enabled";
  public static final String DELETE_MARKER_TTL = "redis.delete.marker.ttl";
  public static final String RETRY_BACKOFF_MS = "redis.retry.backoff.ms";
  public static final String RETRY_BACKOFF_MAX_MS = "redis.retry.backoff.max.ms";

  /** Connect's own key, which every connector and task is given. */
  private static final String CONNECTOR_NAME = "name";

  private static final String CONNECTION = "Connection";
  private static final String TARGET = "Target";
  private static final String DELIVERY = "Delivery";

  /** All keys of the sink's own. */
  public static final ConfigDef CONFIG_DEF = new Definition().build();

  /**
   * Reads settings. They are not logged, as {@code redis.uri} may hold a password.
   *
   * @throws ConfigException if one is wrong
   */
  public RedisSinkConfig(Map<String, String> properties) {
    super(CONFIG_DEF, properties, false);
    for (Problem problem : problems()) {
      throw new ConfigException(problem.key(), problem.value(), problem.message());
    }
  }

  /**
   * What is wrong between keys that are each right by themselves.
   *
   * @param key the key to show it at
   */
  public record Problem(String key, Object value, String message) {}

  /** What is wrong between keys, for settings whose single keys are right. */
  public static List<Problem> problemsOf(Map<String, String> properties) {
    return new RedisSinkConfig(properties, false).problems();
  }

  private RedisSinkConfig(Map<String, String> properties, boolean doLog) {
    super(CONFIG_DEF, properties, doLog);
  }

  private List<Problem> problems() {
    long first = getLong(RETRY_BACKOFF_MS);
    long max = getLong(RETRY_BACKOFF_MAX_MS);
    if (max < first) {
      return List.of(
          new Problem(
              RETRY_BACKOFF_MAX_MS,
              max,
              "must not be less than " + RETRY_BACKOFF_MS + ", which is " + first));
    }
    return List.of();
  }

  /** Where the server is; user and password of their own keys come before those in the URI. */
  public RedisAddress address() {
    Password password = getPassword(PASSWORD);
    return RedisAddress.parse(getString(URI))
        .withLogin(
            Optional.of(getString(USERNAME)).filter(name -> !name.isBlank()),
            Optional.of(password.value()).filter(value -> !value.isEmpty()));
  }

  /** How long a reply may take. */
  public Duration timeout() {
    return SecondsOrDuration.parse(getString(TIMEOUT));
  }

  /** How long a connection may take to come about. */
  public Duration connectTimeout() {
    return SecondsOrDuration.parse(getString(CONNECT_TIMEOUT));
  }

  /** A new encoder of records, for one task. */
  public RecordEncoder encoder() {
    return new RecordEncoder(
        keyTemplate(),
        getBoolean(DELETE_ENABLED),
        Validators.constant(HashMode.class, getString(HASH_MODE)),
        Validators.constant(NullValues.class, getString(NULL_VALUES)),
        new FieldSelection(
            Set.copyOf(getList(FIELDS_INCLUDE)), Set.copyOf(getList(FIELDS_EXCLUDE))),
        Validators.constant(TimeFormat.class, getString(TIME_FORMAT)),
        new Unavailable(getString(UNAVAILABLE)));
  }

  /** The commands that make changes, for one task. */
  public HashCommands commands() {
    Duration ttl = SecondsOrDuration.parseOrNone(getString(KEY_TTL));
    return Validators.constant(VersionMode.class, getString(VERSION)) == VersionMode.NONE
        ? HashCommands.unversioned(ttl)
        : HashCommands.versioned(
            getString(VERSION_FIELD),
            originalsStrings().getOrDefault(CONNECTOR_NAME, ""),
            ttl,
            SecondsOrDuration.parseOrNone(getString(DELETE_MARKER_TTL)));
  }

  /** How many records go in one pipeline at most. */
  public int batchSize() {
    return getInt(BATCH_SIZE);
  }

  /** The waits between attempts. */
  public Backoff backoff() {
    return new Backoff(
        Duration.ofMillis(getLong(RETRY_BACKOFF_MS)),
        Duration.ofMillis(getLong(RETRY_BACKOFF_MAX_MS)));
  }

  private KeyTemplate keyTemplate() {
    String separator = getString(SEPARATOR);
    String key = getString(KEY);
    if (!key.isBlank()) {
      return KeyTemplate.parse(key, separator);
    }
    String keyspace = getString(KEYSPACE);
    return KeyTemplate.parse(
        keyspace.isBlank() ? "${key}" : keyspace + separator.replace("$", "$$") + "${key}",
        separator);
  }

  private static void checkType(String name, Object value) {
    RedisType type;
    try {
      type = RedisType.valueOf(value.toString().trim().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(name, value, "is no data type of Redis; set HASH");
    }
    if (!type.isSupported()) {
      throw new ConfigException(name, value, "is not supported yet; set HASH");
    }
  }

  /** Leaves the value out of the message, as it may hold a password. */
  private static void checkUri(String name, Object value) {
    try {
      RedisAddress.parse(value.toString());
    } catch (IllegalArgumentException e) {
      // without the cause, which is all in the message
      throw new ConfigException("Invalid value for configuration " + name + ": " + e.getMessage());
    }
  }

  private static ConfigDef.Validator template(String description) {
    return Validators.parsedBy(
        description,
        text -> {
          if (!text.isBlank()) {
            KeyTemplate.parse(text, "");
          }
        });
  }

  private static void checkVersionField(String name, Object value) {
    if (value.toString().isBlank() || value.toString().indexOf(':') >= 0) {
      throw new ConfigException(name, value, "must be a name without ':', such as __v");
    }
  }

  /** Counts the keys of each group. */
  private static final class Definition {
    private final ConfigDef def = new ConfigDef();
    private String group;
    private int order;

    ConfigDef build() {
      connection();
      target();
      delivery();
      return def;
    }

    private void connection() {
      group(CONNECTION);
      text(
          URI,
          "redis://localhost:6379",
          Validators.of("redis://user:password@host:port/database", RedisSinkConfig::checkUri),
          HIGH,
          Width.LONG,
          "Server",
          "The server to write to: redis://host:port, or rediss://host:port for TLS. A user, a"
              + " password and the number of a database may be part of it:"
              + " redis://user:password@host:port/2.");
      text(
          USERNAME,
          "",
          null,
          MEDIUM,
          Width.MEDIUM,
          "User",
          "The ACL user; it comes before a user in redis.uri. Empty for the default user.");
      define(
          PASSWORD,
          ConfigDef.Type.PASSWORD,
          new Password(""),
          null,
          MEDIUM,
          Width.MEDIUM,
          "Password",
          "The password; it comes before a password in redis.uri. Empty for none.",
          List.of());
      text(
          TIMEOUT,
          "10s",
          SecondsOrDuration.timeout(),
          LOW,
          Width.SHORT,
          "Timeout",
          "How long a reply may take, in seconds or as a duration, before the connection counts as"
              + " lost and is made anew.");
      text(
          CONNECT_TIMEOUT,
          "5s",
          SecondsOrDuration.timeout(),
          LOW,
          Width.SHORT,
          "Connect timeout",
          "How long a connection may take to come about, in seconds or as a duration.");
    }

    private void target() {
      group(TARGET);
      define(
          TYPE,
          ConfigDef.Type.STRING,
          "HASH",
          Validators.of("HASH", RedisSinkConfig::checkType),
          HIGH,
          Width.SHORT,
          "Data type",
          "What a record becomes. HASH: a hash with the fields of the record's row.",
          List.of("HASH"));
      text(
          KEY,
          "",
          template("a key template such as user_features:${user_id}"),
          HIGH,
          Width.LONG,
          "Key",
          "Template of the Redis key, such as user_features:${user_id} or ${topic}:${key}. ${name}"
              + " is a field of the row, else of the record's key; ${key}, ${key.name}, ${topic},"
              + " ${partition}, ${offset} and ${header.name} are of the record; $$ is a dollar"
              + " sign. Empty: made of redis.keyspace, redis.separator and the record's key.");
      text(
          KEYSPACE,
          "${topic}",
          template("a key template such as ${topic}"),
          MEDIUM,
          Width.MEDIUM,
          "Keyspace",
          "What the Redis key begins with, where redis.key is not set; after it come"
              + " redis.separator and the record's key. Empty: the record's key alone.");
      text(
          SEPARATOR,
          ":",
          null,
          LOW,
          Width.SHORT,
          "Separator",
          "What stands between the keyspace and the record's key, and between the fields of a key"
              + " that has several.");
      text(
          KEY_TTL,
          "",
          SecondsOrDuration.orNone(),
          MEDIUM,
          Width.SHORT,
          "TTL",
          "How long a key lives after the last write to it, in seconds or as a duration such as"
              + " 30m or 7d; set in one step with the write. Empty or -1: for ever.");
      choice(
          HASH_MODE,
          HashMode.MERGE,
          MEDIUM,
          "Hash mode",
          "What becomes of fields that the hash has and the record does not. merge: they stay."
              + " replace: they go.");
      define(
          FIELDS_INCLUDE,
          ConfigDef.Type.LIST,
          List.of(),
          null,
          MEDIUM,
          Width.LONG,
          "Fields to write",
          "The fields of the row that become fields of the hash. Empty: all.",
          List.of());
      define(
          FIELDS_EXCLUDE,
          ConfigDef.Type.LIST,
          List.of(),
          null,
          MEDIUM,
          Width.LONG,
          "Fields not to write",
          "Fields of the row that do not become fields of the hash.",
          List.of());
      choice(
          NULL_VALUES,
          NullValues.DELETE,
          MEDIUM,
          "Nulls",
          "What a null in the row does to the field of the hash. delete: the field goes. empty: it"
              + " becomes an empty string. skip: it stays as it is.");
      choice(
          TIME_FORMAT,
          TimeFormat.ISO,
          LOW,
          "Times",
          "How Connect's and Debezium's dates and times are written. iso:"
              + " 2026-11-20T10:15:30.123456Z. epoch-ms: milliseconds since 1970-01-01 UTC.");
      text(
          UNAVAILABLE,
          Unavailable.DEFAULT,
          null,
          LOW,
          Width.MEDIUM,
          "Placeholder of unknown values",
          "What the source writes in place of an unchanged large value (TOAST) that Postgres did"
              + " not send. In hash mode merge such a field stays as it is; in mode replace the"
              + " record is rejected, as the value would be lost. REPLICA IDENTITY FULL on the"
              + " source table makes Postgres send it. Empty: the placeholder is written like any"
              + " value.");
    }

    private void delivery() {
      group(DELIVERY);
      define(
          BATCH_SIZE,
          ConfigDef.Type.INT,
          1000,
          ConfigDef.Range.between(1, 1_000_000),
          MEDIUM,
          Width.SHORT,
          "Batch size",
          "How many records go to the server in one pipeline at most.",
          List.of());
      choice(
          VERSION,
          VersionMode.POSITION,
          MEDIUM,
          "Version",
          "What makes a repeated or late record harmless. position: the hash carries the offset of"
              + " the last record that this connector wrote to it, for each topic and partition,"
              + " and a record at or before it changes nothing. none: every record is written as it comes.");
      text(
          VERSION_FIELD,
          "__v",
          Validators.of("a name without ':'", RedisSinkConfig::checkVersionField),
          LOW,
          Width.SHORT,
          "Version field",
          "What the names of the fields begin with that carry the versions. A hash that connector"
              + " features wrote from topic orders, partition 3, has a field"
              + " __v:features:orders-3. Set another name to write a topic again from its start on"
              + " purpose, or after it was deleted and made anew.");
      define(
          DELETE_ENABLED,
          ConfigDef.Type.BOOLEAN,
          true,
          null,
          MEDIUM,
          Width.SHORT,
          "Deletes",
          "Whether a tombstone and a delete of a CDC topic delete the key. If not, they do"
              + " nothing.",
          List.of());
      text(
          DELETE_MARKER_TTL,
          "5m",
          SecondsOrDuration.orNone(),
          LOW,
          Width.SHORT,
          "Delete marker TTL",
          "How long a deleted hash keeps its version field, and nothing else, so that a late older"
              + " write does not bring it back; in seconds or as a duration. Empty or 0: the key"
              + " goes at once.");
      define(
          RETRY_BACKOFF_MS,
          ConfigDef.Type.LONG,
          200L,
          ConfigDef.Range.between(1, 86_400_000),
          LOW,
          Width.SHORT,
          "First retry after (ms)",
          "The wait before a batch is sent again when the server is away; doubled with each"
              + " attempt, with jitter.",
          List.of());
      define(
          RETRY_BACKOFF_MAX_MS,
          ConfigDef.Type.LONG,
          10_000L,
          ConfigDef.Range.between(1, 86_400_000),
          LOW,
          Width.SHORT,
          "Longest retry wait (ms)",
          "The longest wait before a batch is sent again. Attempts go on for ever.",
          List.of());
    }

    private void group(String name) {
      group = name;
      order = 0;
    }

    private void text(
        String key,
        String value,
        ConfigDef.Validator validator,
        Importance importance,
        Width width,
        String displayName,
        String doc) {
      define(
          key,
          ConfigDef.Type.STRING,
          value,
          validator,
          importance,
          width,
          displayName,
          doc,
          List.of());
    }

    private <E extends Enum<E>> void choice(
        String key, E value, Importance importance, String displayName, String doc) {
      define(
          key,
          ConfigDef.Type.STRING,
          Validators.choice(value),
          Validators.oneOf(value.getDeclaringClass()),
          importance,
          Width.SHORT,
          displayName,
          doc,
          Arrays.stream(value.getDeclaringClass().getEnumConstants())
              .map(Validators::choice)
              .toList());
    }

    private void define(
        String key,
        ConfigDef.Type type,
        Object value,
        ConfigDef.Validator validator,
        Importance importance,
        Width width,
        String displayName,
        String doc,
        List<String> choices) {
      def.define(
          key,
          type,
          value,
          validator,
          importance,
          doc,
          group,
          ++order,
          width,
          displayName,
          choices.isEmpty() ? null : new Choices(choices));
    }
  }

  /** The values that a user interface offers. */
  private record Choices(List<String> values) implements ConfigDef.Recommender {
    @Override
    public List<Object> validValues(String name, Map<String, Object> parsedConfig) {
      return List.copyOf(values);
    }

    @Override
    public boolean visible(String name, Map<String, Object> parsedConfig) {
      return true;
    }
  }
}
