package dev.tributary.redis.config;

import dev.tributary.common.config.Durations;
import dev.tributary.common.config.Validators;
import dev.tributary.common.error.Backoff;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Unavailable;
import dev.tributary.redis.command.ApplyCommands;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.HashCommands;
import dev.tributary.redis.command.VersionFields;
import dev.tributary.redis.command.Versions;
import dev.tributary.redis.config.RedisAddress.Host;
import dev.tributary.redis.encode.Encoders;
import dev.tributary.redis.encode.ExpiryRule;
import dev.tributary.redis.encode.FieldSelection;
import dev.tributary.redis.encode.HashMode;
import dev.tributary.redis.encode.JsonMode;
import dev.tributary.redis.encode.KeyTemplate;
import dev.tributary.redis.encode.ListEnd;
import dev.tributary.redis.encode.Nested;
import dev.tributary.redis.encode.NullValues;
import dev.tributary.redis.encode.RecordEncoder;
import dev.tributary.redis.encode.Renames;
import dev.tributary.redis.encode.StreamTrim;
import dev.tributary.redis.encode.TimeFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The sink's settings. Names are those of redis-kafka-connect where the idea is the same.
 *
 * <p>Longer than most classes here, as all keys and their typed values are in this one place.
 */
public final class RedisSinkConfig extends AbstractConfig {
  public static final String URI = "redis.uri";
  public static final String HOST = "redis.host";
  public static final String PORT = "redis.port";
  public static final String HOSTS = "redis.hosts";
  public static final String CLUSTER = "redis.cluster.enabled";
  public static final String SENTINEL_MASTER = "redis.sentinel.master";
  public static final String SENTINEL_USERNAME = "redis.sentinel.username";
  public static final String SENTINEL_PASSWORD = "redis.sentinel.password";
  public static final String DATABASE = "redis.database";
  public static final String USERNAME = "redis.username";
  public static final String PASSWORD = "redis.password";
  public static final String TIMEOUT = "redis.timeout";
  public static final String CONNECT_TIMEOUT = "redis.connect.timeout";
  public static final String CLIENT_NAME = "redis.client.name";
  public static final String KEEP_ALIVE = "redis.keep.alive";
  public static final String TLS = "redis.tls.enabled";
  public static final String TLS_VERIFY_HOST = "redis.tls.verify.host";
  public static final String INSECURE = "redis.insecure";
  public static final String CA_CERTIFICATE = "redis.cacert";
  public static final String CERTIFICATE = "redis.key.cert";
  public static final String KEY_FILE = "redis.key.file";
  public static final String KEY_PASSWORD = "redis.key.password";
  public static final String TRUST_STORE = "redis.tls.truststore";
  public static final String TRUST_STORE_PASSWORD = "redis.tls.truststore.password";
  public static final String TRUST_STORE_TYPE = "redis.tls.truststore.type";
  public static final String KEY_STORE = "redis.tls.keystore";
  public static final String KEY_STORE_PASSWORD = "redis.tls.keystore.password";
  public static final String KEY_STORE_TYPE = "redis.tls.keystore.type";
  public static final String TYPE = "redis.type";
  public static final String COMMAND = "redis.command";
  public static final String KEY = "redis.key";
  public static final String KEYSPACE = "redis.keyspace";
  public static final String SEPARATOR = "redis.separator";
  public static final String CHARSET = "redis.charset";
  public static final String VALUE = "redis.value";
  public static final String MEMBER = "redis.member";
  public static final String SCORE = "redis.score";
  public static final String LIST_PUSH = "redis.list.push";
  public static final String LIST_MAX_LENGTH = "redis.list.maxlen";
  public static final String STREAM_ID = "redis.stream.id";
  public static final String STREAM_MAX_LENGTH = "redis.stream.maxlen";
  public static final String STREAM_MAX_AGE = "redis.stream.maxage";
  public static final String STREAM_TRIM = "redis.stream.trim";
  public static final String JSON_MODE = "redis.json.mode";
  public static final String JSON_PATH = "redis.json.path";
  public static final String JSON_PATH_FIXED = "redis.json.path.fixed";
  public static final String TIMESERIES_TIMESTAMP = "redis.timeseries.timestamp";
  public static final String TIMESERIES_RETENTION = "redis.timeseries.retention";
  public static final String TIMESERIES_LABELS = "redis.timeseries.labels";
  public static final String PUBSUB_SHARDED = "redis.pubsub.sharded";
  public static final String HASH_MODE = "redis.hash.mode";
  public static final String FIELDS_INCLUDE = "fields.include";
  public static final String FIELDS_EXCLUDE = "fields.exclude";
  public static final String FIELDS_RENAME = "fields.rename";
  public static final String NESTED = "redis.nested";
  public static final String NESTED_SEPARATOR = "redis.nested.separator";
  public static final String NULL_VALUES = "null.values";
  public static final String TIME_FORMAT = "redis.time.format";
  public static final String UNAVAILABLE = "unavailable.value.placeholder";
  public static final String KEY_TTL = "redis.key.ttl";
  public static final String KEY_TTL_FROM = "redis.key.ttl.from";
  public static final String KEY_EXPIRE_AT = "redis.key.expire.at";
  public static final String FIELD_TTL = "redis.field.ttl";
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

