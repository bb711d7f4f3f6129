package dev.tributary.redis.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import org.apache.kafka.common.config.ConfigDef.Width;

/** How long what is written lives. */
public final class ExpiryKeys {
  public static final String KEY_TTL = "redis.key.ttl";
  public static final String KEY_TTL_FROM = "redis.key.ttl.from";
  public static final String KEY_EXPIRE_AT = "redis.key.expire.at";
  public static final String FIELD_TTL = "redis.field.ttl";

  private ExpiryKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Expiry");
    keys.text(
        KEY_TTL,
        "",
        SecondsOrDuration.orNone(),
        MEDIUM,
        Width.SHORT,
        "TTL",
        "How long a key lives after the last write to it, in seconds or as a duration such as 30m"
            + " or 7d; set in one step with the write. Empty or -1: for ever.");
    keys.text(
        KEY_TTL_FROM,
        "",
        KeyDefinitions.template("a template such as ${ttl} or ${header.ttl}"),
        LOW,
        Width.MEDIUM,
        "TTL of the record",
        "Template of how long the key lives after this record's write, in seconds or as a duration:"
            + " a field or a header. Where the record has it not, redis.key.ttl counts; -1 stands"
            + " for ever.");
    keys.text(
        KEY_EXPIRE_AT,
        "",
        KeyDefinitions.template("a template such as ${valid_until}"),
        LOW,
        Width.MEDIUM,
        "Time of expiry",
        "Template of the point in time at which the key goes: milliseconds since 1970-01-01 UTC, or"
            + " ISO 8601, UTC where it names no zone. Where the record has it not,"
            + " redis.key.ttl.from and redis.key.ttl count.");
    keys.list(
        FIELD_TTL,
        KeyDefinitions.pairs("field=duration", SecondsOrDuration::parse),
        LOW,
        "TTL of fields",
        "How long single fields of a HASH live after each write to them, as field=duration, by their"
            + " names in Redis: event_count_1min=1m. Needs Redis 7.4 or Valkey 9 (HPEXPIRE).");
  }
}
