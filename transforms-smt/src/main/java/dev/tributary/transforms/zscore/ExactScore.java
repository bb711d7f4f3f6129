package dev.tributary.transforms.zscore;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * The z-score of a value against others of which the {@link ExactSums} are known: (value - mean) /
 * population deviation, rounded once, to the nearest double.
 *
 * <p>With n values, their sum S and that of their squares Q it is D / sqrt(V), where D = n value -
 * S and V = n Q - S^2 are computed exactly. Of both the first 106 bits and more are taken, as
 * unevaluated sums of two doubles, and so is their quotient; that is off by less than 2^-98 of
 * itself. Where that leaves open to which double it has to be rounded (a score just between two;
 * once in 2^44 by chance), whole numbers decide.
 *
 * <p>Made once for many series, and not thread-safe: it computes in arrays of its own.
 *
 * @see <a href="https://doi.org/10.1007/BF01397083">Dekker, A floating-point technique for
 *     extending the available precision (1971)</a>
 */
final class ExactScore {
  private static final int BITS = ExactSums.DIGIT_BITS;
  private static final long DIGIT = ExactSums.DIGIT;
  private static final double ERROR = 0x1p-98;

  /** Scores with a smaller exponent may be no normal numbers. */
  private static final int LEAST_EXPONENT = -1000;

  private final Leading distance = new Leading();
  private final Leading variance = new Leading();

  /** The same in full, where it takes that. */
  private final Digits distanceDigits = new Digits();

  private final Digits varianceDigits = new Digits();
  private final Digits sum = new Digits();

  /**
   * The score.
   *
   * @param n how many values the sums are of, at least 1
   * @return NaN where all of those are equal and this one is another
   */
  double of(double value, long[] sums, int n) {
    boolean inFull = !ShortSums.read(value, sums, n, distance, variance);
    if (inFull) {
      setDigits(value, sums, n);
      distanceDigits.lead(distance, false);
      varianceDigits.lead(variance, true);
    }
    if (distance.isZero()) {
      return 0;
    }
    if (variance.isZero()) {
      return Double.NaN;
    }
    // the root of the variance, and what that lacks
    double root = Math.sqrt(variance.high);
    double inverse = 1 / root;
    double rootRest = (Math.fma(-root, root, variance.high) + variance.low) * (0.5 * inverse);
    double z = distance.high / root;
    double rest = (Math.fma(-z, root, distance.high) + distance.low - z * rootRest) * inverse;
    double least = z + (rest - ERROR * z);
    double most = z + (rest + ERROR * z);
    int exponent = distance.exponent - variance.exponent / 2;
    double score = Math.scalb(least, exponent);
    if (least != most || Math.getExponent(least) + exponent < LEAST_EXPONENT) {
      if (!inFull) {
        setDigits(value, sums, n);
      }
      score = nearest(score);
    }
    return distance.negative ? -score : score;
  }

  private void setDigits(double value, long[] sums, int n) {
    setVariance(sums, n);
    distance.negative = setDistance(value, sums, n);
  }

  /** n Q - S^2; never negative. */
  private void setVariance(long[] sums, int n) {
    int digits = ExactSums.digits(sums);
    int squares = ExactSums.squares(sums);
    int length = 2 * digits + 3;
    long[] out = varianceDigits.make(length, 2 * ExactSums.base(sums));
    long carry = 0;
    long product = 0;
    for (int i = 0; i < length; i++) {
      carry += i < 2 * digits ? sums[squares + i] : 0;
      product += n * (carry & DIGIT);
      out[i] = product & DIGIT;
      carry >>= BITS;
      product >>>= BITS;
    }
    long[] of = sum.make(digits + 1, 0);
    System.arraycopy(sums, ExactSums.SUM, of, 0, digits);
    sum.carry();
    int used = sum.length();
    for (int i = 0; i < used; i++) {
      long borrow = 0;
      for (int j = 0; j < used; j++) {
        borrow += of[i] * of[j];
        long left = out[i + j] - (borrow & DIGIT);
        out[i + j] = left & DIGIT;
        borrow = (borrow >>> BITS) - (left >> BITS);
      }
      for (int k = i + used; borrow != 0; k++) {
        long left = out[k] - borrow;
        out[k] = left & DIGIT;
        borrow = -(left >> BITS);
      }
    }
  }

  /**
   * The amount of n value - S.
   *
   * @return whether it is negative
   */
  private boolean setDistance(double value, long[] sums, int n) {
    long mantissa = ExactSums.mantissa(value);
    int exponent = ExactSums.exponent(value);
    int digit = Math.floorDiv(exponent, BITS);
    int shift = exponent & (BITS - 1);
    int digits = ExactSums.digits(sums);
    int base = Math.min(ExactSums.base(sums), digit);
    int end = Math.max(ExactSums.base(sums) + digits, digit + ExactSums.DIGITS_OF_VALUE);
    long[] out = distanceDigits.make(end - base + 1, base);
    for (int i = 0; i < digits; i++) {
      out[ExactSums.base(sums) - base + i] = -sums[ExactSums.SUM + i];
    }
    long times = value < 0 ? -n : n;
    long low = mantissa << shift;
    int i = digit - base;
    out[i] += times * (low & DIGIT);
    out[i + 1] += times * (low >>> BITS);
    out[i + 2] += times * (mantissa >>> 1 >>> (63 - shift));
    return distanceDigits.carry();
  }

  /**
   * The double that is nearest to the score's amount, the even one of two that are; all exact.
   *
   * @param guess not further off than the next
   */
  private double nearest(double guess) {
    BigInteger square = distanceDigits.toInteger().pow(2);
    BigInteger by = varianceDigits.toInteger();
    // both to the same power of two
    int shift = 2 * BITS * distanceDigits.base() - BITS * varianceDigits.base();
    square = square.shiftLeft(Math.max(0, shift));
    by = by.shiftLeft(Math.max(0, -shift));
    double at = Math.max(0, Math.nextDown(guess));
    while (Double.isFinite(at)) {
      BigDecimal middle =
          new BigDecimal(at).add(new BigDecimal(Math.ulp(at)).divide(BigDecimal.valueOf(2)));
      int side = new BigDecimal(square).compareTo(middle.pow(2).multiply(new BigDecimal(by)));
      if (side < 0 || (side == 0 && (Double.doubleToRawLongBits(at) & 1) == 0)) {
        return at;
      }
      at = Math.nextUp(at);
    }
    return at;
  }
}
