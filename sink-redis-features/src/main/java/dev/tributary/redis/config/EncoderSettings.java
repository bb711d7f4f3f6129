package dev.tributary.redis.config;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Unavailable;
import dev.tributary.redis.command.Expiry;
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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what decides how the records of a topic are encoded. */
final class EncoderSettings {
  private final RedisSinkConfig config;
  private final FieldSelection selection;
  private final Renames renames;

  EncoderSettings(RedisSinkConfig config) {
    this.config = config;
    this.selection =
        new FieldSelection(
            Set.copyOf(config.getList(ValueKeys.FIELDS_INCLUDE)),
            Set.copyOf(config.getList(ValueKeys.FIELDS_EXCLUDE)));
    this.renames = new Renames(config.pairs(ValueKeys.FIELDS_RENAME));
  }

  /** A new encoder, for one task. */
  RecordEncoder encoder() {
    Encoders encoders = encoders();
    return switch (config.type()) {
      case HASH -> encoders.hash(constant(HashMode.class, ValueKeys.HASH_MODE));
      case STRING -> encoders.string(value(TypeKeys.VALUE));
      case STREAM -> encoders.stream(value(TypeKeys.STREAM_ID), streamTrim());
      case JSON ->
          encoders.json(
              constant(JsonMode.class, TypeKeys.JSON_MODE),
              config.getString(TypeKeys.JSON_PATH),
              config.getString(TypeKeys.JSON_PATH_FIXED));
      case LIST ->
          encoders.list(
              value(TypeKeys.MEMBER),
              constant(ListEnd.class, TypeKeys.LIST_PUSH),
              config.getLong(TypeKeys.LIST_MAX_LENGTH));
      case SET -> encoders.set(value(TypeKeys.MEMBER));
      case ZSET -> encoders.zset(value(TypeKeys.MEMBER), value(TypeKeys.SCORE));
      case TIMESERIES ->
          encoders.timeSeries(
              value(TypeKeys.TIMESERIES_TIMESTAMP),
              value(TypeKeys.VALUE),
              config.duration(TypeKeys.TIMESERIES_RETENTION),
              labels());
      case PUBSUB ->
          encoders.pubSub(value(TypeKeys.VALUE), config.getBoolean(TypeKeys.PUBSUB_SHARDED));
    };
  }

  private Encoders encoders() {
    boolean deletes = config.getBoolean(DeliveryKeys.DELETE_ENABLED);
    return new Encoders(
        keyTemplate(),
        expiryRule(),
        new RecordEncoder.Deletes(
            deletes, deletes && config.getBoolean(DeliveryKeys.DELETE_TOMBSTONES)),
        selection,
        renames,
        constant(Nested.class, ValueKeys.NESTED),
        config.getString(ValueKeys.NESTED_SEPARATOR),
        constant(NullValues.class, ValueKeys.NULL_VALUES),
        constant(TimeFormat.class, ValueKeys.TIME_FORMAT),
        new Unavailable(config.getString(ValueKeys.UNAVAILABLE)),
        config.versionMode() == VersionMode.FIELD
            ? Optional.of(FieldPath.parse(config.getString(DeliveryKeys.VERSION_FROM)))
            : Optional.empty());
  }

  private KeyTemplate keyTemplate() {
    String separator = config.getString(TargetKeys.SEPARATOR);
    String key = config.getString(TargetKeys.KEY);
    String given = key.isBlank() ? config.getString(TargetKeys.KEYSPACE) : key;
    if (given.isBlank()) {
      return KeyTemplate.parse("${key}", separator);
    }
    KeyTemplate template = KeyTemplate.parse(given, separator);
    boolean whole = config.type().isCollection() || (!key.isBlank() && !template.isSameForATopic());
    return whole
        ? template
        : KeyTemplate.parse(given + separator.replace("$", "$$") + "${key}", separator);
  }

  private ExpiryRule expiryRule() {
    Duration ttl = config.duration(ExpiryKeys.KEY_TTL);
    // a hash that was deleted has a marker whose time must not end the life of the next one
    boolean markers = config.type() == RedisType.HASH && config.versionMode() != VersionMode.NONE;
    Expiry none = markers ? Expiry.NEVER : Expiry.UNTOUCHED;
    return new ExpiryRule(
        ttl.isZero() ? none : Expiry.in(ttl.toMillis()),
        config.set(ExpiryKeys.KEY_EXPIRE_AT).map(this::template),
        config.set(ExpiryKeys.KEY_TTL_FROM).map(this::template),
        SecondsOrDuration::parseOrNone);
  }

  private StreamTrim streamTrim() {
    return new StreamTrim(
        config.getLong(TypeKeys.STREAM_MAX_LENGTH),
        config.duration(TypeKeys.STREAM_MAX_AGE),
        constant(StreamTrimming.class, TypeKeys.STREAM_TRIM) == StreamTrimming.EXACT,
        System::currentTimeMillis);
  }

  private Map<String, KeyTemplate> labels() {
    Map<String, KeyTemplate> labels = new LinkedHashMap<>();
    config
        .pairs(TypeKeys.TIMESERIES_LABELS)
        .forEach((name, text) -> labels.put(name, template(text)));
    return labels;
  }

  private KeyTemplate template(String text) {
    return KeyTemplate.parse(text, config.getString(TargetKeys.SEPARATOR));
  }

  /** A template whose {@code ${value}} has the chosen fields only. */
  private KeyTemplate value(String key) {
    return KeyTemplate.parse(
        config.getString(key), config.getString(TargetKeys.SEPARATOR), selection, renames);
  }

  private <E extends Enum<E>> E constant(Class<E> choices, String key) {
    return Validators.constant(choices, config.getString(key));
  }
}
