package dev.tributary.postgres.types;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Intervals that the server sent as text in {@code IntervalStyle = postgres}: {@code 1 year 2 mons
 * -3 days 04:05:06.7}.
 *
 * @param micros of hours, minutes and seconds together
 */
record TextIntervals(long years, long months, long days, long micros) {
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  /** Days in an average month, as Debezium counts the months of an interval. */
  private static final double DAYS_PER_MONTH = 365.25 / 12;

  static TextIntervals parse(byte[] data, int start, int length) {
    long years = 0;
    long months = 0;
    long days = 0;
    long micros = 0;
    String[] words = TextDecoders.ascii(data, start, length).split(" ", -1);
    for (int i = 0; i < words.length; i++) {
      if (words[i].indexOf(':') > 0) {
        micros += time(words[i]);
      } else if (i + 1 < words.length) {
        long count = Long.parseLong(words[i].startsWith("+") ? words[i].substring(1) : words[i]);
        i++;
        switch (words[i].isEmpty() ? ' ' : words[i].charAt(0)) {
          case 'y' -> years += count;
          case 'm' -> months += count;
          default -> days += count;
        }
      }
    }
    return new TextIntervals(years, months, days, micros);
  }

  /** {@code infinity} or {@code -infinity}, which there are from PostgreSQL 17 on. */
  static boolean isInfinite(byte[] data, int start, int length) {
    return TextTimes.isInfinity(data, start, length)
        && data[TextTimes.isNegative(data, start) ? start + 1 : start] == 'i';
  }

  private static long time(String word) {
    boolean negative = word.startsWith("-");
    boolean signed = negative || word.startsWith("+");
    byte[] time = word.substring(signed ? 1 : 0).getBytes(StandardCharsets.US_ASCII);
    long value = new TimeCursor(time, 0, time.length).micros();
    return negative ? -value : value;
  }

  /** Microseconds, with months of average length; the greatest and the least for infinity. */
  static Object micros(byte[] data, int start, int length) {
    if (isInfinite(data, start, length)) {
      return TextTimes.isNegative(data, start) ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
    TextIntervals interval = parse(data, start, length);
    double days =
        interval.years * 12 * DAYS_PER_MONTH + interval.months * DAYS_PER_MONTH + interval.days;
    return interval.micros + (long) (days * MICROS_PER_DAY);
  }

  /** {@code P1Y2M-3DT4H5M6.7S}; {@code infinity} and {@code -infinity} as they are. */
  static Object iso(byte[] data, int start, int length) {
    if (isInfinite(data, start, length)) {
      return TextDecoders.ascii(data, start, length);
    }
    TextIntervals interval = parse(data, start, length);
    return "P"
        + interval.years
        + "Y"
        + interval.months
        + "M"
        + interval.days
        + "DT"
        + interval.hours()
        + "H"
        + interval.minutes()
        + "M"
        + BigDecimal.valueOf(interval.secondsInMicros(), 6).stripTrailingZeros().toPlainString()
        + "S";
  }

  long hours() {
    return micros / 3_600_000_000L;
  }

  long minutes() {
    return micros / 60_000_000L % 60;
  }

  /** What is left besides hours and minutes. */
  long secondsInMicros() {
    return micros % 60_000_000L;
  }
}
