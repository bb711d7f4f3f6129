package dev.tributary.postgres.types;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;

/**
 * Times that the server sent as text in {@code DateStyle = ISO}: {@code 2026-01-02
 * 03:04:05.678901+00}, {@code 0044-03-15 BC}, {@code infinity}.
 */
@SuppressWarnings("JavaUtilDate") // what Connect's own Date, Time and Timestamp carry
final class TextTimes {
  private static final long NANOS_PER_MICRO = 1000L;
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long SECONDS_PER_DAY = 86_400L;
  private static final long MICROS_PER_DAY = SECONDS_PER_DAY * MICROS_PER_SECOND;
  private static final long MILLIS_PER_DAY = 86_400_000L;

  /** What Debezium writes for the infinities, which java.time has not. */
  private static final int INFINITE_DATE = 2_146_033_979;

  private static final int MINUS_INFINITE_DATE = -2_147_472_691;
  private static final long INFINITE_MILLIS = 9_223_372_036_825_200_000L;
  private static final long MINUS_INFINITE_MILLIS = -9_223_372_036_832_400_000L;

  private static final DateTimeFormatter POSTGRES_TIME_WITH_ZONE =
      DateTimeFormatter.ofPattern("HH:mm:ss[.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S][XXXXX][XXX][X]");

  private TextTimes() {}

  /** Days since 1970-01-01. */
  static Object date(byte[] data, int start, int length) {
    return epochDay(data, start, length);
  }

  private static int epochDay(byte[] data, int start, int length) {
    if (isInfinity(data, start, length)) {
      return infiniteDate(isNegative(data, start));
    }
    return (int) new TimeCursor(data, start, length).epochDay();
  }

  /** Connect's Date. */
  static Object dateAsDate(byte[] data, int start, int length) {
    return new Date(epochDay(data, start, length) * MILLIS_PER_DAY);
  }

  /** {@code 2026-01-02Z}. */
  static Object isoDate(byte[] data, int start, int length) {
    return LocalDate.ofEpochDay(epochDay(data, start, length)) + "Z";
  }

  /** Microseconds since midnight; up to and including 24:00:00. */
  static Object timeMicros(byte[] data, int start, int length) {
    return new TimeCursor(data, start, length).micros();
  }

  /** Milliseconds since midnight. */
  static Object timeMillis(byte[] data, int start, int length) {
    return (int) (new TimeCursor(data, start, length).micros() / 1000);
  }

  /** Nanoseconds since midnight; up to and including 24:00:00. */
  static Object timeNanos(byte[] data, int start, int length) {
    return new TimeCursor(data, start, length).micros() * NANOS_PER_MICRO;
  }

  /** Connect's Time. */
  static Object timeAsDate(byte[] data, int start, int length) {
    return new Date(new TimeCursor(data, start, length).micros() / 1000);
  }

