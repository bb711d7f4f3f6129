package dev.tributary.redis.encode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Points in time from text. */
final class Times {
  private Times() {}

  /**
   * Milliseconds since 1970-01-01 UTC: a whole number of them, or ISO 8601, which is UTC where it
   * names no zone.
   *
   * @throws UnwritableRecordException if the text is neither
   */
  static long epochMillis(String what, byte[] text) {
    String time = Bytes.text(text).trim();
    try {
      if (time.matches("-?\\d{1,18}")) {
        return Long.parseLong(time);
      }
      return instant(time).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      // without the cause, whose message quotes the value
      throw new UnwritableRecordException(
          what + " is neither a number of milliseconds nor a time in ISO 8601");
    }
  }

  private static Instant instant(String time) {
    if (time.indexOf('T') < 0 && time.indexOf(' ') < 0) {
      return LocalDate.parse(time).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    String iso = time.replace(' ', 'T');
    try {
      return OffsetDateTime.parse(iso).toInstant();
    } catch (DateTimeException e) {
      return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }
  }
}
