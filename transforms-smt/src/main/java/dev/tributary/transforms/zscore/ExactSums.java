package dev.tributary.transforms.zscore;

/**
 * The exact sums of doubles and of their squares, to which values are added and from which they are
 * taken away.
 *
 * <p>A double is a whole number times a power of two, and so is a sum of doubles, with more digits.
 * Here those are digits to the base 2^32, each in a long of its own, so that the carries of two
 * billion values have room in it and need not be passed on: a value adds to three digits of the sum
 * and to five of that of squares. There are digits for no other powers of two than the values have,
 * which as a rule takes three, and at most 66 of the sum.
 *
 * <p>As nothing is rounded, the sums are the same whatever was in them before and has been taken
 * away. They are kept in one array, which these functions read and write: {@code [base, the sum's n
 * digits, the squares' 2n digits]}, the lowest first; that of the sum counts 2^(32 base), that of
 * the squares 2^(64 base).
 *
 * @see <a href="https://arxiv.org/abs/1505.05571">Neal, Fast exact summation using small and large
 *     superaccumulators (2015)</a>
 */
final class ExactSums {
  static final int DIGIT_BITS = 32;
  static final long DIGIT = (1L << DIGIT_BITS) - 1;

  /** The digits that a value can reach into: 53 bits that begin anywhere in one. */
  static final int DIGITS_OF_VALUE = 3;

  /** Where the sum's digits begin. */
  static final int SUM = 1;

  private static final int MANTISSA_BITS = 52;
  private static final long MANTISSA = (1L << MANTISSA_BITS) - 1;
  private static final int LEAST_EXPONENT = -1074;

  private ExactSums() {}

  /** Sums of nothing. */
  static long[] none() {
    return new long[1];
  }

  /** How many digits there are of the sum. */
  static int digits(long[] sums) {
    return sums.length / 3;
  }

  /** The power of 2^32 that the sum's lowest digit counts. */
  static int base(long[] sums) {
    return (int) sums[0];
  }

  /** Where the digits of the squares begin. */
  static int squares(long[] sums) {
    return SUM + digits(sums);
  }

  /**
   * Adds a finite value.
   *
   * @return the sums; those that were given if they have digits enough
   */
  static long[] add(long[] sums, double value) {
    return add(sums, value, 1);
  }

  /** Takes a value away that has been added. */
  static long[] subtract(long[] sums, double value) {
    return add(sums, value, -1);
  }

  private static long[] add(long[] given, double value, int times) {
    if (value == 0) {
      return given;
    }
    long mantissa = mantissa(value);
    int exponent = exponent(value);
    int at = Math.floorDiv(exponent, DIGIT_BITS) - base(given);
    if (at < 0) {
      // the lowest bits may all be zeros
      int zeros = Long.numberOfTrailingZeros(mantissa);
      mantissa >>>= zeros;
      exponent += zeros;
      at = Math.floorDiv(exponent, DIGIT_BITS) - base(given);
    }
    int shift = exponent & (DIGIT_BITS - 1);
    long[] sums = given;
    int digits = digits(sums);
    if (at < 0 || at + DIGITS_OF_VALUE > digits) {
      int top = at + (shift + Long.SIZE - 1 - Long.numberOfLeadingZeros(mantissa)) / DIGIT_BITS;
      if (at < 0 || top >= digits) {
        sums = resized(given, at + base(given), top + base(given));
        digits = digits(sums);
        at += base(given) - base(sums);
      }
    }
    long sign = value < 0 ? -times : times;
    long low = mantissa << shift;
    int i = SUM + at;
    addTo(sums, i, sign * (low & DIGIT));
    addTo(sums, i + 1, sign * (low >>> DIGIT_BITS));
    addTo(sums, i + 2, sign * (mantissa >>> 1 >>> (63 - shift)));

    // twice the exponent: the digit is one of two, and the shift within it
    int twice = 2 * shift;
    i = SUM + digits + 2 * at + twice / DIGIT_BITS;
    shift = twice & (DIGIT_BITS - 1);
    long squareLow = mantissa * mantissa;
    long squareHigh = Math.multiplyHigh(mantissa, mantissa);
    low = squareLow << shift;
    long high = squareHigh << shift | squareLow >>> 1 >>> (63 - shift);
    addTo(sums, i, times * (low & DIGIT));
    addTo(sums, i + 1, times * (low >>> DIGIT_BITS));
    addTo(sums, i + 2, times * (high & DIGIT));
    addTo(sums, i + 3, times * (high >>> DIGIT_BITS));
    addTo(sums, i + 4, times * (squareHigh >>> 1 >>> (63 - shift)));
    return sums;
  }

  /** Where the value has no digit, there need be none. */
  private static void addTo(long[] sums, int index, long digit) {
    if (digit != 0) {
      sums[index] += digit;
    }
  }

  /** The whole number that a value is, times two to its {@link #exponent}. */
  static long mantissa(double value) {
    long bits = Double.doubleToRawLongBits(value);
    long mantissa = bits & MANTISSA;
    return (bits >>> MANTISSA_BITS & 0x7FF) == 0 ? mantissa : mantissa | 1L << MANTISSA_BITS;
  }

  /** See {@link #mantissa}. */
  static int exponent(double value) {
    return Math.max(LEAST_EXPONENT, Math.getExponent(value) - MANTISSA_BITS);
  }

  /** The same sums without the digits of values that have been taken away. */
  static long[] trimmed(long[] sums) {
    if (digits(sums) <= DIGITS_OF_VALUE) {
      return sums;
    }
    if (isNone(sums)) {
      return none();
    }
    int lowest = lowest(sums);
    int highest = highest(sums);
    return highest - lowest + 1 < digits(sums) ? resized(sums, lowest, highest) : sums;
  }

  /** The same sums with digits for a value too that has its lowest and highest one there. */
  private static long[] resized(long[] sums, int lowest, int highest) {
    boolean none = isNone(sums);
    int low = none ? lowest : Math.min(lowest, lowest(sums));
    int high = none ? highest : Math.max(highest, highest(sums));
    int digits = Math.max(DIGITS_OF_VALUE, high - low + 1);
    long[] result = new long[1 + 3 * digits];
    result[0] = low;
    int from = Math.max(low, base(sums));
    int to = Math.min(low + digits, base(sums) + digits(sums));
    if (from < to) {
      copy(sums, SUM, result, SUM, from, to, 1);
      copy(sums, squares(sums), result, squares(result), from, to, 2);
    }
    return result;
  }

  private static void copy(
      long[] from, int fromStart, long[] to, int toStart, int low, int high, int each) {
    System.arraycopy(
        from,
        fromStart + each * (low - base(from)),
        to,
        toStart + each * (low - base(to)),
        each * (high - low));
  }

  /** Squares do not cancel out: where there are no digits of them, no value has any. */
  private static boolean isNone(long[] sums) {
    for (int i = squares(sums); i < sums.length; i++) {
      if (sums[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static int lowest(long[] sums) {
    int i = squares(sums);
    while (sums[i] == 0) {
      i++;
    }
    return base(sums) + (i - squares(sums)) / 2;
  }

  private static int highest(long[] sums) {
    int i = sums.length - 1;
    while (sums[i] == 0) {
      i--;
    }
    return base(sums) + (i - squares(sums)) / 2;
  }
}
