package dev.tributary.transforms;

import dev.tributary.common.config.Durations;
import dev.tributary.common.config.Validators;
import dev.tributary.transforms.chain.RestoreConfig.Choices;
import dev.tributary.transforms.lookup.LookupField;
import dev.tributary.transforms.lookup.LookupKey;
import dev.tributary.transforms.lookup.Lookups;
import dev.tributary.transforms.lookup.RedisSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings of {@link RedisLookup}; the connection's are named as the Redis sink's. */
public final class RedisLookupConfig extends AbstractConfig {
  static final String KEY = "key";
  static final String READ = "read";
  static final String FIELDS = "fields";
  static final String PREFIX = "prefix";
  static final String INTO = "into";
  static final String DEFAULTS = "defaults";
  static final String FOUND_FIELD = "found.field";
  static final String MAX_AGE = "max.age";
  static final String MAX_AGE_FIELD = "max.age.field";
  static final String UNAVAILABLE = "unavailable";
  static final String RETRY_TIMEOUT = "retry.timeout";
  static final String CACHE_TTL = "cache.ttl";
  static final String CACHE_SIZE = "cache.size";
  static final String CACHE_TRACKING = "cache.tracking";
  static final String URI = "redis.uri";
  static final String HOSTS = "redis.hosts";
  static final String CLUSTER = "redis.cluster.enabled";
  static final String SENTINEL_MASTER = "redis.sentinel.master";
  static final String SENTINEL_USERNAME = "redis.sentinel.username";
  static final String SENTINEL_PASSWORD = "redis.sentinel.password";
  static final String USERNAME = "redis.username";
  static final String PASSWORD = "redis.password";
  static final String TIMEOUT = "redis.timeout";
  static final String VERIFY_HOST = "redis.tls.verify.host";
  static final String TRUSTSTORE = "redis.tls.truststore";
  static final String TRUSTSTORE_PASSWORD = "redis.tls.truststore.password";
  static final String KEYSTORE = "redis.tls.keystore";
  static final String KEYSTORE_PASSWORD = "redis.tls.keystore.password";

  private static final String LOOKUP = "Look-up";
  private static final String CACHE = "Cache";
  private static final String REDIS = "Redis";

  /** All settings. */
  public static final ConfigDef CONFIG_DEF =
      redis(cache(EventTimeConfig.addTo(lookup(new ConfigDef()))));

  /** What becomes of a record while Redis cannot be asked. */
  enum Unavailable {
    RETRY,
    FAIL,
    DEFAULTS
  }

  RedisLookupConfig(Map<String, ?> settings) {
    super(CONFIG_DEF, settings);
  }

  private static ConfigDef lookup(ConfigDef def) {
    return def.define(
            KEY,
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            Validators.parsedBy("a template such as user:profile:${user_id}", LookupKey::parse),
            Importance.HIGH,
            "The key to look up: ${FIELD} stands for a field of the record, $$ for a dollar sign. A"
                + " record in which such a field is null or missing counts as not found.",
            LOOKUP,
            1,
            Width.LONG,
            "Key")
        .define(
            READ,
            ConfigDef.Type.STRING,
            "hash",
            Validators.oneOf(Lookups.Kind.class),
            Importance.HIGH,
            "What the key holds: 'hash' (read with HMGET, or HGETALL if no fields are named), or"
                + " 'json', a text that is a JSON object (read with GET).",
            LOOKUP,
            2,
            Width.SHORT,
            "Kind",
            Choices.of("hash", "json"))
        .define(
            FIELDS,
            ConfigDef.Type.STRING,
            "",
            Validators.parsedBy("fields such as tier,credit:float64", LookupField::parseAll),
            Importance.HIGH,
            "The fields to add, each as NAME or NAME:TYPE with the types string, int64, float64 and"
                + " boolean. Empty for the whole record in one field (into), with texts as values.",
            LOOKUP,
            3,
            Width.LONG,
            "Fields")
        .define(
            PREFIX,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "What the names of added fields begin with.",
            LOOKUP,
            4,
            Width.SHORT,
            "Prefix")
        .define(
            INTO,
            ConfigDef.Type.STRING,
            "looked_up",
            Validators.notBlank(),
            Importance.LOW,
            "Without 'fields': the field that gets the whole record, a map of texts.",
            LOOKUP,
            5,
            Width.SHORT,
            "Field for all")
        .define(
            DEFAULTS,
            ConfigDef.Type.STRING,
            "",
            Validators.parsedBy("FIELD=VALUE,FIELD=VALUE", RedisLookupConfig::pairs),
            Importance.MEDIUM,
            "What fields get that are not found, such as tier=basic,credit=0; null if it is not"
                + " said.",
            LOOKUP,
            6,
            Width.LONG,
            "Defaults")
        .define(
            FOUND_FIELD,
            ConfigDef.Type.STRING,
            "",
            Importance.LOW,
            "A field that tells whether the key was found (and not too old); empty for none.",
            LOOKUP,
            7,
            Width.SHORT,
            "Field for found")
        .define(
            MAX_AGE,
            ConfigDef.Type.STRING,
            "",
            Validators.parsedBy(
                "empty, or a duration such as 10m", EventTimeConfig::durationOrNull),
            Importance.MEDIUM,
            "A looked-up record whose time (max.age.field) is more than this before the event's"
                + " counts as not found: a join within a window. Empty for any age.",
            LOOKUP,
            8,
            Width.SHORT,
            "Maximum age")
        .define(
            MAX_AGE_FIELD,
            ConfigDef.Type.STRING,
            "",
            Importance.MEDIUM,
            "The looked-up record's field with its time: ISO 8601 or a number since 1970, by"
                + " magnitude. A record without it counts as not found if max.age is set.",
            LOOKUP,
            9,
            Width.SHORT,
            "Time field")
        .define(
            UNAVAILABLE,
            ConfigDef.Type.STRING,
            "retry",
            Validators.oneOf(Unavailable.class),
            Importance.MEDIUM,
            "While Redis cannot be asked: 'retry' waits with growing pauses, up to retry.timeout;"
                + " 'fail' stops the task; 'defaults' lets records out as if nothing were found.",
            LOOKUP,
            10,
            Width.SHORT,
            "Redis away",
            Choices.of("retry", "fail", "defaults"))
        .define(
            RETRY_TIMEOUT,
            ConfigDef.Type.STRING,
            "4m",
            Validators.duration(),
            Importance.LOW,
            "How long to wait for Redis before the task stops. In a sink less than the consumer's"
                + " max.poll.interval.ms (5 minutes by default).",
            LOOKUP,
            11,
            Width.SHORT,
            "Wait for Redis");
  }

