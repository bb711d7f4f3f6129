package dev.tributary.postgres.types;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Values that the server sent as text, all but times. */
final class TextDecoders {
  /** Before the point in a numeric; behind it there are fewer. */
  private static final int MAX_DIGITS = 131_072;

  private TextDecoders() {}

  static Object bool(byte[] data, int start, int length) {
    if (length == 1 && (data[start] == 't' || data[start] == 'f')) {
      return data[start] == 't';
    }
    String text = ascii(data, start, length);
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    throw new IllegalArgumentException("not a boolean");
  }

  static Object int2(byte[] data, int start, int length) {
    return (short) integer(data, start, length);
  }

  static Object int4(byte[] data, int start, int length) {
    return (int) integer(data, start, length);
  }

  static Object int8(byte[] data, int start, int length) {
    return integer(data, start, length);
  }

  /** Counts down from zero, since the least long has no positive counterpart. */
  static long integer(byte[] data, int start, int length) {
    boolean negative = length > 0 && data[start] == '-';
    int end = start + length;
    int i = negative ? start + 1 : start;
    if (i == end || length > 20) {
      throw new IllegalArgumentException("not an integer");
    }
    long result = 0;
    for (; i < end; i++) {
      int digit = data[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new IllegalArgumentException("not an integer");
      }
      result = result * 10 - digit;
    }
    return negative ? result : -result;
  }

  static Object float4(byte[] data, int start, int length) {
    return Float.valueOf(ascii(data, start, length));
  }

  static Object float8(byte[] data, int start, int length) {
    ShortDecimal number = ShortDecimal.read(data, start, length);
    return number != null && number.isExactInParts()
        ? (Double) number.toDouble()
        : Double.valueOf(ascii(data, start, length));
  }

  /** A numeric with a scale; null for NaN and the infinities, which Decimal has not. */
  static ValueDecoder decimal(int scale) {
    return (data, start, length) -> {
      BigDecimal value = number(data, start, length);
      return value == null ? null : value.setScale(scale, RoundingMode.UNNECESSARY);
    };
  }

  /** A numeric without a scale; null for NaN and the infinities. */
  static ValueDecoder variableScaleDecimal(Schema schema) {
    return (data, start, length) -> {
      BigDecimal value = number(data, start, length);
      return value == null ? null : variableScaleDecimal(schema, value);
    };
  }

  /** In the least scale that holds the value, as Debezium writes it. */
  static Struct variableScaleDecimal(Schema schema, BigDecimal value) {
    BigDecimal least = value.stripTrailingZeros();
    if (least.scale() < 0) {
      least = least.setScale(0, RoundingMode.UNNECESSARY);
    }
    return new Struct(schema)
        .put("scale", least.scale())
        .put("value", least.unscaledValue().toByteArray());
  }

  private static BigDecimal number(byte[] data, int start, int length) {
    ShortDecimal number = ShortDecimal.read(data, start, length);
    if (number != null) {
      return number.toBigDecimal();
    }
    byte last = length == 0 ? 0 : data[start + length - 1];
    if (last < '0' || last > '9') { // NaN, Infinity, -Infinity
      return null;
    }
    char[] digits = new char[length];
    for (int i = 0; i < length; i++) {
      digits[i] = (char) data[start + i];
    }
    return bounded(new BigDecimal(digits));
  }

  /** No numeric of the server is as long; what is would be written out digit by digit. */
  private static BigDecimal bounded(BigDecimal value) {
    if (Math.abs((long) value.scale()) > MAX_DIGITS) {
      throw new IllegalArgumentException("beyond the range of numeric");
    }
    return value;
  }

  /** A numeric as text; NaN and the infinities under the names that Debezium gives them. */
  static Object decimalText(byte[] data, int start, int length) {
    String text = ascii(data, start, length);
    return switch (text) {
      case "NaN" -> "NAN";
      case "Infinity" -> "POSITIVE_INFINITY";
      case "-Infinity" -> "NEGATIVE_INFINITY";
      default -> text;
    };
  }

  /** The same with a scale, which the server keeps to, but not the default of a column. */
  static ValueDecoder decimalText(int scale) {
    return (data, start, length) -> {
      byte last = length == 0 ? 0 : data[start + length - 1];
      int point = start + length - 1 - scale;
      boolean asIs =
          last < '0' || last > '9' || (scale > 0 && point >= start && data[point] == '.');
      return asIs
          ? decimalText(data, start, length)
          : bounded(new BigDecimal(ascii(data, start, length))).setScale(scale).toPlainString();
    };
  }

  /**
   * {@code $1,234.56}, {@code -1.234,56 €}: the digits, the last two of which are cents.
   *
   * @param scale of the result
   */
  static ValueDecoder money(int scale) {
    return (data, start, length) ->
        money(data, start, length).setScale(scale, RoundingMode.HALF_UP);
  }

  private static BigDecimal money(byte[] data, int start, int length) {
    StringBuilder digits = new StringBuilder(length);
    boolean negative = false;
    for (int i = start; i < start + length; i++) {
      if (data[i] >= '0' && data[i] <= '9') {
        digits.append((char) data[i]);
      } else if (data[i] == '-' || data[i] == '(') {
        negative = true;
      }
    }
    if (digits.isEmpty()) {
      throw new IllegalArgumentException("not an amount of money");
    }
    BigDecimal value = new BigDecimal(digits.toString()).movePointLeft(2);
    return negative ? value.negate() : value;
  }

  static Object text(byte[] data, int start, int length) {
    return new String(data, start, length, StandardCharsets.UTF_8);
  }

  /** {@code \x} and hexadecimal digits, as with {@code bytea_output = hex}. */
  static byte[] bytea(byte[] data, int start, int length) {
    if (length < 2 || length % 2 != 0 || data[start] != '\\' || data[start + 1] != 'x') {
      throw new IllegalArgumentException("not a bytea in hex format");
    }
    byte[] bytes = new byte[length / 2 - 1];
    for (int i = 0, at = start + 2; i < bytes.length; i++, at += 2) {
      bytes[i] = (byte) (hex(data[at]) << 4 | hex(data[at + 1]));
    }
    return bytes;
  }

  /** The bytes as the server sent them. */
  static byte[] raw(byte[] data, int start, int length) {
    return Arrays.copyOfRange(data, start, start + length);
  }

  private static int hex(byte digit) {
    int value = Character.digit(digit, 16);
    if (value < 0) {
      throw new IllegalArgumentException("not a hexadecimal digit");
    }
    return value;
  }

  static Object bit(byte[] data, int start, int length) {
    return length > 0 && data[start + length - 1] == '1';
  }

  /** Zeros and ones to bytes, the least significant first, without zeros behind the last one. */
  static Object bits(byte[] data, int start, int length) {
    int zeros = 0;
    while (zeros < length && data[start + zeros] == '0') {
      zeros++;
    }
    byte[] bytes = new byte[(length - zeros + 7) / 8];
    for (int i = 0; i < length - zeros; i++) {
      if (data[start + length - 1 - i] == '1') {
        bytes[i / 8] |= (byte) (1 << i % 8);
      }
    }
    return bytes;
  }

  static String ascii(byte[] data, int start, int length) {
    return new String(data, start, length, StandardCharsets.ISO_8859_1);
  }
}
