package dev.tributary.postgres.types;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Times that the server sent in binary: days or microseconds since 2000-01-01. */
final class BinaryTimes {
  private static final int EPOCH_DAYS = 10_957;
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long SECONDS_PER_DAY = 86_400L;
  private static final long EPOCH_MICROS = EPOCH_DAYS * SECONDS_PER_DAY * MICROS_PER_SECOND;

  /** 0001-01-01 to 9999-12-31 in days since 1970-01-01: years of four digits. */
  private static final long FIRST_PLAIN_DAY = -719_162;

  private static final long LAST_PLAIN_DAY = 2_932_896;

  private BinaryTimes() {}

  /** Days since 1970-01-01. */
  static Object date(byte[] data, int start, int length) {
    BinaryDecoders.expect(length, 4);
    int days = BigEndian.int32(data, start);
    boolean infinite = days == Integer.MAX_VALUE || days == Integer.MIN_VALUE;
    return infinite ? TextTimes.infiniteDate(days < 0) : days + EPOCH_DAYS;
  }

  /** Milliseconds since midnight. */
  static Object timeMillis(byte[] data, int start, int length) {
    BinaryDecoders.expect(length, 8);
    return (int) (BigEndian.int64(data, start) / 1000);
  }

  /**
   * Microseconds since 1970-01-01, in no zone; null from 294247-01-10 on, where they have no room.
   */
  static Object timestampMicros(byte[] data, int start, int length) {
    BinaryDecoders.expect(length, 8);
    long micros = BigEndian.int64(data, start);
    if (isInfinite(micros)) {
      return micros;
    }
    return micros > Long.MAX_VALUE - EPOCH_MICROS ? null : (Long) (micros + EPOCH_MICROS);
  }

  /** Milliseconds since 1970-01-01, in no zone. */
  static Object timestampMillis(byte[] data, int start, int length) {
    BinaryDecoders.expect(length, 8);
    long micros = BigEndian.int64(data, start);
    return isInfinite(micros)
        ? TextTimes.infiniteMillis(micros < 0)
        : Math.floorDiv(micros, 1000L) + EPOCH_MICROS / 1000L;
  }

  private static boolean isInfinite(long micros) {
    return micros == Long.MAX_VALUE || micros == Long.MIN_VALUE;
  }

  /** ISO-8601 in UTC, with as many digits behind the second as the column has. */
  static ValueDecoder zonedTimestamp(int precision) {
    DateTimeFormatter time =
        DateTimeFormatter.ofPattern(
            "'T'HH:mm:ss" + (precision == 0 ? "" : "." + "S".repeat(precision)) + "'Z'");
    return (data, start, length) -> {
      BinaryDecoders.expect(length, 8);
      long raw = BigEndian.int64(data, start);
      if (isInfinite(raw)) {
        return raw < 0 ? "-infinity" : "infinity";
      }
      long seconds = Math.floorDiv(raw, MICROS_PER_SECOND) + EPOCH_DAYS * SECONDS_PER_DAY;
      int fraction = (int) Math.floorMod(raw, MICROS_PER_SECOND);
      long day = Math.floorDiv(seconds, SECONDS_PER_DAY);
      if (day >= FIRST_PLAIN_DAY && day <= LAST_PLAIN_DAY) {
        return plain(day, (int) Math.floorMod(seconds, SECONDS_PER_DAY), fraction, precision);
      }
      LocalDateTime local = LocalDateTime.ofEpochSecond(seconds, fraction * 1000, ZoneOffset.UTC);
      return DateTimeFormatter.ISO_LOCAL_DATE.format(local) + time.format(local);
    };
  }

  private static String plain(long day, int second, int fraction, int precision) {
    byte[] text = new byte[precision == 0 ? 20 : 21 + precision];
    // the proleptic Gregorian calendar, with years that start in March
    long shifted = day + 719_468;
    long era = Math.floorDiv(shifted, 146_097L);
    int dayOfEra = (int) (shifted - era * 146_097L);
    int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shiftedMonth = (5 * dayOfYear + 2) / 153;
    int dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
    int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
    two(text, 0, year / 100);
    two(text, 2, year % 100);
    text[4] = '-';
    two(text, 5, month);
    text[7] = '-';
    two(text, 8, dayOfMonth);
    text[10] = 'T';
    two(text, 11, second / 3600);
    text[13] = ':';
    two(text, 14, second / 60 % 60);
    text[16] = ':';
    two(text, 17, second % 60);
    if (precision > 0) {
      text[19] = '.';
      int digits = fraction;
      for (int place = 6; place > 0; place--, digits /= 10) {
        if (place <= precision) {
          text[19 + place] = (byte) ('0' + digits % 10);
        }
      }
    }
    text[text.length - 1] = 'Z';
    return TextDecoders.ascii(text, 0, text.length);
  }

  private static void two(byte[] text, int at, int number) {
    text[at] = (byte) ('0' + number / 10);
    text[at + 1] = (byte) ('0' + number % 10);
  }
}