  private static ConfigDef cache(ConfigDef def) {
    return def.define(
            CACHE_TTL,
            ConfigDef.Type.STRING,
            "30s",
            Validators.duration(),
            Importance.MEDIUM,
            "How long an answer is kept, also that there is none; 0s to ask for every record.",
            CACHE,
            1,
            Width.SHORT,
            "Cache: time to live")
        .define(
            CACHE_SIZE,
            ConfigDef.Type.INT,
            100_000,
            Validators.of("from 1 to 100000000", ConfigDef.Range.between(1, 100_000_000)),
            Importance.LOW,
            "How many answers are kept.",
            CACHE,
            2,
            Width.SHORT,
            "Cache: size")
        .define(
            CACHE_TRACKING,
            ConfigDef.Type.BOOLEAN,
            true,
            Importance.LOW,
            "Whether to have the server tell which keys have changed (CLIENT TRACKING, Redis 6 and"
                + " later), so that they are read again at once. Where that is not to be had, and"
                + " in a cluster or behind Sentinels, answers live for cache.ttl.",
            CACHE,
            3,
            Width.SHORT,
            "Cache: hear of changes",
            Choices.of());
  }

  private static ConfigDef redis(ConfigDef def) {
    int order = 1;
    def.define(
        URI,
        ConfigDef.Type.STRING,
        "redis://localhost:6379",
        Validators.parsedBy("a URI that begins with redis:// or rediss://", RedisLookupConfig::uri),
        Importance.HIGH,
        "The server: redis://[user:password@]host:port[/database]; rediss:// for TLS.",
        REDIS,
        order++,
        Width.LONG,
        "URI");
    text(def, HOSTS, "", order++, "Several hosts as host:port, in place of the one in redis.uri.");
    def.define(
        CLUSTER,
        ConfigDef.Type.BOOLEAN,
        false,
        Importance.MEDIUM,
        "Whether the server is a Redis Cluster. One node's address is enough.",
        REDIS,
        order++,
        Width.SHORT,
        "Cluster",
        Choices.of());
    text(
        def,
        SENTINEL_MASTER,
        "",
        order++,
        "The name of the master that Sentinels watch; the hosts are the Sentinels then.");
    text(def, SENTINEL_USERNAME, "", order++, "The ACL user at the Sentinels.");
    secret(def, SENTINEL_PASSWORD, order++, "The password at the Sentinels.");
    text(def, USERNAME, "", order++, "The ACL user; it comes before a user in redis.uri.");
    secret(def, PASSWORD, order++, "The password; it comes before one in redis.uri.");
    def.define(
        TIMEOUT,
        ConfigDef.Type.STRING,
        "2s",
        Validators.duration(),
        Importance.LOW,
        "How long connecting and each answer may take.",
        REDIS,
        order++,
        Width.SHORT,
        "Timeout");
    def.define(
        VERIFY_HOST,
        ConfigDef.Type.BOOLEAN,
        true,
        Importance.LOW,
        "Whether the server's certificate must be of the host that was asked for.",
        REDIS,
        order++,
        Width.SHORT,
        "Check the host name",
        Choices.of());
    text(def, TRUSTSTORE, "", order++, "A file with the trusted certificates; empty for Java's.");
    secret(def, TRUSTSTORE_PASSWORD, order++, "The truststore's password.");
    text(
        def,
        KEYSTORE,
        "",
        order++,
        "A file with the client's certificate and key; empty for none.");
    secret(def, KEYSTORE_PASSWORD, order++, "The keystore's password.");
    return def;
  }

