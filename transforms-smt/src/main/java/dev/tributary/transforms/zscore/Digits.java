package dev.tributary.transforms.zscore;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * A whole number of many digits to the base 2^32, the lowest first, times a power of that base.
 * Made once, and filled again for each number.
 */
final class Digits {
  private static final int BITS = ExactSums.DIGIT_BITS;
  private static final long DIGIT = ExactSums.DIGIT;

  private long[] digits = new long[16];
  private int length;
  private int base;

  /**
   * Begins a number.
   *
   * @param base the power of 2^32 that the lowest digit counts
   * @return its digits to be filled, all 0
   */
  long[] make(int digitCount, int base) {
    if (digits.length < digitCount) {
      digits = new long[2 * digitCount];
    } else {
      Arrays.fill(digits, 0, digitCount, 0);
    }
    this.length = digitCount;
    this.base = base;
    return digits;
  }

  /**
   * Passes on what is in digits beyond their size, which may be negative, and leaves the amount;
   * the uppermost must have room for that.
   *
   * @return whether the number is negative
   */
  boolean carry() {
    if (!pass(1)) {
      return false;
    }
    pass(-1);
    return true;
  }

  private boolean pass(int sign) {
    long carry = 0;
    for (int i = 0; i < length; i++) {
      carry += sign * digits[i];
      digits[i] = carry & DIGIT;
      carry >>= BITS;
    }
    if (carry < 0) {
      digits[length - 1] |= carry << BITS; // the sign stays there
    }
    return carry < 0;
  }

  /** How many digits there are up to the highest that is not 0. */
  int length() {
    int top = length;
    while (top > 0 && digits[top - 1] == 0) {
      top--;
    }
    return top;
  }

  int base() {
    return base;
  }

  BigInteger toInteger() {
    BigInteger number = BigInteger.ZERO;
    for (int i = length - 1; i >= 0; i--) {
      number = number.shiftLeft(BITS).add(BigInteger.valueOf(digits[i]));
    }
    return number;
  }

  /** Gives the first bits of a number; leaves alone whether it is negative. */
  void lead(Leading to, boolean even) {
    int top = length() - 1;
    if (top < 0) {
      to.setZero();
      return;
    }
    to.set(
        digit(top) << BITS | digit(top - 1),
        digit(top - 2) << BITS | digit(top - 3),
        digit(top - 4) << BITS,
        BITS * (base + top - 3),
        even);
  }

  private long digit(int index) {
    return index < 0 ? 0 : digits[index];
  }
}
