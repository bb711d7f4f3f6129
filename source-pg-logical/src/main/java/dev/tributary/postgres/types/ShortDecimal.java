package dev.tributary.postgres.types;

import java.math.BigDecimal;

/**
 * A decimal number whose digits fit in a long, as most do: reading it needs neither characters nor
 * arithmetic on large numbers.
 *
 * @param unscaled the digits, without the point
 * @param scale how many of them are behind the point
 */
record ShortDecimal(long unscaled, int scale) {
  private static final int MAX_DIGITS = 18;

  /** Whole numbers up to here are doubles, all of them. */
  private static final long MAX_EXACT = 1L << 53;

  /** Those that are doubles, which all are that have a place here. */
  private static final double[] POWERS_OF_TEN = powersOfTen();

  private static double[] powersOfTen() {
    double[] powers = new double[MAX_DIGITS + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }

  /**
   * Reads {@code 12}, {@code -12.30}.
   *
   * @return null for what is longer, or written in another way
   */
  static ShortDecimal read(byte[] data, int start, int length) {
    boolean negative = length > 0 && data[start] == '-';
    int end = start + length;
    int first = negative ? start + 1 : start;
    if (end - first > MAX_DIGITS) {
      return null;
    }
    long unscaled = 0;
    int point = end;
    for (int i = first; i < end; i++) {
      int digit = data[i] - '0';
      if (digit >= 0 && digit <= 9) {
        unscaled = unscaled * 10 + digit;
      } else if (data[i] == '.' && point == end) {
        point = i;
      } else {
        return null;
      }
    }
    boolean isPlain = point > first && point != end - 1;
    if (!isPlain || (negative && unscaled == 0)) { // in a double, minus zero is another number
      return null;
    }
    return new ShortDecimal(negative ? -unscaled : unscaled, Math.max(0, end - 1 - point));
  }

  BigDecimal toBigDecimal() {
    return BigDecimal.valueOf(unscaled, scale);
  }

  /** Whether the nearest double is what one division gives, of numbers that are doubles. */
  boolean isExactInParts() {
    return Math.abs(unscaled) <= MAX_EXACT;
  }

  /** The nearest double, if {@link #isExactInParts}. */
  double toDouble() {
    return unscaled / POWERS_OF_TEN[scale];
  }
}
