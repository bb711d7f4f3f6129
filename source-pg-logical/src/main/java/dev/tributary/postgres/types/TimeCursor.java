package dev.tributary.postgres.types;

/** Reads the digits and separators of a time in {@code DateStyle = ISO} one after the other. */
final class TimeCursor {
  private static final long MICROS_PER_SECOND = 1_000_000L;

  private final byte[] data;
  private final int end;
  private final boolean beforeChrist;
  private int at;

  TimeCursor(byte[] data, int start, int length) {
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

  /** The day of a timestamp, with what is between it and the time. */
  long dayAndSpace() {
    long day = epochDay();
    skip(' ');
    return day;
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
