package dev.tributary.common.time;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * Points in time as ISO 8601 and as Postgres write them: {@code 2026-11-20T21:00:00.123Z}, {@code
 * 2026-11-20 21:00:00.123+00}, {@code 2026-11-20T21:00}, {@code
 * 2026-11-20T21:00:00+01:00[Europe/Berlin]}, {@code 2026-11-20}. Without a zone it is UTC, without
 * a time midnight.
 */
final class Iso8601Text {
  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HHMM", "Z")
          .optionalEnd()
          .parseLenient()
          .optionalStart()
          .appendOffset("+HH:mm:ss", "Z")
          .optionalEnd()
          .optionalStart()
          .appendLiteral('[')
          .appendZoneRegionId()
          .appendLiteral(']')
          .optionalEnd()
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private Iso8601Text() {}

  /**
   * Epoch milliseconds, rounded towards the past.
   *
   * @throws java.time.DateTimeException if the text is no such time; its message quotes the text
   */
  static long toEpochMillis(String text) {
    TemporalAccessor parsed = DATE_TIME.parse(withT(text));
    LocalDate date = parsed.query(TemporalQueries.localDate());
    var time = parsed.query(TemporalQueries.localTime());
    LocalDateTime at = time == null ? date.atStartOfDay() : date.atTime(time);
    var zone = parsed.query(TemporalQueries.zone());
    return at.atZone(zone == null ? ZoneOffset.UTC : zone).toInstant().toEpochMilli();
  }

  /** Postgres writes a space where ISO 8601 writes a T. */
  private static String withT(String text) {
    if (text.length() > 10 && text.charAt(10) == ' ') {
      String rest = text.substring(11);
      return text.substring(0, 10) + "T" + rest.replace(" ", "");
    }
    return text;
  }
}
