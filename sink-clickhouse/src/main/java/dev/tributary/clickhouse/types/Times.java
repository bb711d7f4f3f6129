package dev.tributary.clickhouse.types;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.apache.kafka.connect.data.Schema;

/**
 * Writers of dates and points in time.
 *
 * <p>What a number counts is told by its schema's name (Connect's and Debezium's logical types); a
 * number without such a name is taken in the column's own unit: days, seconds, or ticks of its
 * scale. Finer parts than the column keeps are cut off downwards; a point outside the column's
 * range is refused.
 */
final class Times {
  static final long[] POWERS = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
  };
  private static final long DAY_MS = 86_400_000L;
  private static final long MIN_DAY = LocalDate.of(1900, 1, 1).toEpochDay();
  private static final long MAX_DAY = LocalDate.of(2299, 12, 31).toEpochDay();
  private static final int UNKNOWN = -1;
  private static final int DAYS = -2;

  private Times() {}

  static ValueWriter dateTime64(ColumnType.DateTime64 type, Schema schema, TimeTexts texts) {
    String name = type.sql();
    int scale = type.scale();
    int unit = unit(schema);
    ZoneId zone = type.zone() == null ? ZoneOffset.UTC : type.zone();
    long min = MIN_DAY * 86_400 * POWERS[scale];
    // at scale 9 the 64 bits end before the calendar does
    long max = scale == 9 ? Long.MAX_VALUE : ((MAX_DAY + 1) * 86_400) * POWERS[scale] - 1;
    return (out, value) -> {
      long ticks = ticks(value, unit, scale, zone, name, texts);
      if (ticks < min || ticks > max) {
        throw Writers.outOfRange(name);
      }
      out.int64(ticks);
    };
  }

  static ValueWriter dateTime(ColumnType.DateTime type, Schema schema, TimeTexts texts) {
    String name = type.sql();
    int unit = unit(schema);
    ZoneId zone = type.zone() == null ? ZoneOffset.UTC : type.zone();
    return (out, value) -> {
      long seconds = ticks(value, unit, 0, zone, name, texts);
      if (seconds < 0 || seconds > 0xFFFF_FFFFL) {
        throw Writers.outOfRange(name);
      }
      out.int32((int) seconds);
    };
  }

  static ValueWriter date(Schema schema, TimeTexts texts) {
    int unit = unit(schema);
    return (out, value) -> {
      long day = day(value, unit, "Date", texts);
      if (day < 0 || day > 0xFFFF) {
        throw Writers.outOfRange("Date");
      }
      out.int16((int) day);
    };
  }

  static ValueWriter date32(Schema schema, TimeTexts texts) {
    int unit = unit(schema);
    return (out, value) -> {
      long day = day(value, unit, "Date32", texts);
      if (day < MIN_DAY || day > MAX_DAY) {
        throw Writers.outOfRange("Date32");
      }
      out.int32((int) day);
    };
  }

  /** The power of ten that a second is divided by, or one of the constants. */
  private static int unit(Schema schema) {
    String name = schema == null || schema.name() == null ? "" : schema.name();
    return switch (name) {
      case "io.debezium.time.Timestamp", "org.apache.kafka.connect.data.Timestamp" -> 3;
      case "io.debezium.time.MicroTimestamp" -> 6;
      case "io.debezium.time.NanoTimestamp" -> 9;
      case "io.debezium.time.Date", "org.apache.kafka.connect.data.Date" -> DAYS;
      default -> UNKNOWN;
    };
  }

  private static long ticks(
      Object value, int unit, int scale, ZoneId zone, String type, TimeTexts texts) {
    try {
      if (value instanceof Long || value instanceof Integer) {
        long number = ((Number) value).longValue();
        return switch (unit) {
          case UNKNOWN -> number;
          case DAYS -> Math.multiplyExact(number, 86_400 * POWERS[scale]);
          default -> rescale(number, unit, scale);
        };
      }
      if (value instanceof java.util.Date date) {
        return rescale(date.toInstant().toEpochMilli(), 3, scale);
      }
      if (value instanceof String text) {
        Instant instant = texts.instant(text, zone, type);
        return Math.addExact(
            Math.multiplyExact(instant.getEpochSecond(), POWERS[scale]),
            instant.getNano() / POWERS[9 - scale]);
      }
    } catch (ArithmeticException e) {
      throw Writers.outOfRange(type);
    }
    throw Writers.mismatch(value, type);
  }

  static long rescale(long number, int from, int to) {
    return to >= from
        ? Math.multiplyExact(number, POWERS[to - from])
        : Math.floorDiv(number, POWERS[from - to]);
  }

  private static long day(Object value, int unit, String type, TimeTexts texts) {
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      return unit >= 0 ? Math.floorDiv(number, 86_400 * POWERS[unit]) : number;
    }
    if (value instanceof java.util.Date date) {
      return Math.floorDiv(date.toInstant().toEpochMilli(), DAY_MS);
    }
    if (value instanceof String text) {
      return texts.day(text, type);
    }
    throw Writers.mismatch(value, type);
  }
}
