package dev.tributary.redis.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Unavailable;
import dev.tributary.redis.encode.HashMode;
import dev.tributary.redis.encode.JsonMode;
import dev.tributary.redis.encode.KeyTemplate;
import dev.tributary.redis.encode.ListEnd;
import dev.tributary.redis.encode.Nested;
import dev.tributary.redis.encode.NullValues;
import dev.tributary.redis.encode.TimeFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * What every key of the sink is.
 *
 * <p>Longer than most classes here, as every key is described in this one place.
 */
final class SinkConfigDef {
  private static final int ANY_LENGTH = 0;

  private final ConfigDef def = new ConfigDef();
  private String group;
  private int order;

  private SinkConfigDef() {}

  static ConfigDef build() {
    SinkConfigDef made = new SinkConfigDef();
    made.connection();
    made.tls();
    made.target();
    made.types();
    made.values();
    made.expiry();
    made.delivery();
    return made.def;
  }

  private void connection() {
    group("Connection");
    text(
        RedisSinkConfig.URI,
        "redis://localhost:6379",
        Validators.of("redis://user:password@host:port/database", SinkConfigDef::checkUri),
        HIGH,
        Width.LONG,
        "Server",
        "The server to write to: redis://host:port, or rediss://host:port for TLS. A user, a"
            + " password and the number of a database may be part of it:"
            + " redis://user:password@host:port/2. Several hosts are separated by commas: of a"
            + " cluster some nodes to begin with, else servers of which the first that answers and"
            + " is a master is taken. Sentinels:"
            + " redis-sentinel://user:password@sentinel1:26379,sentinel2:26379/0#mymaster.");
    text(
        RedisSinkConfig.HOST,
        "",
        null,
        MEDIUM,
        Width.MEDIUM,
        "Host",
        "The server's host, in place of the one in redis.uri.");
    number(RedisSinkConfig.PORT, 6379, 1, 65_535, MEDIUM, "Port", "The port of redis.host.");
    list(
        RedisSinkConfig.HOSTS,
        Validators.of("host:port, host:port and so on", SinkConfigDef::checkHosts),
        MEDIUM,
        "Hosts",
        "Several hosts as host:port, in place of those in redis.uri.");
    bool(
        RedisSinkConfig.CLUSTER,
        false,
        MEDIUM,
        "Cluster",
        "Whether the server is a Redis Cluster. One node's address is enough; the others are found."
            + " Also called redis.cluster.");
    text(
        RedisSinkConfig.SENTINEL_MASTER,
        "",
        null,
        MEDIUM,
        Width.SHORT,
        "Sentinel master",
        "The name of the master that Sentinels watch. The hosts are the Sentinels then; the sink"
            + " asks them for the master with every connection, and so follows a failover.");
    text(
        RedisSinkConfig.SENTINEL_USERNAME,
        "",
        null,
        LOW,
        Width.MEDIUM,
        "Sentinel user",
        "The ACL user at the Sentinels. Empty for the default user.");
    password(
        RedisSinkConfig.SENTINEL_PASSWORD,
        LOW,
        "Sentinel password",
        "The password at the Sentinels, which have their own. Empty for none.");
    text(
        RedisSinkConfig.DATABASE,
        "",
        Validators.parsedBy(
            "a number from 0 on, or empty",
            text -> {
              if (!text.isBlank() && !text.trim().matches("\\d{1,6}")) {
                throw new IllegalArgumentException("must be the number of a database");
              }
            }),
        LOW,
        Width.SHORT,
        "Database",
        "The number of the database, in place of the one in redis.uri.");
    text(
        RedisSinkConfig.USERNAME,
        "",
        null,
        MEDIUM,
        Width.MEDIUM,
        "User",
        "The ACL user; it comes before a user in redis.uri. Empty for the default user.");
    password(
        RedisSinkConfig.PASSWORD,
        MEDIUM,
        "Password",
        "The password; it comes before a password in redis.uri. Empty for none.");
    text(
        RedisSinkConfig.TIMEOUT,
        "10s",
        SecondsOrDuration.timeout(),
        LOW,
        Width.SHORT,
        "Timeout",
        "How long a reply may take, in seconds or as a duration, before the connection counts as"
            + " lost and is made anew. Also called redis.operation.timeout.");
    text(
        RedisSinkConfig.CONNECT_TIMEOUT,
        "5s",
        SecondsOrDuration.timeout(),
        LOW,
        Width.SHORT,
        "Connect timeout",
        "How long a connection may take to come about, in seconds or as a duration.");
    text(
        RedisSinkConfig.CLIENT_NAME,
        "tributary",
        Validators.parsedBy(
            "a name without spaces",
            text -> {
              if (!text.matches("[!-~]*")) {
                throw new IllegalArgumentException(
                    "must be of printable ASCII characters without spaces");
              }
            }),
        LOW,
        Width.SHORT,
        "Client name",
        "What CLIENT LIST shows the sink's connections as. A task has one connection to a server,"
            + " or to each master of a cluster; more tasks (tasks.max) have more.");
    bool(
        RedisSinkConfig.KEEP_ALIVE,
        true,
        LOW,
        "Keep-alive",
        "Whether the system probes connections that lie idle (TCP keep-alive), so that firewalls"
            + " keep them and dead ones are found.");
  }

