package dev.tributary.postgres.types;

import java.util.function.Supplier;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;

/** Dates, times and intervals, as {@link TypeModes.Times} has them. */
@SuppressWarnings("JavaUtilDate") // what Connect's own Date, Time and Timestamp carry
final class TimeTypes {
  private static final int FINEST = 6; // digits behind the second
  private static final int MILLIS = 3;

  private final TypeModes modes;

  TimeTypes(TypeModes modes) {
    this.modes = modes;
  }

  ValueType date() {
    return switch (modes.times()) {
      case CONNECT -> ValueType.of(Date::builder, TextTimes::dateAsDate, new java.util.Date(0));
      case ISOSTRING -> time("IsoDate", SchemaBuilder::string, TextTimes::isoDate, "1970-01-01Z");
      case STRUCTURED -> StructuredTimes.date();
      default -> time("Date", SchemaBuilder::int32, TextTimes::date, 0);
    };
  }

  ValueType time(int modifier) {
    int precision = precision(modifier);
    return switch (modes.times()) {
      case ADAPTIVE -> precision <= MILLIS ? timeInMillis() : timeInMicros();
      case ADAPTIVE_TIME_MICROSECONDS, MICROSECONDS -> timeInMicros();
      case NANOSECONDS -> time("NanoTime", SchemaBuilder::int64, TextTimes::timeNanos, 0L);
      case CONNECT -> ValueType.of(Time::builder, TextTimes::timeAsDate, new java.util.Date(0));
      case ISOSTRING -> time("IsoTime", SchemaBuilder::string, TextTimes::isoTime, "00:00:00Z");
      case STRUCTURED -> StructuredTimes.time(precision);
    };
  }

  private static ValueType timeInMillis() {
    return time("Time", SchemaBuilder::int32, TextTimes::timeMillis, 0);
  }

  private static ValueType timeInMicros() {
    return time("MicroTime", SchemaBuilder::int64, TextTimes::timeMicros, 0L);
  }

  ValueType timestamp(int modifier) {
    int precision = precision(modifier);
    return switch (modes.times()) {
      case ADAPTIVE, ADAPTIVE_TIME_MICROSECONDS ->
          precision <= MILLIS ? timestampInMillis() : timestampInMicros();
      case MICROSECONDS -> timestampInMicros();
      case NANOSECONDS ->
          time("NanoTimestamp", SchemaBuilder::int64, TextTimes::timestampNanos, 0L);
      case CONNECT ->
          ValueType.of(Timestamp::builder, TextTimes::timestampAsDate, new java.util.Date(0));
      case ISOSTRING ->
          time(
              "IsoTimestamp",
              SchemaBuilder::string,
              TextTimes::isoTimestamp,
              "1970-01-01T00:00:00Z");
      case STRUCTURED -> StructuredTimes.timestamp(precision);
    };
  }

  private static ValueType timestampInMillis() {
    return time("Timestamp", SchemaBuilder::int64, TextTimes::timestampMillis, 0L);
  }

  private static ValueType timestampInMicros() {
    return time("MicroTimestamp", SchemaBuilder::int64, TextTimes::timestampMicros, 0L);
  }

  ValueType zonedTimestamp(int modifier) {
    int precision = precision(modifier);
    if (modes.times() == TypeModes.Times.STRUCTURED) {
      return StructuredTimes.zonedTimestamp(precision);
    }
    String fraction = precision == 0 ? "" : "." + "0".repeat(precision);
    return time(
            "ZonedTimestamp",
            SchemaBuilder::string,
            TextTimes.zonedTimestamp(precision),
            "1970-01-01T00:00:00Z")
        .expressionDefault("1970-01-01T00:00:00" + fraction + "Z");
  }

  ValueType zonedTime(int modifier) {
    ValueType type =
        modes.times() == TypeModes.Times.STRUCTURED
            ? StructuredTimes.zonedTime(precision(modifier))
            : time("ZonedTime", SchemaBuilder::string, TextTimes::zonedTime, "00:00:00Z");
    return type.withoutDefault();
  }

  ValueType interval() {
    if (modes.times() == TypeModes.Times.STRUCTURED) {
      return StructuredTimes.interval();
    }
    return switch (modes.intervals()) {
      case NUMERIC -> time("MicroDuration", SchemaBuilder::int64, TextIntervals::micros, 0L);
      case STRING -> time("Interval", SchemaBuilder::string, TextIntervals::iso, "P0Y0M0DT0H0M0S");
    };
  }

  private static int precision(int modifier) {
    return modifier < 0 ? FINEST : modifier;
  }

  private static ValueType time(
      String name, Supplier<SchemaBuilder> schema, ValueDecoder text, Object zero) {
    return ValueType.of(Schemas.semantic(schema, "time." + name), text, zero);
  }
}
