package dev.tributary.postgres.types;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.function.BiConsumer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Dates, times and intervals as Structs of their parts; infinity is a part of its own. */
final class StructuredTimes {
  private static final String YEAR = "year";
  private static final String MONTH = "month";
  private static final String DAY = "day";
  private static final String HOUR = "hour";
  private static final String MINUTE = "minute";
  private static final String SECOND = "second";
  private static final String NANOS = "nanos";
  private static final String OFFSET = "offsetSeconds";
  private static final String ZONE = "zoneId";
  private static final String SPECIAL = "specialValue";
  private static final String PRECISION = "precision";
  private static final int FINEST = 6;
  private static final long NANOS_PER_MICRO = 1000L;

  private static final Schema DATE = date("StructuredDate").build();
  private static final Schema TIME = clock(structured("StructuredTime")).build();
  private static final Schema TIMESTAMP = timestampSchema().build();
  private static final Schema ZONED_TIMESTAMP = zonedTimestampSchema().build();
  private static final Schema ZONED_TIME = zonedTimeSchema().build();
  private static final Schema DURATION = durationSchema().build();

  private StructuredTimes() {}

  private static SchemaBuilder structured(String name) {
    return Schemas.semantic(SchemaBuilder::struct, "time." + name).get();
  }

  private static SchemaBuilder date(String name) {
    return days(structured(name)).field(SPECIAL, Schema.OPTIONAL_STRING_SCHEMA);
  }

  private static SchemaBuilder days(SchemaBuilder schema) {
    return schema
        .field(YEAR, Schema.OPTIONAL_INT32_SCHEMA)
        .field(MONTH, Schema.OPTIONAL_INT8_SCHEMA)
        .field(DAY, Schema.OPTIONAL_INT8_SCHEMA);
  }

  private static SchemaBuilder time(SchemaBuilder schema) {
    return schema
        .field(HOUR, Schema.OPTIONAL_INT8_SCHEMA)
        .field(MINUTE, Schema.OPTIONAL_INT8_SCHEMA)
        .field(SECOND, Schema.OPTIONAL_INT8_SCHEMA)
        .field(NANOS, Schema.OPTIONAL_INT32_SCHEMA);
  }

  private static SchemaBuilder clock(SchemaBuilder schema) {
    return time(schema).field(PRECISION, Schema.OPTIONAL_INT32_SCHEMA);
  }

  private static SchemaBuilder timestampSchema() {
    return time(days(structured("StructuredTimestamp")))
        .field(SPECIAL, Schema.OPTIONAL_STRING_SCHEMA)
        .field(PRECISION, Schema.OPTIONAL_INT32_SCHEMA);
  }

  private static SchemaBuilder zonedTimestampSchema() {
    return time(days(structured("StructuredZonedTimestamp")))
        .field(OFFSET, Schema.OPTIONAL_INT32_SCHEMA)
        .field(ZONE, Schema.OPTIONAL_STRING_SCHEMA)
        .field(SPECIAL, Schema.OPTIONAL_STRING_SCHEMA)
        .field(PRECISION, Schema.OPTIONAL_INT32_SCHEMA);
  }

  private static SchemaBuilder zonedTimeSchema() {
    return time(structured("StructuredZonedTime"))
        .field(OFFSET, Schema.OPTIONAL_INT32_SCHEMA)
        .field(PRECISION, Schema.OPTIONAL_INT32_SCHEMA);
  }

  private static SchemaBuilder durationSchema() {
    return structured("StructuredDuration")
        .field("years", Schema.OPTIONAL_INT32_SCHEMA)
        .field("months", Schema.OPTIONAL_INT32_SCHEMA)
        .field("days", Schema.OPTIONAL_INT32_SCHEMA)
        .field("hours", Schema.OPTIONAL_INT32_SCHEMA)
        .field("minutes", Schema.OPTIONAL_INT32_SCHEMA)
        .field("seconds", Schema.OPTIONAL_INT64_SCHEMA)
        .field(NANOS, Schema.OPTIONAL_INT32_SCHEMA)
        .field(PRECISION, Schema.OPTIONAL_INT32_SCHEMA);
  }

  static ValueType date() {
    return type(
        () -> date("StructuredDate"),
        DATE,
        LocalDate.EPOCH.toString(),
        (struct, in) -> {
          if (!in.isSpecial(struct)) {
            putDay(struct, LocalDate.ofEpochDay(in.cursor().epochDay()));
          }
        });
  }

  static ValueType time(int precision) {
    return type(
        () -> clock(structured("StructuredTime")),
        TIME,
        "00:00:00",
        (struct, in) -> {
          putTime(struct, in.cursor().micros());
          struct.put(PRECISION, precision);
        });
  }