  private void tls() {
    group("TLS");
    bool(
        RedisSinkConfig.TLS,
        false,
        MEDIUM,
        "TLS",
        "Whether to connect with TLS; rediss:// in redis.uri says so too. Also called redis.tls.");
    bool(
        RedisSinkConfig.TLS_VERIFY_HOST,
        true,
        LOW,
        "Check the host name",
        "Whether the server's certificate must be of the host that was asked for.");
    bool(
        RedisSinkConfig.INSECURE,
        false,
        LOW,
        "Take any certificate",
        "Whether to take any certificate of the server. Whoever can get in between reads and"
            + " changes everything then.");
    file(
        RedisSinkConfig.CA_CERTIFICATE,
        "CA certificates",
        "A PEM file with the certificates of the authorities to trust. Empty: the trust store's.");
    file(
        RedisSinkConfig.CERTIFICATE,
        "Client certificate",
        "A PEM file with the certificate (and its chain) to show to the server (mTLS).");
    file(
        RedisSinkConfig.KEY_FILE,
        "Client key",
        "A PEM file with the private key of redis.key.cert, in PKCS#8.");
    password(
        RedisSinkConfig.KEY_PASSWORD,
        LOW,
        "Client key's password",
        "The password of the private key. Empty for none.");
    file(
        RedisSinkConfig.TRUST_STORE,
        "Trust store",
        "A Java key store with the certificates of the authorities to trust. Empty: the JVM's.");
    password(
        RedisSinkConfig.TRUST_STORE_PASSWORD,
        LOW,
        "Trust store's password",
        "The password of the trust store.");
    text(
        RedisSinkConfig.TRUST_STORE_TYPE,
        "PKCS12",
        Validators.notBlank(),
        LOW,
        Width.SHORT,
        "Trust store's type",
        "The type of the trust store, such as PKCS12 or JKS.");
    file(
        RedisSinkConfig.KEY_STORE,
        "Key store",
        "A Java key store with the certificate and key to show to the server (mTLS).");
    password(
        RedisSinkConfig.KEY_STORE_PASSWORD,
        LOW,
        "Key store's password",
        "The password of the key store.");
    text(
        RedisSinkConfig.KEY_STORE_TYPE,
        "PKCS12",
        Validators.notBlank(),
        LOW,
        Width.SHORT,
        "Key store's type",
        "The type of the key store, such as PKCS12 or JKS.");
  }

