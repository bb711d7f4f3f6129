package dev.tributary.redis.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import dev.tributary.common.config.Validators;
import java.util.Arrays;
import java.util.Locale;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** What records become, and under which key. */
public final class TargetKeys {
  public static final String TYPE = "redis.type";
  public static final String COMMAND = "redis.command";
  public static final String KEY = "redis.key";
  public static final String KEYSPACE = "redis.keyspace";
  public static final String SEPARATOR = "redis.separator";
  public static final String CHARSET = "redis.charset";

  private TargetKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Target");
    keys.define(
        TYPE,
        ConfigDef.Type.STRING,
        "HASH",
        Validators.of(
            "one of " + Arrays.toString(RedisType.values()).replaceAll("[\\[\\]]", ""),
            TargetKeys::checkType),
        HIGH,
        Width.SHORT,
        "Data type",
        "What a record becomes. HASH: a hash with the fields of the record's row. STRING: a text."
            + " JSON: a document (JSON.SET; Redis 8 or Redis Stack). STREAM: an entry. LIST, SET,"
            + " ZSET: a member. TIMESERIES: a sample (TS.ADD; Redis 8 or Redis Stack). PUBSUB: a"
            + " message. Every key of the groups Target, Types, Values and Expiry can be set for a"
            + " topic of its own, as topic.NAME.KEY: topic.shop.public.orders.redis.type=STREAM.",
        Arrays.stream(RedisType.values()).map(RedisType::name).toList());
    keys.text(
        COMMAND,
        "",
        Validators.of(
            "HSET, SET, JSONSET, JSONMERGE, XADD, LPUSH, RPUSH, SADD, ZADD, TSADD, PUBLISH or empty",
            TargetKeys::checkCommand),
        LOW,
        Width.SHORT,
        "Command",
        "The data type by the command that writes it, as redis-kafka-connect names it; redis.type"
            + " comes before it.");
    keys.text(
        KEY,
        "",
        KeyDefinitions.template("a key template such as user_features:${user_id}"),
        HIGH,
        Width.LONG,
        "Key",
        "Template of the Redis key (of the channel, for PUBSUB), such as user_features:${user_id}"
            + " or ${topic}:${key}. ${name} is a field of the row, else of the record's key;"
            + " ${key}, ${key.name}, ${value}, ${topic}, ${partition}, ${offset} and"
            + " ${header.name} are of the record; $$ is a dollar sign. A template that is the same"
            + " for all records of a topic is taken for redis.keyspace with HASH, STRING and JSON."
            + " Empty: made of redis.keyspace.");
    keys.text(
        KEYSPACE,
        "${topic}",
        KeyDefinitions.template("a key template such as ${topic}"),
        MEDIUM,
        Width.MEDIUM,
        "Keyspace",
        "What the Redis key begins with, where redis.key is not set; after it come"
            + " redis.separator and the record's key. With the other types than HASH, STRING and"
            + " JSON it is the whole key. Empty: the record's key alone.");
    keys.text(
        SEPARATOR,
        ":",
        null,
        LOW,
        Width.SHORT,
        "Separator",
        "What stands between the keyspace and the record's key, and between the fields of a key"
            + " that has several.");
    keys.text(
        CHARSET,
        "UTF-8",
        Validators.of("UTF-8", TargetKeys::checkCharset),
        LOW,
        Width.SHORT,
        "Charset",
        "Texts are written in UTF-8 on every platform.");
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
}