  private static void text(ConfigDef def, String name, String value, int order, String doc) {
    def.define(
        name,
        ConfigDef.Type.STRING,
        value,
        Importance.LOW,
        doc,
        REDIS,
        order,
        Width.MEDIUM,
        title(name));
  }

  private static void secret(ConfigDef def, String name, int order, String doc) {
    def.define(
        name,
        ConfigDef.Type.PASSWORD,
        "",
        Importance.LOW,
        doc,
        REDIS,
        order,
        Width.MEDIUM,
        title(name));
  }

  /** {@code redis.tls.keystore} is shown as "Tls keystore". */
  private static String title(String name) {
    String words = name.substring("redis.".length()).replace('.', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  LookupKey key() {
    return LookupKey.parse(getString(KEY));
  }

  List<LookupField> fields() {
    return LookupField.parseAll(getString(FIELDS));
  }

  String prefix() {
    return getString(PREFIX);
  }

  String into() {
    return getString(INTO);
  }

  Map<String, String> defaults() {
    return pairs(getString(DEFAULTS));
  }

  String foundField() {
    return getString(FOUND_FIELD).trim();
  }

  /** Null for any age. */
  Duration maxAge() {
    return EventTimeConfig.durationOrNull(getString(MAX_AGE));
  }

  String maxAgeField() {
    return getString(MAX_AGE_FIELD).trim();
  }

  EventClock clock() {
    return EventTimeConfig.clock(this);
  }

  Unavailable unavailable() {
    return Validators.constant(Unavailable.class, getString(UNAVAILABLE));
  }

  Duration retryTimeout() {
    return Durations.parse(getString(RETRY_TIMEOUT));
  }

  Lookups lookups() {
    List<String> names = new ArrayList<>(fields().stream().map(LookupField::name).toList());
    if (!names.isEmpty() && maxAge() != null && !names.contains(maxAgeField())) {
      names.add(maxAgeField());
    }
    return new Lookups(
        redis(),
        Validators.constant(Lookups.Kind.class, getString(READ)),
        names,
        key().prefix(),
        new Lookups.Caching(
            Durations.parse(getString(CACHE_TTL)), getInt(CACHE_SIZE), getBoolean(CACHE_TRACKING)));
  }

  private RedisSettings redis() {
    URI uri = uri(getString(URI));
    String[] user = uri.getUserInfo() == null ? new String[0] : uri.getUserInfo().split(":", 2);
    String path = uri.getPath() == null ? "" : uri.getPath().replace("/", "");
    String hosts = getString(HOSTS);
    String username = getString(USERNAME);
    String password = getPassword(PASSWORD).value();
    return new RedisSettings(
        hosts.isBlank()
            ? List.of(uri.getHost() + ":" + (uri.getPort() < 0 ? 6379 : uri.getPort()))
            : Arrays.stream(hosts.split(",", -1)).map(String::trim).toList(),
        getBoolean(CLUSTER),
        getString(SENTINEL_MASTER).trim(),
        username.isBlank() && user.length == 2 ? user[0] : username,
        password.isEmpty() && user.length == 2 ? user[1] : password,
        getString(SENTINEL_USERNAME),
        getPassword(SENTINEL_PASSWORD).value(),
        path.isEmpty() ? 0 : Integer.parseInt(path),
        uri.getScheme().equals("rediss"),
        getBoolean(VERIFY_HOST),
        getString(TRUSTSTORE),
        getPassword(TRUSTSTORE_PASSWORD).value(),
        getString(KEYSTORE),
        getPassword(KEYSTORE_PASSWORD).value(),
        Durations.parse(getString(TIMEOUT)));
  }

  private static URI uri(String text) {
    try {
      URI uri = java.net.URI.create(text.trim());
      boolean known = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
      String path = uri.getPath() == null ? "" : uri.getPath();
      if (known && uri.getHost() != null && path.matches("(/\\d{0,4})?")) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // without the message, which may quote a password
    }
    throw new IllegalArgumentException(
        "write redis://[user:password@]host:port[/database], or rediss:// for TLS");
  }

  private static Map<String, String> pairs(String text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (!text.isBlank()) {
      for (String pair : text.split(",", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
          throw new IllegalArgumentException("'" + pair.trim() + "': write FIELD=VALUE");
        }
        pairs.put(pair.substring(0, equals).trim(), pair.substring(equals + 1).trim());
      }
    }
    return pairs;
  }
}