  private void target() {
    group("Target");
    define(
        RedisSinkConfig.TYPE,
        ConfigDef.Type.STRING,
        "HASH",
        Validators.of(
            "one of " + Arrays.toString(RedisType.values()).replaceAll("[\\[\\]]", ""),
            SinkConfigDef::checkType),
        HIGH,
        Width.SHORT,
        "Data type",
        "What a record becomes. HASH: a hash with the fields of the record's row. STRING: a text."
            + " JSON: a document (JSON.SET; Redis 8 or Redis Stack). STREAM: an entry. LIST, SET,"
            + " ZSET: a member. TIMESERIES: a sample (TS.ADD; Redis 8 or Redis Stack). PUBSUB: a"
            + " message. Every key of the groups Target, Types, Values and Expiry can be set for a"
            + " topic of its own, as topic.NAME.KEY: topic.shop.public.orders.redis.type=STREAM.",
        Arrays.stream(RedisType.values()).map(RedisType::name).toList());
    text(
        RedisSinkConfig.COMMAND,
        "",
        Validators.of(
            "HSET, SET, JSONSET, JSONMERGE, XADD, LPUSH, RPUSH, SADD, ZADD, TSADD, PUBLISH or empty",
            SinkConfigDef::checkCommand),
        LOW,
        Width.SHORT,
        "Command",
        "The data type by the command that writes it, as redis-kafka-connect names it; redis.type"
            + " comes before it.");
    text(
        RedisSinkConfig.KEY,
        "",
        template("a key template such as user_features:${user_id}"),
        HIGH,
        Width.LONG,
        "Key",
        "Template of the Redis key (of the channel, for PUBSUB), such as user_features:${user_id}"
            + " or ${topic}:${key}. ${name} is a field of the row, else of the record's key;"
            + " ${key}, ${key.name}, ${value}, ${topic}, ${partition}, ${offset} and"
            + " ${header.name} are of the record; $$ is a dollar sign. A template that is the same"
            + " for all records of a topic is taken for redis.keyspace with HASH, STRING and JSON."
            + " Empty: made of redis.keyspace.");
    text(
        RedisSinkConfig.KEYSPACE,
        "${topic}",
        template("a key template such as ${topic}"),
        MEDIUM,
        Width.MEDIUM,
        "Keyspace",
        "What the Redis key begins with, where redis.key is not set; after it come"
            + " redis.separator and the record's key. With the other types than HASH, STRING and"
            + " JSON it is the whole key. Empty: the record's key alone.");
    text(
        RedisSinkConfig.SEPARATOR,
        ":",
        null,
        LOW,
        Width.SHORT,
        "Separator",
        "What stands between the keyspace and the record's key, and between the fields of a key"
            + " that has several.");
    text(
        RedisSinkConfig.CHARSET,
        "UTF-8",
        Validators.of("UTF-8", SinkConfigDef::checkCharset),
        LOW,
        Width.SHORT,
        "Charset",
        "Texts are written in UTF-8 on every platform.");
  }

  private void types() {
    group("Types");
    text(
        RedisSinkConfig.VALUE,
        "${value}",
        template("a template such as ${value} or ${amount}"),
        MEDIUM,
        Width.LONG,
        "Value",
        "Template of a STRING, of a PUBSUB message, and of a TIMESERIES sample. ${value} is the"
            + " row as JSON, or the record's value itself where it is no object.");
    text(
        RedisSinkConfig.MEMBER,
        "${key}",
        template("a template such as ${key} or ${user_id}"),
        MEDIUM,
        Width.LONG,
        "Member",
        "Template of the member of a LIST, SET or ZSET.");
    text(
        RedisSinkConfig.SCORE,
        "${value}",
        template("a template such as ${score}"),
        MEDIUM,
        Width.MEDIUM,
        "Score",
        "Template of a ZSET member's score, which must be a number.");
    choice(
        RedisSinkConfig.LIST_PUSH,
        ListEnd.RIGHT,
        LOW,
        "List end",
        "The end of a LIST that members are pushed at.");
    length(
        RedisSinkConfig.LIST_MAX_LENGTH,
        "List length",
        "How many members a LIST keeps, those pushed last. 0: all.");
    text(
        RedisSinkConfig.STREAM_ID,
        "*",
        template("a template such as * or ${ts_ms}-*"),
        LOW,
        Width.MEDIUM,
        "Entry ID",
        "Template of the ID of a STREAM's entries. IDs must rise; * has the server make them.");
    length(
        RedisSinkConfig.STREAM_MAX_LENGTH,
        "Stream length",
        "How many entries a STREAM keeps (MAXLEN). 0: all.");
    text(
        RedisSinkConfig.STREAM_MAX_AGE,
        "",
        SecondsOrDuration.orNone(),
        LOW,
        Width.SHORT,
        "Stream age",
        "How long a STREAM keeps its entries, by the time in their IDs (MINID); in seconds or as a"
            + " duration. Not together with redis.stream.maxlen. Empty: for ever.");
    choice(
        RedisSinkConfig.STREAM_TRIM,
        StreamTrimming.APPROXIMATE,
        LOW,
        "Stream trimming",
        "Whether streams are trimmed to the entry, or by whole nodes, which costs the server much"
            + " less.");
    choice(
        RedisSinkConfig.JSON_MODE,
        JsonMode.SET,
        MEDIUM,
        "JSON mode",
        "What a record does to a document. set: it replaces what is at the path. merge: members that"
            + " it does not have stay, and a null takes one away (JSON.MERGE).");
    text(
        RedisSinkConfig.JSON_PATH,
        "",
        null,
        LOW,
        Width.MEDIUM,
        "JSON path's header",
        "The header of the record that says the path in the document.");
    text(
        RedisSinkConfig.JSON_PATH_FIXED,
        "$",
        Validators.notBlank(),
        LOW,
        Width.MEDIUM,
        "JSON path",
        "The path in the document where no header says it.");
    text(
        RedisSinkConfig.TIMESERIES_TIMESTAMP,
        "${key}",
        template("a template such as ${ts_ms}"),
        MEDIUM,
        Width.MEDIUM,
        "Sample time",
        "Template of a TIMESERIES sample's time: milliseconds since 1970-01-01 UTC, or ISO 8601.");
    text(
        RedisSinkConfig.TIMESERIES_RETENTION,
        "",
        SecondsOrDuration.orNone(),
        LOW,
        Width.SHORT,
        "Series retention",
        "How long a TIMESERIES that the sink makes keeps its samples. Empty: for ever.");
    list(
        RedisSinkConfig.TIMESERIES_LABELS,
        pairs("name=template", text -> KeyTemplate.parse(text, "")),
        LOW,
        "Series labels",
        "Labels of a TIMESERIES that the sink makes, as name=template: sensor=${sensor_id}.");
    bool(
        RedisSinkConfig.PUBSUB_SHARDED,
        false,
        LOW,
        "Sharded channels",
        "Whether PUBSUB writes to sharded channels (SPUBLISH, Redis 7 and later).");
  }

