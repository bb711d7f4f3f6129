package dev.tributary.postgres.types;

import java.time.LocalDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Times that the server sent as text in {@code DateStyle = ISO}: {@code 2026-01-02
 * 03:04:05.678901+00}, {@code 0044-03-15 BC}, {@code infinity}.
 */
final class TextTimes {
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

  /** Days in an average month, as Debezium counts the months of an interval. */
  private static final double DAYS_PER_MONTH = 365.25 / 12;

  private static final DateTimeFormatter POSTGRES_TIME_WITH_ZONE =
      DateTimeFormatter.ofPattern("HH:mm:ss[.SSSSSS][.SSSSS][.SSSS][.SSS][.SS][.S][XXXXX][XXX][X]");

  private TextTimes() {}

  /** Days since 1970-01-01. */
  static Object date(byte[] data, int start, int length) {
    if (isInfinity(data, start, length)) {
      return data[start] == '-' ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    Cursor in = new Cursor(data, start, length);
    return (int) in.epochDay();
  }

  /** Microseconds since midnight; up to and including 24:00:00. */
  static Object timeMicros(byte[] data, int start, int length) {
    return new Cursor(data, start, length).micros();
  }

  /** Milliseconds since midnight. */
  static Object timeMillis(byte[] data, int start, int length) {
    return (int) (new Cursor(data, start, length).micros() / 1000);
  }

  /** Microseconds since 1970-01-01, in no zone. */
  static Object timestampMicros(byte[] data, int start, int length) {
    return isInfinity(data, start, length)
        ? infinity(data[start])
        : micros(new Cursor(data, start, length));
  }

  /** Milliseconds since 1970-01-01, in no zone. */
  static Object timestampMillis(byte[] data, int start, int length) {
    return isInfinity(data, start, length)
        ? infinity(data[start])
        : Math.floorDiv(micros(new Cursor(data, start, length)), 1000L);
  }

  private static long infinity(byte sign) {
    return sign == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  private static long micros(Cursor in) {
    long day = in.epochDay();
    in.skip(' ');
    return day * MICROS_PER_DAY + in.micros();
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
    Cursor in = new Cursor(data, start, length);
    long local = micros(in);
    long utc = local - in.offsetSeconds() * MICROS_PER_SECOND;
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(utc, MICROS_PER_SECOND),
            (int) Math.floorMod(utc, MICROS_PER_SECOND) * 1000,
            ZoneOffset.UTC);
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

  /** Microseconds, with months of average length; from {@code 1 year 2 mons -3 days 04:05:06.7}. */
  static Object intervalMicros(byte[] data, int start, int length) {
    double days = 0;
    long micros = 0;
    String[] words = TextDecoders.ascii(data, start, length).split(" ", -1);
    for (int i = 0; i < words.length; i++) {
      if (words[i].indexOf(':') > 0) {
        boolean negative = words[i].startsWith("-");
        boolean signed = negative || words[i].startsWith("+");
        byte[] time =
            words[i].substring(signed ? 1 : 0).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        long value = new Cursor(time, 0, time.length).micros();
        micros += negative ? -value : value;
      } else if (i + 1 < words.length) {
        long count = Long.parseLong(words[i].startsWith("+") ? words[i].substring(1) : words[i]);
        i++;
        days +=
            switch (words[i].charAt(0)) {
              case 'y' -> count * 12 * DAYS_PER_MONTH;
              case 'm' -> count * DAYS_PER_MONTH;
              default -> (double) count;
            };
      }
    }
    return micros + (long) (days * MICROS_PER_DAY);
  }

  private static boolean isInfinity(byte[] data, int start, int length) {
    return length > 0 && data[start + length - 1] == 'y';
  }

  /** Reads digits and separators one after the other. */
  private static final class Cursor {
    private final byte[] data;
    private final int end;
    private final boolean beforeChrist;
    private int at;

    Cursor(byte[] data, int start, int length) {
      this.data = data;
      at = start;
      beforeChrist = length > 3 && data[start + length - 1] == 'C';
      end = start + length - (beforeChrist ? 3 : 0);
    }

    long epochDay() {
      long year = number();
      skip('-');
      int month = (int) number();
      skip('-');
      int day = (int) number();
      return epochDay(beforeChrist ? 1 - year : year, month, day);
    }

    /** The proleptic Gregorian calendar, as java.time.LocalDate computes it. */
    private static long epochDay(long year, int month, int day) {
      long shifted = month <= 2 ? year - 1 : year;
      long era = Math.floorDiv(shifted, 400L);
      long yearOfEra = shifted - era * 400;
      long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
      long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
      return era * 146_097 + dayOfEra - 719_468;
    }

    /** {@code 03:04:05} or {@code 03:04:05.678901}. */
    long micros() {
      long hours = number();
      skip(':');
      long minutes = number();
      long seconds = 0;
      if (at < end && data[at] == ':') {
        at++;
        seconds = number();
      }
      long micros = ((hours * 60 + minutes) * 60 + seconds) * MICROS_PER_SECOND;
      if (at < end && data[at] == '.') {
        at++;
        long unit = MICROS_PER_SECOND / 10;
        while (at < end && isDigit()) {
          micros += (data[at++] - '0') * unit;
          unit /= 10;
        }
      }
      return micros;
    }

    /** {@code +02}, {@code -03:30}, {@code +01:02:03}; nothing is UTC. */
    long offsetSeconds() {
      if (at >= end) {
        return 0;
      }
      boolean negative = data[at++] == '-';
      long seconds = number() * 3600;
      for (long unit = 60; at < end && data[at] == ':'; unit /= 60) {
        at++;
        seconds += number() * unit;
      }
      return negative ? -seconds : seconds;
    }

    void skip(char separator) {
      if (at >= end || data[at] != separator) {
        throw new IllegalArgumentException("not a time in DateStyle ISO");
      }
      at++;
    }

    private long number() {
      int first = at;
      long result = 0;
      while (at < end && isDigit()) {
        result = result * 10 + data[at++] - '0';
      }
      if (at == first || at - first > 9) {
        throw new IllegalArgumentException("not a time in DateStyle ISO");
      }
      return result;
    }

    private boolean isDigit() {
      return data[at] >= '0' && data[at] <= '9';
    }
  }
}
