package dev.tributary.redis.encode;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Numbers as text in plain notation: digits, a sign, a point, never an exponent. */
final class Numbers {
  private static final Pattern PLAIN =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
  private static final Pattern INFINITE =
      Pattern.compile("[+-]?(inf|infinity)", Pattern.CASE_INSENSITIVE);

  private Numbers() {}

  static byte[] bytes(Number value) {
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      return digits(value.longValue(), 0);
    }
    if (value instanceof Double d) {
      byte[] exact = exact(d);
      if (exact != null) {
        return exact;
      }
    }
    return text(value).getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * A double below 10^7 with at most 6 digits behind the point, as {@link Double#toString} has it;
   * null for all others.
   *
   * <p>A double that is the quotient of a whole number below 2^53 and a small power of ten is the
   * one that their decimal notation reads as, as division rounds as reading does.
   */
  private static byte[] exact(double value) {
    double size = Math.abs(value);
    if (!(size < 1e7) || (size < 1e-3 && size != 0) || (value == 0 && 1 / value < 0)) {
      return null;
    }
    long power = 1;
    for (int places = 0; places <= 6; places++, power *= 10) {
      long scaled = Math.round(value * power);
      if ((double) scaled / power == value) {
        return places == 0 ? digits(scaled * 10, 1) : digits(scaled, places);
      }
    }
    return null;
  }

  /** Digits with so many places behind the point. */
  private static byte[] digits(long value, int places) {
    if (value == Long.MIN_VALUE) {
      return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
    long rest = Math.abs(value);
    int count = 1;
    for (long at = rest; at >= 10; at /= 10) {
      count++;
    }
    count = Math.max(count, places + 1);
    int length = count + (value < 0 ? 1 : 0) + (places > 0 ? 1 : 0);
    byte[] text = new byte[length];
    int at = length - 1;
    for (int i = 0; i < count; i++) {
      if (places > 0 && i == places) {
        text[at--] = '.';
      }
      text[at--] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    if (value < 0) {
      text[0] = '-';
    }
    return text;
  }

  /** {@code NaN}, {@code Infinity} and {@code -Infinity} for the floats that are no numbers. */
  static String text(Number value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    String text = value.toString();
    if (value instanceof Double || value instanceof Float) {
      return text.indexOf('E') < 0 ? text : new BigDecimal(text).toPlainString();
    }
    return text;
  }

  /**
   * Checks that text is a number as Redis reads it.
   *
   * @param infinite whether it may be without end
   */
  static void check(String what, byte[] text, boolean infinite) {
    String number = Bytes.text(text);
    if (PLAIN.matcher(number).matches() || (infinite && INFINITE.matcher(number).matches())) {
      return;
    }
    throw new UnwritableRecordException(what + " is no number");
  }

  static boolean isFinite(Number value) {
    return value instanceof Double d
        ? Double.isFinite(d)
        : !(value instanceof Float f) || Float.isFinite(f);
  }
}