  private void values() {
    group("Values");
    choice(
        RedisSinkConfig.HASH_MODE,
        HashMode.MERGE,
        MEDIUM,
        "Hash mode",
        "What becomes of fields that the hash has and the record does not. merge: they stay."
            + " replace: they go.");
    list(
        RedisSinkConfig.FIELDS_INCLUDE,
        null,
        MEDIUM,
        "Fields to write",
        "The fields of the row that are written. Empty: all.");
    list(
        RedisSinkConfig.FIELDS_EXCLUDE,
        null,
        MEDIUM,
        "Fields not to write",
        "Fields of the row that are not written.");
    list(
        RedisSinkConfig.FIELDS_RENAME,
        pairs("field=name", SinkConfigDef::checkName),
        MEDIUM,
        "Names of fields",
        "The names that fields get in Redis, as field=name. A nested field goes by its whole name,"
            + " such as address.city=town.");
    choice(
        RedisSinkConfig.NESTED,
        Nested.JSON,
        MEDIUM,
        "Nested values",
        "What becomes of structs and maps in the row of a HASH or STREAM. json: one field with JSON."
            + " flatten: a field for each of theirs, such as address.city. Arrays are JSON always.");
    text(
        RedisSinkConfig.NESTED_SEPARATOR,
        ".",
        Validators.notBlank(),
        LOW,
        Width.SHORT,
        "Nested separator",
        "What stands between the names of nested fields.");
    choice(
        RedisSinkConfig.NULL_VALUES,
        NullValues.DELETE,
        MEDIUM,
        "Nulls",
        "What a null in the row does to the field of a HASH. delete: the field goes. empty: it"
            + " becomes an empty string. skip: it stays as it is. An entry of a STREAM has no field"
            + " for a null, or with empty one without text.");
    choice(
        RedisSinkConfig.TIME_FORMAT,
        TimeFormat.ISO,
        LOW,
        "Times",
        "How Connect's and Debezium's dates and times are written. iso: 2026-11-20T10:15:30.123456Z."
            + " epoch-ms: milliseconds since 1970-01-01 UTC.");
    text(
        RedisSinkConfig.UNAVAILABLE,
        Unavailable.DEFAULT,
        null,
        LOW,
        Width.MEDIUM,
        "Placeholder of unknown values",
        "What the source writes in place of an unchanged large value (TOAST) that Postgres did not"
            + " send. Where the rest stays too (redis.hash.mode and redis.json.mode merge), such a"
            + " field stays as it is, and an entry of a STREAM lacks it; else the record is"
            + " rejected, as the value would be lost. REPLICA IDENTITY FULL on the source table"
            + " makes Postgres send it. Empty: the placeholder is written like any value.");
  }

