package dev.tributary.common.time;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.Date;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Schema;

/**
 * Reads a point in time from the value of a field, whichever way a source writes it, to the
 * millisecond.
 *
 * <table>
 *   <caption>What is read</caption>
 *   <tr><th>value</th><th>read as</th></tr>
 *   <tr><td>{@link Date} (Connect's Timestamp and Date)</td><td>itself; Connect's Time is refused: it has no day</td></tr>
 *   <tr><td>number with schema {@code io.debezium.time.Timestamp}, {@code MicroTimestamp}, {@code NanoTimestamp},
 *     {@code Date}</td><td>epoch ms, µs, ns, days; {@code Time}, {@code MicroTime}, {@code NanoTime} are refused</td></tr>
 *   <tr><td>any other number</td><td>epoch in the given unit; decimals keep their fraction</td></tr>
 *   <tr><td>text</td><td>ISO 8601 or as Postgres writes it ({@link Iso8601Text}); a text of digits is a number</td></tr>
 * </table>
 *
 * <p>Errors never contain the value.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-temporal-types">
 *     Debezium's temporal types</a>
 */
public final class EventTime {
  private static final String DEBEZIUM = "io.debezium.time.";
  private static final long MS_PER_DAY = 86_400_000L;

  /** Fewer digits could be a date without hyphens (20261120), and are no epoch anybody writes. */
  private static final Pattern NUMBER = Pattern.compile("-?\\d{9,19}(\\.\\d{1,9})?");

  private EventTime() {}

  /**
   * The time as epoch milliseconds; what is finer is rounded towards the past.
   *
   * @param value the field's value, not null
   * @param schema the field's schema, or null where there is none
   * @param unit what a number counts whose schema does not say it
   * @throws IllegalArgumentException if the value is no point in time; the message says why, and
   *     not what the value is
   */
  public static long toEpochMillis(Object value, Schema schema, EpochUnit unit) {
    String name = schema == null ? null : schema.name();
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      return ofNumber(((Number) value).longValue(), name, unit);
    }
    if (value instanceof Date date) {
      return ofDate(date, name);
    }
    if (value instanceof String text) {
      return ofText(text.strip(), unit);
    }
    if (value instanceof BigDecimal || value instanceof Double || value instanceof Float) {
      return ofFraction((Number) value, unit);
    }
    throw new IllegalArgumentException(
        "a " + value.getClass().getSimpleName() + " is no point in time");
  }

  private static long ofNumber(long number, String name, EpochUnit unit) {
    if (name != null && name.startsWith(DEBEZIUM)) {
      return ofDebezium(number, name.substring(DEBEZIUM.length()), unit);
    }
    return exact(number, unit);
  }

  private static long ofDebezium(long number, String type, EpochUnit unit) {
    return switch (type) {
      case "Timestamp" -> number;
      case "MicroTimestamp" -> EpochUnit.US.toMillis(number);
      case "NanoTimestamp" -> EpochUnit.NS.toMillis(number);
      case "Date" -> number * MS_PER_DAY;
      case "Time", "MicroTime", "NanoTime" ->
          throw new IllegalArgumentException("a time of day without a date is no point in time");
      default -> exact(number, unit);
    };
  }

  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  private static long ofDate(Date date, String name) {
    if (org.apache.kafka.connect.data.Time.LOGICAL_NAME.equals(name)) {
      throw new IllegalArgumentException("a time of day without a date is no point in time");
    }
    return date.getTime();
  }

  private static long ofText(String text, EpochUnit unit) {
    if (NUMBER.matcher(text).matches()) {
      return ofFraction(new BigDecimal(text), unit);
    }
    try {
      return Iso8601Text.toEpochMillis(text);
    } catch (DateTimeException | ArithmeticException e) {
      // without the cause: its message quotes the text
      throw new IllegalArgumentException(
          "the text is no time; write ISO 8601 such as 2026-11-20T21:00:00.123Z, or a number");
    }
  }

  private static long exact(long number, EpochUnit unit) {
    try {
      return unit.toMillis(number);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "the number is too large to count " + unit.name().toLowerCase(Locale.ROOT));
    }
  }

  private static long ofFraction(Number number, EpochUnit unit) {
    try {
      // of a double its shortest decimal form: 1700000000.123 s end in 123 ms, not in 122.99
      return unit.toMillis(
          number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString()));
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("the number is no point in time");
    }
  }
}
