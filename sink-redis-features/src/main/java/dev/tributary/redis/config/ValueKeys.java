package dev.tributary.redis.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.Unavailable;
import dev.tributary.redis.encode.HashMode;
import dev.tributary.redis.encode.Nested;
import dev.tributary.redis.encode.NullValues;
import dev.tributary.redis.encode.TimeFormat;
import org.apache.kafka.common.config.ConfigDef.Width;

/** How the values of a row are written. */
public final class ValueKeys {
  public static final String HASH_MODE = "redis.hash.mode";
  public static final String FIELDS_INCLUDE = "fields.include";
  public static final String FIELDS_EXCLUDE = "fields.exclude";
  public static final String FIELDS_RENAME = "fields.rename";
  public static final String NESTED = "redis.nested";
  public static final String NESTED_SEPARATOR = "redis.nested.separator";
  public static final String NULL_VALUES = "null.values";
  public static final String TIME_FORMAT = "redis.time.format";
  public static final String UNAVAILABLE = "unavailable.value.placeholder";

  private ValueKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Values");
    keys.choice(
        HASH_MODE,
        HashMode.MERGE,
        MEDIUM,
        "Hash mode",
        "What becomes of fields that the hash has and the record does not. merge: they stay."
            + " replace: they go.");
    keys.list(
        FIELDS_INCLUDE,
        null,
        MEDIUM,
        "Fields to write",
        "The fields of the row that are written. Empty: all.");
    keys.list(
        FIELDS_EXCLUDE,
        null,
        MEDIUM,
        "Fields not to write",
        "Fields of the row that are not written.");
    keys.list(
        FIELDS_RENAME,
        KeyDefinitions.pairs("field=name", ValueKeys::checkName),
        MEDIUM,
        "Names of fields",
        "The names that fields get in Redis, as field=name. A nested field goes by its whole name,"
            + " such as address.city=town.");
    keys.choice(
        NESTED,
        Nested.JSON,
        MEDIUM,
        "Nested values",
        "What becomes of structs and maps in the row of a HASH or STREAM. json: one field with JSON."
            + " flatten: a field for each of theirs, such as address.city. Arrays are JSON always.");
    keys.text(
        NESTED_SEPARATOR,
        ".",
        Validators.notBlank(),
        LOW,
        Width.SHORT,
        "Nested separator",
        "What stands between the names of nested fields.");
    keys.choice(
        NULL_VALUES,
        NullValues.DELETE,
        MEDIUM,
        "Nulls",
        "What a null in the row does to the field of a HASH. delete: the field goes. empty: it"
            + " becomes an empty string. skip: it stays as it is. An entry of a STREAM has no field"
            + " for a null, or with empty one without text.");
    keys.choice(
        TIME_FORMAT,
        TimeFormat.ISO,
        LOW,
        "Times",
        "How Connect's and Debezium's dates and times are written. iso: 2026-11-20T10:15:30.123456Z."
            + " epoch-ms: milliseconds since 1970-01-01 UTC.");
    keys.text(
        UNAVAILABLE,
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

  private static void checkName(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a name must not be blank");
    }
  }
}