  private void expiry() {
    group("Expiry");
    text(
        RedisSinkConfig.KEY_TTL,
        "",
        SecondsOrDuration.orNone(),
        MEDIUM,
        Width.SHORT,
        "TTL",
        "How long a key lives after the last write to it, in seconds or as a duration such as 30m"
            + " or 7d; set in one step with the write. Empty or -1: for ever.");
    text(
        RedisSinkConfig.KEY_TTL_FROM,
        "",
        template("a template such as ${ttl} or ${header.ttl}"),
        LOW,
        Width.MEDIUM,
        "TTL of the record",
        "Template of how long the key lives after this record's write, in seconds or as a duration:"
            + " a field or a header. Where the record has it not, redis.key.ttl counts; -1 stands"
            + " for ever.");
    text(
        RedisSinkConfig.KEY_EXPIRE_AT,
        "",
        template("a template such as ${valid_until}"),
        LOW,
        Width.MEDIUM,
        "Time of expiry",
        "Template of the point in time at which the key goes: milliseconds since 1970-01-01 UTC, or"
            + " ISO 8601, UTC where it names no zone. Where the record has it not,"
            + " redis.key.ttl.from and redis.key.ttl count.");
    list(
        RedisSinkConfig.FIELD_TTL,
        pairs("field=duration", SecondsOrDuration::parse),
        LOW,
        "TTL of fields",
        "How long single fields of a HASH live after each write to them, as field=duration, by their"
            + " names in Redis: event_count_1min=1m. Needs Redis 7.4 or Valkey 9 (HPEXPIRE).");
  }

