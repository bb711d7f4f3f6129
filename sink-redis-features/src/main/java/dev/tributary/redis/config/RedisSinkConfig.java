package dev.tributary.redis.config;

import dev.tributary.common.config.Durations;
import dev.tributary.common.config.Validators;
import dev.tributary.common.error.Backoff;
import dev.tributary.redis.command.ApplyCommands;
import dev.tributary.redis.command.HashCommands;
import dev.tributary.redis.command.VersionFields;
import dev.tributary.redis.command.Versions;
import dev.tributary.redis.encode.JsonMode;
import dev.tributary.redis.encode.RecordEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The sink's settings, under redis-kafka-connect's names where the idea is the same. The keys are
 * described group by group in the classes named {@code ...Keys}; here they are read.
 */
public final class RedisSinkConfig extends AbstractConfig {
  /** Connect's own key, which every connector and task is given. */
  private static final String CONNECTOR_NAME = "name";

  private static final String FIELD_EXPIRY_COMMAND = "HPEXPIRE";

  /** All keys of the sink's own. */
  public static final ConfigDef CONFIG_DEF = define();

  private final Map<String, RedisSinkConfig> topics = new HashMap<>();

  /**
   * Reads settings. They are not logged, as {@code redis.uri} may hold a password.
   *
   * @throws ConfigException if one is wrong
   */
  public RedisSinkConfig(Map<String, String> properties) {
    this(properties, false);
    TopicSettings.of(properties)
        .forEach(
            (topic, settings) ->
                topics.put(topic, ofOneTopic(TopicSettings.merged(properties, settings))));
    for (Problem problem : Problems.of(properties)) {
      throw new ConfigException(problem.key(), problem.value(), problem.message());
    }
  }

  private RedisSinkConfig(Map<String, String> properties, boolean doLog) {
    super(CONFIG_DEF, CompatibleKeys.canonical(properties), doLog);
  }

  /** Settings without those of single topics, and not looked at for what is wrong between keys. */
  static RedisSinkConfig ofOneTopic(Map<String, String> properties) {
    return new RedisSinkConfig(properties, false);
  }

  private static ConfigDef define() {
    KeyDefinitions keys = new KeyDefinitions();
    ConnectionKeys.define(keys);
    TlsKeys.define(keys);
    TargetKeys.define(keys);
    TypeKeys.define(keys);
    ValueKeys.define(keys);
    ExpiryKeys.define(keys);
    DeliveryKeys.define(keys);
    return keys.built();
  }

  /** How to connect. */
  public ConnectionSettings connection() {
    return ConnectionSettings.of(this, neededCommands());
  }

  /** The key to show what is wrong with files of TLS at. */
  public String tlsKey() {
    for (String key :
        List.of(
            TlsKeys.CERTIFICATE, TlsKeys.KEY_STORE, TlsKeys.CA_CERTIFICATE, TlsKeys.TRUST_STORE)) {
      if (set(key).isPresent()) {
        return key;
      }
    }
    return TlsKeys.TLS;
  }

  /** Commands that not every server has, each with what needs it. */
  private Map<String, String> neededCommands() {
    Map<String, String> needed = new LinkedHashMap<>();
    List<RedisSinkConfig> all = new ArrayList<>(topics.values());
    all.add(this);
    for (RedisSinkConfig config : all) {
      String command =
          config.type() == RedisType.JSON
                  && Validators.constant(JsonMode.class, config.getString(TypeKeys.JSON_MODE))
                      == JsonMode.MERGE
              ? "JSON.MERGE"
              : config.type().neededCommand();
      if (!command.isEmpty()) {
        needed.put(command, "redis.type " + config.type() + " needs");
      }
      if (config.type() == RedisType.PUBSUB && config.getBoolean(TypeKeys.PUBSUB_SHARDED)) {
        needed.put("SPUBLISH", TypeKeys.PUBSUB_SHARDED + " needs");
      }
      if (!config.getList(ExpiryKeys.FIELD_TTL).isEmpty()) {
        needed.put(FIELD_EXPIRY_COMMAND, ExpiryKeys.FIELD_TTL + " needs");
      }
    }
    return needed;
  }

  /** The key that asks for a command which not every server has. */
  public String keyThatNeeds(String command) {
    return switch (command) {
      case FIELD_EXPIRY_COMMAND -> ExpiryKeys.FIELD_TTL;
      case "SPUBLISH" -> TypeKeys.PUBSUB_SHARDED;
      default -> TargetKeys.TYPE;
    };
  }