  /** {@code 03:04:05.678901Z}; 24:00:00, which ISO-8601 in Java has not, as 00:00:00. */
  static Object isoTime(byte[] data, int start, int length) {
    long micros = new TimeCursor(data, start, length).micros() % MICROS_PER_DAY;
    return DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(micros * NANOS_PER_MICRO))
        + "Z";
  }

  /**
   * Microseconds since 1970-01-01, in no zone; null from 294247-01-10 on, where they have no room.
   */
  static Object timestampMicros(byte[] data, int start, int length) {
    if (isInfinity(data, start, length)) {
      return infinity(data, start);
    }
    TimeCursor in = new TimeCursor(data, start, length);
    long day = in.dayAndSpace();
    long micros = day * MICROS_PER_DAY + in.micros();
    return day > 0 && micros < 0 ? null : (Long) micros;
  }

  /** Milliseconds since 1970-01-01, in no zone. */
  static Object timestampMillis(byte[] data, int start, int length) {
    return millis(data, start, length);
  }

  private static long millis(byte[] data, int start, int length) {
    if (isInfinity(data, start, length)) {
      return infiniteMillis(isNegative(data, start));
    }
    TimeCursor in = new TimeCursor(data, start, length);
    return in.dayAndSpace() * MILLIS_PER_DAY + in.micros() / 1000L;
  }

  /**
   * Nanoseconds since 1970-01-01, in no zone; null out of 1677 to 2262, where they have no room.
   */
  static Object timestampNanos(byte[] data, int start, int length) {
    if (isInfinity(data, start, length)) {
      return infinity(data, start);
    }
    if (!(timestampMicros(data, start, length) instanceof Long micros)) {
      return null;
    }
    long nanos = micros * NANOS_PER_MICRO;
    return nanos / NANOS_PER_MICRO == micros ? nanos : null;
  }

  /** Connect's Timestamp. */
  static Object timestampAsDate(byte[] data, int start, int length) {
    return new Date(millis(data, start, length));
  }

  /** {@code 2026-01-02T03:04:05.678901Z}. */
  static Object isoTimestamp(byte[] data, int start, int length) {
    LocalDateTime time =
        isInfinity(data, start, length)
            ? LocalDateTime.ofEpochSecond(
                Math.floorDiv(millis(data, start, length), 1000L), 0, ZoneOffset.UTC)
            : localDateTime(new TimeCursor(data, start, length));
    return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time) + "Z";
  }

  static int infiniteDate(boolean negative) {
    return negative ? MINUS_INFINITE_DATE : INFINITE_DATE;
  }

  static long infiniteMillis(boolean negative) {
    return negative ? MINUS_INFINITE_MILLIS : INFINITE_MILLIS;
  }

  private static long infinity(byte[] data, int start) {
    return isNegative(data, start) ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  static boolean isNegative(byte[] data, int start) {
    return data[start] == '-';
  }

  /** A timestamp that is finite, in UTC; without a zone, as it is. */
  static LocalDateTime localDateTime(TimeCursor in) {
    long day = in.dayAndSpace();
    long micros = in.micros();
    return LocalDateTime.ofEpochSecond(
        day * SECONDS_PER_DAY + micros / MICROS_PER_SECOND - in.offsetSeconds(),
        (int) (micros % MICROS_PER_SECOND * NANOS_PER_MICRO),
        ZoneOffset.UTC);
  }

  /** ISO-8601 in UTC, with as many digits behind the second as the column has. */
  static ValueDecoder zonedTimestamp(int precision) {
    return (data, start, length) -> zonedTimestamp(data, start, length, precision);
  }

  private static String zonedTimestamp(byte[] data, int start, int length, int precision) {
    if (isInfinity(data, start, length)) {
      return data[start] == '-' ? "-infinity" : "infinity";
    }
    if (isPlainUtc(data, start, length)) {
      return plainUtc(data, start, length - 3, precision);
    }
    LocalDateTime time = localDateTime(new TimeCursor(data, start, length));
    String fraction = precision == 0 ? "" : "." + "S".repeat(precision);
    return DateTimeFormatter.ISO_LOCAL_DATE.format(time)
        + DateTimeFormatter.ofPattern("'T'HH:mm:ss" + fraction + "'Z'").format(time);
  }

  /** The common case, a year of four digits in a session whose zone is UTC. */
  private static boolean isPlainUtc(byte[] data, int start, int length) {
    int zone = start + length - 3;
    return length >= 22
        && data[zone] == '+'
        && data[zone + 1] == '0'
        && data[zone + 2] == '0'
        && data[start + 4] == '-'
        && data[start + 10] == ' ';
  }

  private static String plainUtc(byte[] data, int start, int length, int precision) {
    byte[] out = new byte[precision == 0 ? 20 : 21 + precision];
    int kept = Math.min(length, out.length - 1);
    System.arraycopy(data, start, out, 0, kept);
    out[10] = 'T';
    if (kept < out.length - 1) {
      java.util.Arrays.fill(out, kept, out.length - 1, (byte) '0');
      out[19] = '.';
    }
    out[out.length - 1] = 'Z';
    return TextDecoders.ascii(out, 0, out.length);
  }

  /** ISO-8601 in UTC. */
  static Object zonedTime(byte[] data, int start, int length) {
    String text = TextDecoders.ascii(data, start, length);
    boolean endOfDay = text.startsWith("24:00:00");
    OffsetTime time =
        OffsetTime.parse(endOfDay ? "00:00:00" + text.substring(8) : text, POSTGRES_TIME_WITH_ZONE);
    return DateTimeFormatter.ISO_OFFSET_TIME.format(time.withOffsetSameInstant(ZoneOffset.UTC));
  }

  static boolean isInfinity(byte[] data, int start, int length) {
    return length > 0 && data[start + length - 1] == 'y';
  }
}
