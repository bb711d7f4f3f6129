package dev.tributary.redis.encode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * Gives values whose schema has a semantic name their meaning: what Connect's and Debezium's times
 * and decimals are in plain values (String, Long, BigDecimal).
 *
 * <p>The names are those of Connect's {@code data} package and of the "Data types" chapter of
 * Debezium's documentation of its Postgres connector.
 */
final class SemanticTypes {
  private static final long DAY_MS = 86_400_000L;
  private static final long HOUR_NS = 3_600_000_000_000L;

  private final boolean iso;

  SemanticTypes(TimeFormat format) {
    this.iso = format == TimeFormat.ISO;
  }

  /** The plain value of a value that is not null. */
  Object plain(Schema schema, Object value) {
    if (schema == null || schema.name() == null) {
      return value;
    }
    UnaryOperator<Object> reader = reader(schema);
    return reader == null ? value : reader.apply(value);
  }

  /** What reads values of a schema, or null where they are plain already. */
  UnaryOperator<Object> reader(Schema schema) {
    if (schema.name() == null) {
      return null;
    }
    return switch (schema.name()) {
      case "org.apache.kafka.connect.data.Date" -> this::connectDate;
      case "org.apache.kafka.connect.data.Time" -> this::connectTime;
      case "org.apache.kafka.connect.data.Timestamp" -> this::connectTimestamp;
      case "io.debezium.time.Date" -> value -> date(integer(value));
      case "io.debezium.time.Time" -> value -> time(Math.multiplyExact(integer(value), 1_000_000L));
      case "io.debezium.time.MicroTime" ->
          value -> time(Math.multiplyExact(integer(value), 1_000L));
      case "io.debezium.time.NanoTime" -> value -> time(integer(value));
      case "io.debezium.time.Timestamp" -> value -> timestamp(integer(value), 1_000);
      case "io.debezium.time.MicroTimestamp" -> value -> timestamp(integer(value), 1_000_000);
      case "io.debezium.time.NanoTimestamp" -> value -> timestamp(integer(value), 1_000_000_000);
      case "io.debezium.time.ZonedTimestamp" -> iso ? null : SemanticTypes::zonedTimestamp;
      case "io.debezium.time.ZonedTime" -> iso ? null : SemanticTypes::zonedTime;
      case "io.debezium.data.VariableScaleDecimal" ->
          schema.type() == Schema.Type.STRUCT ? SemanticTypes::decimal : null;
      default -> null;
    };
  }

  /** A point in time of a schemaless record. */
  Object connectTimestamp(Object value) {
    if (!(value instanceof Date date)) {
      return value;
    }
    return iso
        ? DateTimeFormatter.ISO_INSTANT.format(date.toInstant())
        : (Object) date.toInstant().toEpochMilli();
  }

  private Object connectDate(Object value) {
    return value instanceof Date date
        ? date(Math.floorDiv(date.toInstant().toEpochMilli(), DAY_MS))
        : value;
  }

  private Object connectTime(Object value) {
    return value instanceof Date date
        ? time(Math.multiplyExact(date.toInstant().toEpochMilli(), 1_000_000L))
        : value;
  }

  private Object date(long days) {
    return iso ? LocalDate.ofEpochDay(days).toString() : (Object) (days * DAY_MS);
  }

  private Object time(long nanos) {
    if (!iso) {
      return nanos / 1_000_000;
    }
    // no LocalTime of it all: Postgres has 24:00:00, and MySQL's TIME is a span that may be
    // negative
    long length = Math.absExact(nanos);
    String inHour =
        DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(length % HOUR_NS));
    long hours = length / HOUR_NS;
    return (nanos < 0 ? "-" : "") + (hours < 10 ? "0" : "") + hours + inHour.substring(2);
  }

  private Object timestamp(long count, long perSecond) {
    if (!iso) {
      return Math.floorDiv(count, perSecond / 1_000);
    }
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(count, perSecond),
            (int) (Math.floorMod(count, perSecond) * (1_000_000_000 / perSecond)),
            ZoneOffset.UTC);
    return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
  }

  private static Object zonedTimestamp(Object value) {
    try {
      return OffsetDateTime.parse(value.toString()).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      // without the cause, whose message quotes the value
      throw new UnwritableRecordException(
          "a timestamp is not within what epoch milliseconds can say");
    }
  }

  private static Object zonedTime(Object value) {
    try {
      OffsetTime time = OffsetTime.parse(value.toString());
      return time.withOffsetSameInstant(ZoneOffset.UTC).toLocalTime().toNanoOfDay() / 1_000_000;
    } catch (DateTimeException e) {
      throw new UnwritableRecordException("a time of day with zone is not in ISO 8601");
    }
  }

  /** {@code scale} and {@code value}, the unscaled number in two's complement, big-endian. */
  private static Object decimal(Object value) {
    Struct struct = (Struct) value;
    Field unscaled = struct.schema().field("value");
    Field scale = struct.schema().field("scale");
    if (unscaled == null || scale == null) {
      throw new DataException("a VariableScaleDecimal without scale and value");
    }
    return new BigDecimal(
        new BigInteger(bytes(struct.get(unscaled))), ((Number) struct.get(scale)).intValue());
  }

  static byte[] bytes(Object value) {
    if (value instanceof byte[] array) {
      return array;
    }
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static long integer(Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    throw new UnwritableRecordException(
        "a time is no number but " + value.getClass().getName() + ", against its schema");
  }
}
