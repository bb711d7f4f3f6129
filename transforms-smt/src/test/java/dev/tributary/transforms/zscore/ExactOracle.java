package dev.tributary.transforms.zscore;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** The z-score in decimals of as many digits as it takes, rounded to a double in the end. */
final class ExactOracle {
  private static final MathContext DIGITS = new MathContext(60);

  /** The least double has 1,075 decimals, and its square twice as many. */
  private static final MathContext MORE_DIGITS = new MathContext(2_500);

  private ExactOracle() {}

  /** NaN where all values before are equal and this one is another. */
  static double score(List<Double> before, double value) {
    BigDecimal n = BigDecimal.valueOf(before.size());
    BigDecimal sum = before.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal squares =
        before.stream().map(v -> new BigDecimal(v).pow(2)).reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal distance = n.multiply(new BigDecimal(value)).subtract(sum);
    BigDecimal variance = n.multiply(squares).subtract(sum.pow(2));
    if (distance.signum() == 0) {
      return 0;
    }
    if (variance.signum() == 0) {
      return Double.NaN;
    }
    BigDecimal score = quotient(distance, variance, DIGITS);
    BigDecimal off = score.scaleByPowerOfTen(-50);
    boolean halfway = score.subtract(off).doubleValue() != score.add(off).doubleValue();
    return (halfway ? quotient(distance, variance, MORE_DIGITS) : score).doubleValue();
  }

  private static BigDecimal quotient(BigDecimal distance, BigDecimal variance, MathContext digits) {
    return distance.divide(variance.round(digits).sqrt(digits), digits);
  }
}
