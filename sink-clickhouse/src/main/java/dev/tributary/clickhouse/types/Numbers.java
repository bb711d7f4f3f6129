package dev.tributary.clickhouse.types;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import org.apache.kafka.connect.data.Struct;

/** Writers of numbers. Every conversion is exact or refused; only Float32 and Float64 may round. */
final class Numbers {
  /** Decimals of so many digits read back from a double as they were, and no two are the same. */
  private static final double DIGITS_OF_DOUBLES = 1e15;

  /** Of ten; all are exact. */
  private static final double[] POWERS = new double[19];

  static {
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = BigInteger.TEN.pow(i).doubleValue();
    }
  }

  private Numbers() {}

  static void bool(RowBinary out, Object value) {
    if (value instanceof Boolean bool) {
      out.int8(bool ? 1 : 0);
      return;
    }
    long number = value instanceof String text ? truth(text) : toLong(value, "Bool");
    if (number != 0 && number != 1) {
      throw Writers.outOfRange("Bool");
    }
    out.int8((int) number);
  }

  private static long truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> 1;
      case "false" -> 0;
      default -> toLong(text, "Bool");
    };
  }

  static ValueWriter integer(ColumnType.Int type) {
    String name = type.sql();
    if (type.bits() > 64 || (type.bits() == 64 && !type.signed())) {
      return wide(type, name);
    }
    if (type.bits() == 64) {
      return (out, value) -> out.int64(toLong(value, name));
    }
    long min = type.signed() ? -(1L << (type.bits() - 1)) : 0;
    long max = type.signed() ? (1L << (type.bits() - 1)) - 1 : (1L << type.bits()) - 1;
    int bits = type.bits();
    return (out, value) -> {
      long number = toLong(value, name);
      if (number < min || number > max) {
        throw Writers.outOfRange(name);
      }
      switch (bits) {
        case 8 -> out.int8((int) number);
        case 16 -> out.int16((int) number);
        default -> out.int32((int) number);
      }
    };
  }

  private static ValueWriter wide(ColumnType.Int type, String name) {
    BigInteger span = BigInteger.ONE.shiftLeft(type.signed() ? type.bits() - 1 : type.bits());
    BigInteger max = span.subtract(BigInteger.ONE);
    BigInteger min = type.signed() ? span.negate() : BigInteger.ZERO;
    int width = type.bits() / 8;
    return (out, value) -> {
      BigInteger number = toBigInteger(value, name);
      if (number.compareTo(min) < 0 || number.compareTo(max) > 0) {
        throw Writers.outOfRange(name);
      }
      out.integer(number, width);
    };
  }

  static ValueWriter decimal(ColumnType.Decimal type) {
    String name = type.sql();
    int scale = type.scale();
    int bytes = type.bytes();
    BigInteger limit = BigInteger.TEN.pow(type.precision());
    double limitOfDoubles = Math.min(limit.doubleValue(), DIGITS_OF_DOUBLES);
    return (out, value) -> {
      if (bytes <= 8 && value instanceof BigDecimal number && number.scale() == scale) {
        shortDecimal(out, number, type, name);
        return;
      }
      if (bytes <= 8 && value instanceof Double number) {
        double unscaled = Math.rint(number * POWERS[scale]);
        if (Math.abs(unscaled) < limitOfDoubles && unscaled / POWERS[scale] == number) {
          unscaled(out, (long) unscaled, bytes);
          return;
        }
      }
      BigInteger unscaled;
      try {
        unscaled =
            toBigDecimal(value, name).setScale(scale, RoundingMode.UNNECESSARY).unscaledValue();
      } catch (ArithmeticException e) {
        throw new UnwritableValueException(
            "the value has more than "
                + scale
                + " digits after the point and does not fit "
                + name);
      }
      if (unscaled.abs().compareTo(limit) >= 0) {
        throw Writers.outOfRange(name);
      }
      switch (bytes) {
        case 4 -> out.int32(unscaled.intValue());
        case 8 -> out.int64(unscaled.longValue());
        default -> out.integer(unscaled, bytes);
      }
    };
  }

  /** The commonest case, without a BigInteger in between where the JDK has none either. */
  private static void shortDecimal(
      RowBinary out, BigDecimal number, ColumnType.Decimal type, String name) {
    // precision() of a number of up to 18 digits is worked out on a long
    if (number.precision() > type.precision()) {
      throw Writers.outOfRange(name);
    }
    unscaled(out, number.unscaledValue().longValue(), type.bytes());
  }

  private static void unscaled(RowBinary out, long unscaled, int bytes) {
    if (bytes == 4) {
      out.int32((int) unscaled);
    } else {
      out.int64(unscaled);
    }
  }

  /** The upper half of a Float32; what is cut off is rounded to the nearest, ties to even. */
  static void bfloat16(RowBinary out, Object value) {
    double number = toDouble(value, "BFloat16");
    float single = (float) number;
    if (Float.isNaN(single)) {
      out.int16(0x7FC0);
      return;
    }
    int bits = Float.floatToRawIntBits(single);
    int rounded = Float.isInfinite(single) ? bits : bits + 0x7FFF + ((bits >>> 16) & 1);
    boolean overflow = (rounded & 0x7F80_0000) == 0x7F80_0000;
    if (overflow && !Double.isInfinite(number)) {
      throw Writers.outOfRange("BFloat16");
    }
    out.int16(rounded >>> 16);
  }

  static void float64(RowBinary out, Object value) {
    out.float64(toDouble(value, "Float64"));
  }

  static void float32(RowBinary out, Object value) {
    double number = toDouble(value, "Float32");
    float narrow = (float) number;
    if (Float.isInfinite(narrow) && !Double.isInfinite(number)) {
      throw Writers.outOfRange("Float32");
    }
    out.float32(narrow);
  }

  private static double toDouble(Object value, String type) {
    if (value instanceof Double || value instanceof Float) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof Long || value instanceof Integer) {
      return exact(((Number) value).longValue(), type);
    }
    BigDecimal exact = toBigDecimal(value, type);
    double number = exact.doubleValue();
    if (Double.isInfinite(number)) {
      throw Writers.outOfRange(type);
    }
    if (value instanceof BigInteger && new BigDecimal(number).compareTo(exact) != 0) {
      throw new UnwritableValueException(
          "the whole number has more digits than " + type + " keeps");
    }
    return number;
  }

  /** A whole number is not rounded: what looks like a count or an id would be another one. */
  private static double exact(long number, String type) {
    int digits = type.equals("Float64") ? 53 : type.equals("Float32") ? 24 : 8;
    long magnitude = Math.abs(number);
    int used =
        magnitude == 0
            ? 0
            : Long.SIZE
                - Long.numberOfLeadingZeros(magnitude)
                - Long.numberOfTrailingZeros(magnitude);
    if (used > digits) {
      throw new UnwritableValueException(
          "the whole number has more digits than " + type + " keeps");
    }
    return number;
  }

  /** A whole number; a fraction, NaN or infinity is refused. */
  static long toLong(Object value, String type) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Boolean bool) {
      return bool ? 1 : 0;
    }
    if (value instanceof java.util.Date date) {
      return date.toInstant().toEpochMilli();
    }
    try {
      return toBigDecimal(value, type).longValueExact();
    } catch (ArithmeticException e) {
      throw Writers.outOfRange(type);
    }
  }

  private static BigInteger toBigInteger(Object value, String type) {
    if (value instanceof BigInteger number) {
      return number;
    }
    if (value instanceof Long || value instanceof Integer) {
      return BigInteger.valueOf(((Number) value).longValue());
    }
    if (value instanceof Boolean bool) {
      return bool ? BigInteger.ONE : BigInteger.ZERO;
    }
    try {
      return toBigDecimal(value, type).toBigIntegerExact();
    } catch (ArithmeticException e) {
      throw Writers.outOfRange(type);
    }
  }

  static BigDecimal toBigDecimal(Object value, String type) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof BigInteger number) {
      return new BigDecimal(number);
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number) || Double.isInfinite(number)) {
        throw new UnwritableValueException("NaN or infinity does not fit " + type);
      }
      // the shortest text that reads back as the same number
      return new BigDecimal(value.toString());
    }
    if (value instanceof Number number) {
      return BigDecimal.valueOf(number.longValue());
    }
    if (value instanceof String text) {
      return parse(text, type);
    }
    if (value instanceof Struct struct && VariableScale.isOne(struct.schema())) {
      return VariableScale.value(struct);
    }
    throw Writers.mismatch(value, type);
  }

  private static BigDecimal parse(String text, String type) {
    // an exponent of a million digits is a short text, but no number that any column holds
    if (text.length() > 400) {
      throw Writers.outOfRange(type);
    }
    try {
      BigDecimal number = new BigDecimal(text.strip());
      if (Math.abs((long) number.scale()) > 400) {
        throw Writers.outOfRange(type);
      }
      return number;
    } catch (NumberFormatException e) {
      throw new UnwritableValueException("a text that is no number does not fit " + type);
    }
  }
}