  static ValueType timestamp(int precision) {
    return type(
        StructuredTimes::timestampSchema,
        TIMESTAMP,
        "1970-01-01 00:00:00",
        (struct, in) -> {
          struct.put(PRECISION, precision);
          if (!in.isSpecial(struct)) {
            putDateTime(struct, TextTimes.localDateTime(in.cursor()));
          }
        });
  }

  static ValueType zonedTimestamp(int precision) {
    ValueType type = zoned(precision);
    ((Struct) type.zero()).put(ZONE, null); // as Debezium has it
    return type;
  }

  private static ValueType zoned(int precision) {
    return type(
        StructuredTimes::zonedTimestampSchema,
        ZONED_TIMESTAMP,
        "1970-01-01 00:00:00+00",
        (struct, in) -> {
          struct.put(PRECISION, precision);
          if (!in.isSpecial(struct)) {
            putDateTime(struct, TextTimes.localDateTime(in.cursor()));
            struct.put(OFFSET, 0).put(ZONE, "Z");
          }
        });
  }

  static ValueType zonedTime(int precision) {
    return type(
        StructuredTimes::zonedTimeSchema,
        ZONED_TIME,
        "00:00:00+00",
        (struct, in) -> {
          TimeCursor cursor = in.cursor();
          putTime(struct, cursor.micros());
          struct.put(OFFSET, (int) cursor.offsetSeconds()).put(PRECISION, precision);
        });
  }

  /** Null for the infinities, for which there is no part. */
  static ValueType interval() {
    return ValueType.reading(
            StructuredTimes::durationSchema,
            column ->
                (data, start, length) ->
                    TextIntervals.isInfinite(data, start, length)
                        ? null
                        : read(column, new Text(data, start, length), StructuredTimes::putDuration),
            zero(DURATION, "00:00:00", StructuredTimes::putDuration))
        .withoutDefault();
  }

  private static void putDuration(Struct struct, Text in) {
    TextIntervals interval = in.interval();
    long seconds = interval.secondsInMicros();
    struct
        .put("years", (int) interval.years())
        .put("months", (int) interval.months())
        .put("days", (int) interval.days())
        .put("hours", (int) interval.hours())
        .put("minutes", (int) interval.minutes())
        .put("seconds", seconds / 1_000_000)
        .put(NANOS, (int) (seconds % 1_000_000 * NANOS_PER_MICRO))
        .put(PRECISION, FINEST);
  }

  /** The text of a value. */
  private static final class Text {
    private final byte[] data;
    private final int start;
    private final int length;

    Text(byte[] data, int start, int length) {
      this.data = data;
      this.start = start;
      this.length = length;
    }

    TextIntervals interval() {
      return TextIntervals.parse(data, start, length);
    }

    TimeCursor cursor() {
      return new TimeCursor(data, start, length);
    }

    /** Whether the value is infinite, which is then put down. */
    boolean isSpecial(Struct struct) {
      boolean infinite = TextTimes.isInfinity(data, start, length);
      if (infinite) {
        boolean negative = TextTimes.isNegative(data, start);
        struct.put(SPECIAL, negative ? "NEGATIVE_INFINITY" : "POSITIVE_INFINITY");
      }
      return infinite;
    }
  }

  private static ValueType type(
      java.util.function.Supplier<SchemaBuilder> schema,
      Schema plain,
      String zero,
      BiConsumer<Struct, Text> reader) {
    return ValueType.reading(
            schema,
            column -> (data, start, length) -> read(column, new Text(data, start, length), reader),
            zero(plain, zero, reader))
        .withoutDefault();
  }

  private static Struct read(Schema schema, Text text, BiConsumer<Struct, Text> reader) {
    Struct struct = new Struct(schema);
    reader.accept(struct, text);
    return struct;
  }

  private static Struct zero(Schema schema, String text, BiConsumer<Struct, Text> reader) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return read(schema, new Text(bytes, 0, bytes.length), reader);
  }

  private static void putDay(Struct struct, LocalDate day) {
    struct
        .put(YEAR, day.getYear())
        .put(MONTH, (byte) day.getMonthValue())
        .put(DAY, (byte) day.getDayOfMonth());
  }

  private static void putDateTime(Struct struct, LocalDateTime time) {
    putDay(struct, time.toLocalDate());
    putTime(struct, time.toLocalTime().toNanoOfDay() / NANOS_PER_MICRO);
  }

  /** The end of the day, 24:00:00, has hour 24. */
  private static void putTime(Struct struct, long micros) {
    long seconds = micros / 1_000_000;
    struct
        .put(HOUR, (byte) (seconds / 3600))
        .put(MINUTE, (byte) (seconds / 60 % 60))
        .put(SECOND, (byte) (seconds % 60))
        .put(NANOS, (int) (micros % 1_000_000 * NANOS_PER_MICRO));
  }
}
