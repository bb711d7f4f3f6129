package dev.tributary.transforms.zscore;

/**
 * Reads {@link ExactSums} of three digits, which as a rule are enough: the sum is a number of 128
 * bits then, and all that a score needs is computed without loops.
 */
final class ShortSums {
  private static final int BITS = ExactSums.DIGIT_BITS;
  private static final long DIGIT = ExactSums.DIGIT;

  private ShortSums() {}

  /**
   * Gives n value - S and n Q - S^2, S being the sum of n values and Q that of their squares; both
   * without the power of two that the lowest digit counts, which their quotient has not either.
   *
   * @return false if there are more digits, or the value is of other sizes
   */
  static boolean read(double value, long[] sums, int n, Leading distance, Leading variance) {
    if (ExactSums.digits(sums) != 3) {
      return false;
    }
    long mantissa = ExactSums.mantissa(value);
    int shift = ExactSums.exponent(value) - BITS * ExactSums.base(sums);
    if (shift < 0) {
      int zeros = Math.min(-shift, Long.numberOfTrailingZeros(mantissa));
      mantissa = value == 0 ? 0 : mantissa >>> zeros;
      shift = value == 0 ? 0 : shift + zeros;
    }
    if (shift < 0 || shift >= BITS) {
      return false;
    }
    long middle = sums[2] + (sums[1] >> BITS);
    long low = (sums[1] & DIGIT) | middle << BITS;
    long high = sums[3] + (middle >> BITS);
    setDistance(
        mantissa << shift, mantissa >>> 1 >>> (63 - shift), value < 0, n, low, high, distance);
    if (high < 0) {
      low = -low;
      high = low == 0 ? -high : ~high;
    }
    setVariance(sums, n, low, high, variance);
    return true;
  }

  private static void setDistance(
      long low, long high, boolean negative, int n, long sumLow, long sumHigh, Leading distance) {
    long timesLow = low * n;
    long timesHigh = high * n + upper(low, n);
    if (negative) {
      timesLow = -timesLow;
      timesHigh = timesLow == 0 ? -timesHigh : ~timesHigh;
    }
    long a = timesLow - sumLow;
    long b = timesHigh - sumHigh - isLess(timesLow, sumLow);
    boolean below = b < 0;
    if (below) {
      a = -a;
      b = a == 0 ? -b : ~b;
    }
    if (b != 0) {
      distance.set(b, a, 0, 0, false);
    } else if (a != 0) {
      distance.set(a, 0, 0, -64, false);
    } else {
      distance.setZero();
    }
    distance.negative = below;
  }

  /**
   * @param low of the sum's amount the lower 64 bits
   * @param high the others, less than 2^53
   */
  private static void setVariance(long[] sums, int n, long low, long high, Leading variance) {
    // the squares' digits in four longs, times n
    long odd = sums[5] + (sums[4] >>> BITS);
    long a = (sums[4] & DIGIT) | odd << BITS;
    long even = sums[6] + (odd >>> BITS);
    odd = sums[7] + (even >>> BITS);
    long b = (even & DIGIT) | odd << BITS;
    even = sums[8] + (odd >>> BITS);
    odd = sums[9] + (even >>> BITS);
    long c = (even & DIGIT) | odd << BITS;
    long d = (odd >>> BITS) * n + upper(c, n);
    c = c * n;
    long more = upper(b, n);
    c += more;
    d += isLess(c, more);
    b = b * n;
    more = upper(a, n);
    b += more;
    more = isLess(b, more);
    c += more;
    d += isLess(c, more);
    a = a * n;

    // less the square of the sum: of low, of twice low times high, of high
    long square = low * low;
    long borrow = isLess(a, square);
    a -= square;
    square = Math.multiplyHigh(low, low) + 2 * ((low >> 63) & low);
    long product = low * high;
    long productHigh = Math.multiplyHigh(low, high) + ((low >> 63) & high);
    long twice = product << 1;
    square += twice;
    long carry = isLess(square, twice);
    long next = isLess(b, square);
    b -= square;
    next += isLess(b, borrow);
    b -= borrow;
    twice = productHigh << 1 | product >>> 63;
    square = high * high;
    square += twice;
    long over = isLess(square, twice);
    square += carry;
    over += isLess(square, carry);
    borrow = isLess(c, square);
    c -= square;
    borrow += isLess(c, next);
    c -= next;
    d -= Math.multiplyHigh(high, high) + (productHigh >>> 63) + over + borrow;

    if (d != 0) {
      variance.set(d, c, b, 128, true);
    } else if (c != 0) {
      variance.set(c, b, a, 64, true);
    } else if (b != 0) {
      variance.set(b, a, 0, 0, true);
    } else if (a != 0) {
      variance.set(a, 0, 0, -64, true);
    } else {
      variance.setZero();
    }
  }

  /** The upper 64 bits of an unsigned number times n. */
  private static long upper(long number, int n) {
    return ((number >>> BITS) * n + (((number & DIGIT) * n) >>> BITS)) >>> BITS;
  }

  /** 1 or 0: whether a sum has overflown, or a difference will. */
  private static long isLess(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? 1 : 0;
  }
}
