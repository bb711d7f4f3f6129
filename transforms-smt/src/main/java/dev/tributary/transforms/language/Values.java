package dev.tributary.transforms.language;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Date;

/** Comparing values of fields, whatever types they have. */
public final class Values {
  /** What {@link #compare} answers where two values have no order, or one is null. */
  public static final int INCOMPARABLE = Integer.MIN_VALUE;

  /** Up to here every whole number is a double. */
  private static final long EXACT_DOUBLES = 1L << 53;

  private Values() {}

  /**
   * Compares numbers by value, texts by code unit, booleans and times; a number with a text by the
   * number that the text says.
   *
   * @return negative, 0 or positive; {@link #INCOMPARABLE} if there is no answer
   */
  public static int compare(Object left, Object right) {
    if (left == null || right == null) {
      return INCOMPARABLE;
    }
    Object a = plain(left);
    Object b = plain(right);
    if (a instanceof String x && b instanceof String y) {
      return sign(x.compareTo(y));
    }
    if (a instanceof Boolean x && b instanceof Boolean y) {
      return Boolean.compare(x, y);
    }
    if (a instanceof Number || b instanceof Number) {
      Number x = number(a);
      Number y = number(b);
      return x == null || y == null ? INCOMPARABLE : compareNumbers(x, y);
    }
    return a.equals(b) ? 0 : INCOMPARABLE;
  }

  /** The same for every way of writing the same value. */
  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  public static Object identity(Object value) {
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float f) {
      return f.doubleValue();
    }
    return value instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : value;
  }

  @SuppressWarnings("JavaUtilDate")
  private static Object plain(Object value) {
    return value instanceof Date date ? (Object) date.getTime() : value;
  }

  private static Number number(Object value) {
    if (value instanceof Number number) {
      return number;
    }
    if (value instanceof String text) {
      try {
        return new BigDecimal(text.strip());
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return null;
  }

  /** Whether it is of one of the types of whole numbers. */
  public static boolean isWhole(Number number) {
    return number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte;
  }

  private static int compareNumbers(Number a, Number b) {
    if (isWhole(a) && isWhole(b)) {
      return Long.compare(a.longValue(), b.longValue());
    }
    if (isDouble(a) && isDouble(b)) {
      double x = a.doubleValue();
      double y = b.doubleValue();
      return Double.isNaN(x) || Double.isNaN(y) ? INCOMPARABLE : x == y ? 0 : Double.compare(x, y);
    }
    double x = a.doubleValue();
    double y = b.doubleValue();
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return INCOMPARABLE;
    }
    // a decimal that is too great for a double is finite all the same
    return (isDouble(a) && Double.isInfinite(x)) || (isDouble(b) && Double.isInfinite(y))
        ? Double.compare(isDouble(a) ? x : 0, isDouble(b) ? y : 0)
        : decimal(a).compareTo(decimal(b));
  }

  private static boolean isDouble(Number number) {
    return number instanceof Double
        || number instanceof Float
        || (isWhole(number)
            && Math.abs(number.longValue()) <= EXACT_DOUBLES
            && number.longValue() != Long.MIN_VALUE);
  }

  /** The number exactly; of a double what it stands for in its shortest form. */
  public static BigDecimal decimal(Number number) {
    if (number instanceof BigDecimal decimal) {
      return decimal;
    }
    if (number instanceof BigInteger integer) {
      return new BigDecimal(integer);
    }
    return isWhole(number)
        ? BigDecimal.valueOf(number.longValue())
        : new BigDecimal(number.toString());
  }

  private static int sign(int order) {
    return Integer.signum(order);
  }
}
