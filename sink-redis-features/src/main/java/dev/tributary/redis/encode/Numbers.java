package dev.tributary.redis.encode;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** Numbers as text in plain notation: digits, a sign, a point, never an exponent. */
final class Numbers {
  private Numbers() {}

  static byte[] bytes(Number value) {
    return text(value).getBytes(StandardCharsets.US_ASCII);
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

  static boolean isFinite(Number value) {
    return value instanceof Double d
        ? Double.isFinite(d)
        : !(value instanceof Float f) || Float.isFinite(f);
  }
}
