package dev.tributary.clickhouse.types;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import org.apache.kafka.connect.data.Schema;

/**
 * Writers of Time and Time64: seconds, or ticks of 10^-scale seconds, between -999:59:59 and
 * 999:59:59. A number without a logical type is taken in the column's own unit.
 */
final class TimesOfDay {
  private static final long MAX_SECONDS = 999 * 3_600L + 59 * 60 + 59;
  private static final int UNKNOWN = -1;

  private TimesOfDay() {}

  static ValueWriter time(Schema schema) {
    int unit = unit(schema);
    return (out, value) -> out.int32((int) ticks(value, unit, 0, "Time"));
  }

  static ValueWriter time64(ColumnType.Time64 type, Schema schema) {
    int unit = unit(schema);
    String name = type.sql();
    return (out, value) -> out.int64(ticks(value, unit, type.scale(), name));
  }

  private static int unit(Schema schema) {
    String name = schema == null || schema.name() == null ? "" : schema.name();
    return switch (name) {
      case "io.debezium.time.Time", "org.apache.kafka.connect.data.Time" -> 3;
      case "io.debezium.time.MicroTime", "io.debezium.time.MicroDuration" -> 6;
      case "io.debezium.time.NanoTime", "io.debezium.time.NanoDuration" -> 9;
      default -> UNKNOWN;
    };
  }

  private static long ticks(Object value, int unit, int scale, String type) {
    long ticks;
    try {
      if (value instanceof Long || value instanceof Integer) {
        long number = ((Number) value).longValue();
        ticks = unit == UNKNOWN ? number : Times.rescale(number, unit, scale);
      } else if (value instanceof java.util.Date date) {
        ticks = Times.rescale(date.toInstant().toEpochMilli(), 3, scale);
      } else if (value instanceof String text) {
        ticks = Times.rescale(nanos(text, type), 9, scale);
      } else {
        throw Writers.mismatch(value, type);
      }
    } catch (ArithmeticException e) {
      throw Writers.outOfRange(type);
    }
    long limit = (MAX_SECONDS + 1) * Times.POWERS[scale];
    if (ticks <= -limit || ticks >= limit) {
      throw Writers.outOfRange(type);
    }
    return ticks;
  }

  /** {@code 10:15:30.5}, {@code 10:15:30Z} or with an offset, which is taken away: UTC remains. */
  private static long nanos(String text, String type) {
    try {
      boolean offset = text.endsWith("Z") || text.indexOf('+') > 0 || text.indexOf('-') > 0;
      return offset
          ? OffsetTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toLocalTime().toNanoOfDay()
          : LocalTime.parse(text).toNanoOfDay();
    } catch (DateTimeException e) {
      throw new UnwritableValueException("a text that is no time of day does not fit " + type);
    }
  }
}