  private void delivery() {
    group("Delivery");
    number(
        RedisSinkConfig.BATCH_SIZE,
        1000,
        1,
        1_000_000,
        MEDIUM,
        "Batch size",
        "How many records go to the server in one pipeline at most.");
    choice(
        RedisSinkConfig.VERSION,
        VersionMode.POSITION,
        MEDIUM,
        "Version",
        "What makes a repeated or late record harmless to a HASH. position: the hash carries the"
            + " offset of the last record that this connector wrote to it, for each topic and"
            + " partition, and a record at or before it changes nothing. field: it carries the"
            + " number in redis.version.from, and a record with a lesser one changes nothing,"
            + " whichever partition it comes from. none: every record is written as it comes.");
    text(
        RedisSinkConfig.VERSION_FROM,
        "source.lsn",
        Validators.parsedBy("a field path such as source.lsn", FieldPath::parse),
        LOW,
        Width.MEDIUM,
        "Version from",
        "The field that versions come from with redis.version=field: a whole number from 0 on that"
            + " rises with each change of a row. Tombstones, which have no field, do nothing then;"
            + " deletes come from change events.");
    text(
        RedisSinkConfig.VERSION_FIELD,
        "__v",
        Validators.of("a name without ':'", SinkConfigDef::checkVersionField),
        LOW,
        Width.SHORT,
        "Version field",
        "What the names of the fields begin with that carry the versions. A hash that connector"
            + " features wrote from topic orders, partition 3, has a field __v:features:orders-3."
            + " Set another name to write a topic again from its start on purpose, or after it was"
            + " deleted and made anew.");
    choice(
        RedisSinkConfig.OFFSETS,
        OffsetStorage.REDIS,
        MEDIUM,
        "Offsets",
        "Where the sink keeps how far it has come, for all types but HASH, which has versions."
            + " redis: in Redis, in one step with the data, so that every record is written once;"
            + " the sink takes up there. kafka: in Kafka alone, so that records may be written"
            + " again after a crash.");
    text(
        RedisSinkConfig.OFFSETS_KEY,
        "__tributary:offsets",
        Validators.notBlank(),
        LOW,
        Width.MEDIUM,
        "Offsets key",
        "What the key of the hash begins with that holds the offsets; behind it comes the name of"
            + " the connector (and, in a cluster, the slot), and each topic's partition has a field"
            + " such as orders-3. It must not be evicted. Set another one to write topics again from"
            + " their start on purpose.");
    bool(
        RedisSinkConfig.DELETE_ENABLED,
        true,
        MEDIUM,
        "Deletes",
        "Whether a tombstone and a delete of a CDC topic delete. If not, they do nothing. A STREAM"
            + " gets an entry and a channel a message with __deleted=true for them.");
    bool(
        RedisSinkConfig.DELETE_TOMBSTONES,
        true,
        LOW,
        "Tombstones",
        "Whether tombstones delete too. Where every tombstone follows a delete of the same row, as"
            + " Debezium sends them, they are of no use, and a STREAM need not tell each delete"
            + " twice.");
    text(
        RedisSinkConfig.DELETE_MARKER_TTL,
        "5m",
        SecondsOrDuration.orNone(),
        LOW,
        Width.SHORT,
        "Delete marker TTL",
        "How long a deleted hash keeps its version field, and nothing else, so that a late older"
            + " write does not bring it back; in seconds or as a duration. Empty or 0: the key goes"
            + " at once.");
    number(
        RedisSinkConfig.WAIT_REPLICAS,
        0,
        0,
        100,
        LOW,
        "Replicas to wait for",
        "How many replicas must have a batch before it counts as written (WAIT). 0: none.");
    text(
        RedisSinkConfig.WAIT_TIMEOUT,
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
    longNumber(
        RedisSinkConfig.RETRY_BACKOFF_MS,
        200L,
        "First retry after (ms)",
        "The wait before a batch is sent again when the server is away; doubled with each attempt,"
            + " with jitter.");
    longNumber(
        RedisSinkConfig.RETRY_BACKOFF_MAX_MS,
        10_000L,
        "Longest retry wait (ms)",
        "The longest wait before a batch is sent again. Attempts go on for ever.");
  }

  private static void checkType(String name, Object value) {
    try {
      RedisType.valueOf(value.toString().trim().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          name,
          value,
          "is no data type of Redis; set one of "
              + Arrays.toString(RedisType.values()).replaceAll("[\\[\\]]", ""));
    }
  }

  private static void checkCommand(String name, Object value) {
    if (!value.toString().isBlank() && RedisType.ofCommand(value.toString()).isEmpty()) {
      throw new ConfigException(
          name, value, "is no command that the sink writes with; set redis.type");
    }
  }

  private static void checkCharset(String name, Object value) {
    if (!value.toString().trim().equalsIgnoreCase("UTF-8")) {
      throw new ConfigException(name, value, "is not supported; texts are written in UTF-8");
    }
  }

  private static void checkName(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a name must not be blank");
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

  private static void checkHosts(String name, Object value) {
    for (Object host : (List<?>) value) {
      try {
        RedisAddress.Host.parse(host.toString(), 6379);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(name, host, "is no host:port");
      }
    }
  }

  private static ConfigDef.Validator pairs(String description, Consumer<String> values) {
    return Validators.of(
        description + ", " + description + " and so on",
        (name, value) -> {
          for (Object pair : (List<?>) value) {
            try {
              Map.Entry<String, String> entry = RedisSinkConfig.pair(pair.toString());
              values.accept(entry.getValue());
            } catch (IllegalArgumentException e) {
              throw new ConfigException(
                  name, pair, "must be " + description + ": " + e.getMessage());
            }
          }
        });
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

  private void file(String key, String displayName, String doc) {
    text(key, "", null, LOW, Width.LONG, displayName, doc);
  }

  private void password(String key, Importance importance, String displayName, String doc) {
    define(
        key,
        ConfigDef.Type.PASSWORD,
        new Password(""),
        null,
        importance,
        Width.MEDIUM,
        displayName,
        doc,
        List.of());
  }

  private void bool(
      String key, boolean value, Importance importance, String displayName, String doc) {
    define(
        key,
        ConfigDef.Type.BOOLEAN,
        value,
        null,
        importance,
        Width.SHORT,
        displayName,
        doc,
        List.of());
  }

  private void list(
      String key,
      ConfigDef.Validator validator,
      Importance importance,
      String displayName,
      String doc) {
    define(
        key,
        ConfigDef.Type.LIST,
        List.of(),
        validator,
        importance,
        Width.LONG,
        displayName,
        doc,
        List.of());
  }

  private void number(
      String key,
      int value,
      int min,
      int max,
      Importance importance,
      String displayName,
      String doc) {
    define(
        key,
        ConfigDef.Type.INT,
        value,
        ConfigDef.Range.between(min, max),
        importance,
        Width.SHORT,
        displayName,
        doc,
        List.of());
  }

  private void length(String key, String displayName, String doc) {
    define(
        key,
        ConfigDef.Type.LONG,
        (long) ANY_LENGTH,
        ConfigDef.Range.between(0, Long.MAX_VALUE),
        MEDIUM,
        Width.SHORT,
        displayName,
        doc,
        List.of());
  }

  private void longNumber(String key, long value, String displayName, String doc) {
    define(
        key,
        ConfigDef.Type.LONG,
        value,
        ConfigDef.Range.between(1, 86_400_000),
        LOW,
        Width.SHORT,
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