  /** A new encoder of a topic's records, for one task. */
  public RecordEncoder encoder(String topic) {
    return new EncoderSettings(topics.getOrDefault(topic, this)).encoder();
  }

  /** The versions of hashes; nothing for none. */
  public Optional<Versions> versions() {
    return versionMode() == VersionMode.NONE
        ? Optional.empty()
        : Optional.of(
            new Versions(
                new VersionFields(getString(DeliveryKeys.VERSION_FIELD), connectorName())));
  }

  /** The commands for hashes, for one task. */
  public HashCommands hashCommands() {
    Map<String, Duration> fieldTtls = new HashMap<>(fieldTtls());
    topics.values().forEach(topic -> fieldTtls.putAll(topic.fieldTtls()));
    return new HashCommands(duration(DeliveryKeys.DELETE_MARKER_TTL), fieldTtls);
  }

  private Map<String, Duration> fieldTtls() {
    Map<String, Duration> ttls = new HashMap<>();
    pairs(ExpiryKeys.FIELD_TTL)
        .forEach((field, length) -> ttls.put(field, SecondsOrDuration.parse(length)));
    return ttls;
  }

  /** The commands for all other types, for one task. */
  public ApplyCommands applyCommands() {
    boolean kept =
        Validators.constant(OffsetStorage.class, getString(DeliveryKeys.OFFSETS))
            == OffsetStorage.REDIS;
    return new ApplyCommands(
        kept ? getString(DeliveryKeys.OFFSETS_KEY) : "",
        connectorName(),
        getBoolean(ConnectionKeys.CLUSTER));
  }

  /**
   * Whether offsets are kept in Redis: where some topic may be written as another type than HASH.
   */
  public boolean keepsOffsets() {
    return applyCommands().keepsOffsets()
        && (type() != RedisType.HASH
            || topics.values().stream().anyMatch(topic -> topic.type() != RedisType.HASH));
  }

  /** Whether a topic's offsets are kept in Redis. */
  public boolean keepsOffsets(String topic) {
    return applyCommands().keepsOffsets()
        && topics.getOrDefault(topic, this).type() != RedisType.HASH;
  }

  /** How many records go in one pipeline at most. */
  public int batchSize() {
    return getInt(DeliveryKeys.BATCH_SIZE);
  }

  /** How many replicas must have a batch. */
  public int waitReplicas() {
    return getInt(DeliveryKeys.WAIT_REPLICAS);
  }

  /** How long they may take. */
  public Duration waitTimeout() {
    return millisOrDuration(getString(DeliveryKeys.WAIT_TIMEOUT));
  }

  /** The waits between attempts. */
  public Backoff backoff() {
    return new Backoff(
        Duration.ofMillis(getLong(DeliveryKeys.RETRY_BACKOFF_MS)),
        Duration.ofMillis(getLong(DeliveryKeys.RETRY_BACKOFF_MAX_MS)));
  }

  /** The name of the connector. */
  public String connectorName() {
    return originalsStrings().getOrDefault(CONNECTOR_NAME, "");
  }

  RedisType type() {
    return RedisType.valueOf(getString(TargetKeys.TYPE).trim().toUpperCase(Locale.ROOT));
  }

  VersionMode versionMode() {
    return Validators.constant(VersionMode.class, getString(DeliveryKeys.VERSION));
  }

  /** A duration; zero for none. */
  Duration duration(String key) {
    return SecondsOrDuration.parseOrNone(getString(key));
  }

  /** A text; nothing where it is blank. */
  Optional<String> set(String key) {
    return Optional.of(getString(key).trim()).filter(text -> !text.isEmpty());
  }

  /** A password; nothing where it is empty. */
  Optional<String> secret(String key) {
    return Optional.of(getPassword(key).value()).filter(text -> !text.isEmpty());
  }

  /** A list of {@code name=value}. */
  Map<String, String> pairs(String key) {
    Map<String, String> pairs = new LinkedHashMap<>();
    getList(key).forEach(text -> pairs.put(pair(text).getKey(), pair(text).getValue()));
    return pairs;
  }

  /**
   * Parses {@code name=value}.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Map.Entry<String, String> pair(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new IllegalArgumentException("there is no '=' behind a name");
    }
    return Map.entry(text.substring(0, equals).trim(), text.substring(equals + 1).trim());
  }

  /** Durations as redis-kafka-connect has those of WAIT: a plain number of milliseconds. */
  static Duration millisOrDuration(String text) {
    String trimmed = text.trim();
    return trimmed.matches("\\d{1,12}")
        ? Duration.ofMillis(Long.parseLong(trimmed))
        : Durations.parse(trimmed);
  }
}
