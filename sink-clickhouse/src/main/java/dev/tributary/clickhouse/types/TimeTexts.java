package dev.tributary.clickhouse.types;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;

/** Reads texts that stand for points in time and days. */
public interface TimeTexts {

  /** ISO 8601, with {@code T} or a blank between day and time, with an offset or without. */
  TimeTexts ISO = new Iso();

  /** The texts that a pattern of {@link DateTimeFormatter} describes. */
  static TimeTexts of(String pattern) {
    return new Pattern(DateTimeFormatter.ofPattern(pattern));
  }

  /**
   * A point in time.
   *
   * @param zone of texts without an offset
   * @param type the column's, for the error
   * @throws UnwritableValueException if the text is none
   */
  Instant instant(String text, ZoneId zone, String type);

  /**
   * A day, counted from 1970-01-01; of a point in time the day that its text names.
   *
   * @throws UnwritableValueException if the text is none
   */
  long day(String text, String type);

  /** ISO 8601. */
  final class Iso implements TimeTexts {
    private Iso() {}

    @Override
    public Instant instant(String text, ZoneId zone, String type) {
      try {
        String iso = withT(text);
        if (iso.length() == 10) {
          return LocalDate.parse(iso).atStartOfDay(zone).toInstant();
        }
        return hasOffset(iso)
            ? OffsetDateTime.parse(iso).toInstant()
            : LocalDateTime.parse(iso).atZone(zone).toInstant();
      } catch (DateTimeException | IndexOutOfBoundsException e) {
        throw new UnwritableValueException(
            "a text that is no ISO 8601 point in time does not fit " + type);
      }
    }

    @Override
    public long day(String text, String type) {
      try {
        String iso = withT(text);
        if (iso.length() == 11 && iso.charAt(10) == 'Z') {
          // Debezium's IsoDate
          return LocalDate.parse(iso.substring(0, 10)).toEpochDay();
        }
        if (iso.indexOf('T') < 0) {
          return LocalDate.parse(iso).toEpochDay();
        }
        return hasOffset(iso)
            ? OffsetDateTime.parse(iso).toLocalDate().toEpochDay()
            : LocalDateTime.parse(iso).toLocalDate().toEpochDay();
      } catch (DateTimeException | IndexOutOfBoundsException e) {
        throw new UnwritableValueException("a text that is no ISO 8601 date does not fit " + type);
      }
    }

    private static String withT(String text) {
      return text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
    }

    private static boolean hasOffset(String iso) {
      return iso.charAt(iso.length() - 1) == 'Z'
          || iso.indexOf('+', 10) > 0
          || iso.indexOf('-', 10) > 0;
    }
  }

  /** A pattern of a config. */
  final class Pattern implements TimeTexts {
    private final DateTimeFormatter formatter;

    private Pattern(DateTimeFormatter formatter) {
      this.formatter = formatter;
    }

    @Override
    public Instant instant(String text, ZoneId zone, String type) {
      try {
        TemporalAccessor parsed = formatter.parse(text);
        if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
          return Instant.from(parsed);
        }
        LocalTime time = parsed.query(TemporalQueries.localTime());
        return LocalDate.from(parsed)
            .atTime(time == null ? LocalTime.MIDNIGHT : time)
            .atZone(zone)
            .toInstant();
      } catch (DateTimeException e) {
        throw unreadable(type);
      }
    }

    @Override
    public long day(String text, String type) {
      try {
        return LocalDate.from(formatter.parse(text)).toEpochDay();
      } catch (DateTimeException e) {
        throw unreadable(type);
      }
    }

    private static UnwritableValueException unreadable(String type) {
      return new UnwritableValueException(
          "a text that does not follow its pattern in dateTimeFormats does not fit " + type);
    }
  }
}
