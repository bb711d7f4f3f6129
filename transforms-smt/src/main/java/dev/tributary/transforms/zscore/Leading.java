package dev.tributary.transforms.zscore;

/**
 * The first 116 bits or more of a number, as the unevaluated sum of two doubles: (high + low)
 * 2^exponent, or its opposite. Made once, and set again for each number.
 */
final class Leading {
  double high;
  double low;
  int exponent;
  boolean negative;

  void setZero() {
    high = 0;
    low = 0;
    exponent = 0;
  }

  boolean isZero() {
    return high == 0;
  }

  /**
   * Sets it to a number of three times 64 bits, the first of which are not all 0.
   *
   * @param of the power of two that the last bit of the second ones counts
   * @param even whether the exponent shall be so
   */
  void set(long first, long second, long third, int of, boolean even) {
    int zeros = Long.numberOfLeadingZeros(first);
    long a = first << zeros | second >>> 1 >>> (63 - zeros);
    long b = second << zeros | third >>> 1 >>> (63 - zeros);
    int odd = even ? (of - zeros + 75) & 1 : 0;
    // 53 bits, and 63 more behind them
    high = (double) (a >>> 11 << odd);
    low = (double) ((a & 0x7FF) << 52 | b >>> 12) * (odd == 0 ? 0x1p-63 : 0x1p-62);
    exponent = of - zeros + 75 - odd;
  }
}