  /** Other names of keys, by those that redis-kafka-connect has or had for them. */
  private static final Map<String, String> ALIASES =
      Map.of(
          "redis.cluster", CLUSTER,
          "redis.tls", TLS,
          "redis.operation.timeout", TIMEOUT);

  /** Connect's own key, which every connector and task is given. */
  private static final String CONNECTOR_NAME = "name";

  private static final String FIELD_EXPIRY_COMMAND = "HPEXPIRE";

  /** All keys of the sink's own. */
  public static final ConfigDef CONFIG_DEF = SinkConfigDef.build();

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
                topics.put(topic, new RedisSinkConfig(merged(properties, settings), false)));
    for (Problem problem : problemsOf(properties)) {
      throw new ConfigException(problem.key(), problem.value(), problem.message());
    }
  }

  private RedisSinkConfig(Map<String, String> properties, boolean doLog) {
    super(CONFIG_DEF, canonical(properties), doLog);
  }

  /** The properties with the names that this sink has for them. */
  public static Map<String, String> canonical(Map<String, String> properties) {
    Map<String, String> canonical = new LinkedHashMap<>(properties);
    ALIASES.forEach(
        (alias, key) -> {
          if (properties.containsKey(alias)) {
            canonical.putIfAbsent(key, properties.get(alias));
          }
        });
    String command = properties.getOrDefault(COMMAND, "").trim().toUpperCase(Locale.ROOT);
    if (!properties.containsKey(TYPE)) {
      RedisType.ofCommand(command).ifPresent(type -> canonical.put(TYPE, type.name()));
      if (command.equals("LPUSH")) {
        canonical.putIfAbsent(LIST_PUSH, Validators.choice(ListEnd.LEFT));
      }
      if (command.equals("JSONMERGE")) {
        canonical.putIfAbsent(JSON_MODE, Validators.choice(JsonMode.MERGE));
      }
    }
    return canonical;
  }

  /** The properties that count for a topic with settings of its own. */
  public static Map<String, String> merged(
      Map<String, String> properties, Map<String, String> ofTopic) {
    Map<String, String> merged = new LinkedHashMap<>(properties);
    if (ofTopic.containsKey(COMMAND)) {
      // a type for all topics must not come before the command of this one
      merged.remove(TYPE);
    }
    if (ofTopic.containsKey(TYPE)) {
      merged.remove(COMMAND);
    }
    merged.putAll(ofTopic);
    return merged;
  }

  /**
   * What is wrong between keys that are each right by themselves.
   *
   * @param key the key to show it at
   */
  public record Problem(String key, Object value, String message) {}

  /** What is wrong between keys, for settings whose single keys are right. */
  public static List<Problem> problemsOf(Map<String, String> properties) {
    List<Problem> problems = new ArrayList<>();
    problems.addAll(new RedisSinkConfig(properties, false).problems());
    for (String name : TopicSettings.unknown(properties)) {
      problems.add(
          new Problem(
              name,
              null,
              "sets no key that a topic can have; write topic.NAME.KEY with a key of the groups"
                  + " Target, Types, Values or Expiry"));
    }
    TopicSettings.of(properties)
        .forEach(
            (topic, settings) -> {
              for (Problem problem :
                  new RedisSinkConfig(merged(properties, settings), false).typeProblems()) {
                if (settings.containsKey(problem.key())) {
                  problems.add(
                      new Problem(
                          TopicSettings.name(topic, problem.key()),
                          problem.value(),
                          problem.message()));
                }
              }
            });
    return problems;
  }

  private List<Problem> problems() {
    List<Problem> problems = new ArrayList<>(typeProblems());
    long first = getLong(RETRY_BACKOFF_MS);
    long max = getLong(RETRY_BACKOFF_MAX_MS);
    if (max < first) {
      problems.add(
          new Problem(
              RETRY_BACKOFF_MAX_MS,
              max,
              "must not be less than " + RETRY_BACKOFF_MS + ", which is " + first));
    }
    RedisAddress address = address();
    if (getBoolean(CLUSTER) && address.database() != 0) {
      problems.add(
          new Problem(
              getString(DATABASE).isBlank() ? URI : DATABASE,
              address.database(),
              "must be 0, as a Redis Cluster has no other database"));
    }
    if (getBoolean(CLUSTER) && address.sentinelMaster().isPresent()) {
      problems.add(
          new Problem(CLUSTER, true, "and Sentinels exclude each other; a cluster has none"));
    }
    if (getString(CERTIFICATE).isBlank() != getString(KEY_FILE).isBlank()) {
      boolean noKey = getString(KEY_FILE).isBlank();
      problems.add(
          new Problem(
              noKey ? KEY_FILE : CERTIFICATE,
              "",
              "must be set along with " + (noKey ? CERTIFICATE : KEY_FILE)));
    }
    return problems;
  }

  private List<Problem> typeProblems() {
    List<Problem> problems = new ArrayList<>();
    if (getLong(STREAM_MAX_LENGTH) > 0 && !duration(STREAM_MAX_AGE).isZero()) {
      problems.add(
          new Problem(
              STREAM_MAX_AGE,
              getString(STREAM_MAX_AGE),
              "cannot be set along with " + STREAM_MAX_LENGTH + ": Redis trims by one of them"));
    }
    if (!getList(FIELD_TTL).isEmpty() && type() != RedisType.HASH) {
      problems.add(new Problem(FIELD_TTL, getList(FIELD_TTL), "is for type HASH only"));
    }
    for (String key : List.of(KEY_TTL, KEY_TTL_FROM, KEY_EXPIRE_AT)) {
      if (type() == RedisType.PUBSUB && originals().containsKey(key) && !isNone(key)) {
        problems.add(
            new Problem(key, getString(key), "is of no use with PUBSUB: messages do not stay"));
      }
    }
    return problems;
  }

  private boolean isNone(String key) {
    return getString(key).isBlank() || getString(key).trim().equals("-1");
  }

  /** How to connect. */
  public ConnectionSettings connection() {
    RedisAddress address = address();
    return new ConnectionSettings(
        address,
        getBoolean(CLUSTER),
        new RedisAddress(
            address.hosts(),
            address.tls(),
            set(SENTINEL_USERNAME),
            secret(SENTINEL_PASSWORD),
            0,
            address.sentinelMaster()),
        tls(),
        SecondsOrDuration.parse(getString(CONNECT_TIMEOUT)),
        SecondsOrDuration.parse(getString(TIMEOUT)),
        getString(CLIENT_NAME),
        getBoolean(KEEP_ALIVE),
        neededCommands());
  }

  /** Where the server is; what has a key of its own comes before what the URI says. */
  private RedisAddress address() {
    List<Host> hosts = new ArrayList<>();
    getList(HOSTS).forEach(host -> hosts.add(Host.parse(host, 6379)));
    if (hosts.isEmpty() && set(HOST).isPresent()) {
      hosts.add(new Host(set(HOST).get(), getInt(PORT)));
    }
    return RedisAddress.parse(getString(URI))
        .with(
            hosts,
            getBoolean(TLS),
            set(USERNAME),
            secret(PASSWORD),
            set(DATABASE).map(Integer::valueOf),
            set(SENTINEL_MASTER));
  }

  private TlsSettings tls() {
    return new TlsSettings(
        !getBoolean(INSECURE),
        getBoolean(TLS_VERIFY_HOST),
        set(CA_CERTIFICATE),
        new TlsSettings.Store(
            set(TRUST_STORE), getPassword(TRUST_STORE_PASSWORD), getString(TRUST_STORE_TYPE)),
        set(CERTIFICATE),
        set(KEY_FILE),
        getPassword(KEY_PASSWORD),
        new TlsSettings.Store(
            set(KEY_STORE), getPassword(KEY_STORE_PASSWORD), getString(KEY_STORE_TYPE)));
  }

  /** The key to show what is wrong with files of TLS at. */
  public String tlsKey() {
    for (String key : List.of(CERTIFICATE, KEY_STORE, CA_CERTIFICATE, TRUST_STORE)) {
      if (set(key).isPresent()) {
        return key;
      }
    }
    return TLS;
  }

  /** Commands that not every server has, each with what needs it. */
  private Map<String, String> neededCommands() {
    Map<String, String> needed = new LinkedHashMap<>();
    List<RedisSinkConfig> all = new ArrayList<>(topics.values());
    all.add(this);
    for (RedisSinkConfig config : all) {
      String command =
          config.type() == RedisType.JSON && config.jsonMode() == JsonMode.MERGE
              ? "JSON.MERGE"
              : config.type().neededCommand();
      if (!command.isEmpty()) {
        needed.put(command, "redis.type " + config.type() + " needs");
      }
      if (config.type() == RedisType.PUBSUB && config.getBoolean(PUBSUB_SHARDED)) {
        needed.put("SPUBLISH", PUBSUB_SHARDED + " needs");
      }
      if (!config.getList(FIELD_TTL).isEmpty()) {
        needed.put(FIELD_EXPIRY_COMMAND, FIELD_TTL + " needs");
      }
    }
    return needed;
  }

  /** The key that asks for a command which not every server has. */
  public String keyThatNeeds(String command) {
    return switch (command) {
      case FIELD_EXPIRY_COMMAND -> FIELD_TTL;
      case "SPUBLISH" -> PUBSUB_SHARDED;
      default -> TYPE;
    };
  }

  /** A new encoder of a topic's records, for one task. */
  public RecordEncoder encoder(String topic) {
    return topics.getOrDefault(topic, this).encoder();
  }

  private RecordEncoder encoder() {
    FieldSelection selection =
        new FieldSelection(
            Set.copyOf(getList(FIELDS_INCLUDE)), Set.copyOf(getList(FIELDS_EXCLUDE)));
    Renames renames = new Renames(pairs(FIELDS_RENAME));
    boolean deletes = getBoolean(DELETE_ENABLED);
    Encoders encoders =
        new Encoders(
            keyTemplate(),
            expiryRule(),
            new RecordEncoder.Deletes(deletes, deletes && getBoolean(DELETE_TOMBSTONES)),
            selection,
            renames,
            Validators.constant(Nested.class, getString(NESTED)),
            getString(NESTED_SEPARATOR),
            Validators.constant(NullValues.class, getString(NULL_VALUES)),
            Validators.constant(TimeFormat.class, getString(TIME_FORMAT)),
            new Unavailable(getString(UNAVAILABLE)),
            versionMode() == VersionMode.FIELD
                ? Optional.of(FieldPath.parse(getString(VERSION_FROM)))
                : Optional.empty());
    return switch (type()) {
      case HASH -> encoders.hash(Validators.constant(HashMode.class, getString(HASH_MODE)));
      case STRING -> encoders.string(template(VALUE, selection, renames));
      case STREAM -> encoders.stream(template(STREAM_ID, selection, renames), streamTrim());
      case JSON -> encoders.json(jsonMode(), getString(JSON_PATH), getString(JSON_PATH_FIXED));
      case LIST ->
          encoders.list(
              template(MEMBER, selection, renames),
              Validators.constant(ListEnd.class, getString(LIST_PUSH)),
              getLong(LIST_MAX_LENGTH));
      case SET -> encoders.set(template(MEMBER, selection, renames));
      case ZSET ->
          encoders.zset(template(MEMBER, selection, renames), template(SCORE, selection, renames));
      case TIMESERIES ->
          encoders.timeSeries(
              template(TIMESERIES_TIMESTAMP, selection, renames),
              template(VALUE, selection, renames),
              duration(TIMESERIES_RETENTION),
              labels());
      case PUBSUB ->
          encoders.pubSub(template(VALUE, selection, renames), getBoolean(PUBSUB_SHARDED));
    };
  }

  /** The versions of hashes; nothing for none. */
  public Optional<Versions> versions() {
    return versionMode() == VersionMode.NONE
        ? Optional.empty()
        : Optional.of(new Versions(new VersionFields(getString(VERSION_FIELD), connectorName())));
  }

  /** The commands for hashes, for one task. */
  public HashCommands hashCommands() {
    Map<String, Duration> fieldTtls = new HashMap<>();
    pairs(FIELD_TTL)
        .forEach((field, length) -> fieldTtls.put(field, SecondsOrDuration.parse(length)));
    topics
        .values()
        .forEach(
            topic ->
                topic
                    .pairs(FIELD_TTL)
                    .forEach(
                        (field, length) -> fieldTtls.put(field, SecondsOrDuration.parse(length))));
    return new HashCommands(duration(DELETE_MARKER_TTL), fieldTtls);
  }

  /** The commands for all other types, for one task. */
  public ApplyCommands applyCommands() {
    boolean kept =
        Validators.constant(OffsetStorage.class, getString(OFFSETS)) == OffsetStorage.REDIS;
    return new ApplyCommands(
        kept ? getString(OFFSETS_KEY) : "", connectorName(), getBoolean(CLUSTER));
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
    return getInt(BATCH_SIZE);
  }

  /** How many replicas must have a batch. */
  public int waitReplicas() {
    return getInt(WAIT_REPLICAS);
  }

  /** How long they may take. */
  public Duration waitTimeout() {
    return millisOrDuration(getString(WAIT_TIMEOUT));
  }

  /** The waits between attempts. */
  public Backoff backoff() {
    return new Backoff(
        Duration.ofMillis(getLong(RETRY_BACKOFF_MS)),
        Duration.ofMillis(getLong(RETRY_BACKOFF_MAX_MS)));
  }

  /** The name of the connector. */
  public String connectorName() {
    return originalsStrings().getOrDefault(CONNECTOR_NAME, "");
  }

  private RedisType type() {
    return RedisType.valueOf(getString(TYPE).trim().toUpperCase(Locale.ROOT));
  }

  private JsonMode jsonMode() {
    return Validators.constant(JsonMode.class, getString(JSON_MODE));
  }

  private VersionMode versionMode() {
    return Validators.constant(VersionMode.class, getString(VERSION));
  }

  private ExpiryRule expiryRule() {
    Duration ttl = duration(KEY_TTL);
    // a hash that was deleted has a marker whose time must not end the life of the next one
    boolean markers = type() == RedisType.HASH && versionMode() != VersionMode.NONE;
    Expiry none = markers ? Expiry.NEVER : Expiry.UNTOUCHED;
    return new ExpiryRule(
        ttl.isZero() ? none : Expiry.in(ttl.toMillis()),
        set(KEY_EXPIRE_AT).map(text -> KeyTemplate.parse(text, getString(SEPARATOR))),
        set(KEY_TTL_FROM).map(text -> KeyTemplate.parse(text, getString(SEPARATOR))),
        SecondsOrDuration::parseOrNone);
  }

  private StreamTrim streamTrim() {
    return new StreamTrim(
        getLong(STREAM_MAX_LENGTH),
        duration(STREAM_MAX_AGE),
        Validators.constant(StreamTrimming.class, getString(STREAM_TRIM)) == StreamTrimming.EXACT,
        System::currentTimeMillis);
  }

  private Map<String, KeyTemplate> labels() {
    Map<String, KeyTemplate> labels = new LinkedHashMap<>();
    pairs(TIMESERIES_LABELS)
        .forEach((name, text) -> labels.put(name, KeyTemplate.parse(text, getString(SEPARATOR))));
    return labels;
  }

  private KeyTemplate template(String key, FieldSelection selection, Renames renames) {
    return KeyTemplate.parse(getString(key), getString(SEPARATOR), selection, renames);
  }

  private KeyTemplate keyTemplate() {
    String separator = getString(SEPARATOR);
    String given = getString(KEY).isBlank() ? getString(KEYSPACE) : getString(KEY);
    if (given.isBlank()) {
      return KeyTemplate.parse("${key}", separator);
    }
    KeyTemplate template = KeyTemplate.parse(given, separator);
    boolean whole =
        type().isCollection() || (!getString(KEY).isBlank() && !template.isSameForATopic());
    return whole
        ? template
        : KeyTemplate.parse(given + separator.replace("$", "$$") + "${key}", separator);
  }

  private Duration duration(String key) {
    return SecondsOrDuration.parseOrNone(getString(key));
  }

  private Optional<String> set(String key) {
    return Optional.of(getString(key).trim()).filter(text -> !text.isEmpty());
  }

  private Optional<String> secret(String key) {
    return Optional.of(getPassword(key).value()).filter(text -> !text.isEmpty());
  }

  private Map<String, String> pairs(String key) {
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
