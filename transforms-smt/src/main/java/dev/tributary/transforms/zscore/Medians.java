package dev.tributary.transforms.zscore;

/**
 * Median and median absolute deviation of sorted values.
 *
 * @see <a href="https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm">NIST, Detection
 *     of Outliers</a>
 */
final class Medians {
  /** The MAD of a normal distribution in its standard deviations. */
  private static final double MAD_OF_NORMAL = 0.6745;

  /** Its standard deviation in mean absolute deviations: the root of pi / 2. */
  private static final double MEAN_AD_TO_DEVIATION = 1.253314;

  private Medians() {}

  /** The median of the first n of sorted values, n at least 1. */
  static double median(double[] sorted, int n) {
    return n % 2 == 1 ? sorted[n / 2] : middle(sorted[n / 2 - 1], sorted[n / 2]);
  }

  /** What a distance from the median is counted in: MAD / 0.6745, or the fallback for MAD 0. */
  static double deviation(double[] sorted, int n, double median) {
    double mad = medianDistance(sorted, n, median);
    if (mad > 0) {
      return mad / MAD_OF_NORMAL;
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.abs(sorted[i] - median);
    }
    return sum == 0 ? 0 : MEAN_AD_TO_DEVIATION * (sum / n);
  }

  /** Walks from the median outwards to both sides, always to the nearer value next. */
  private static double medianDistance(double[] sorted, int n, double median) {
    int right = n / 2;
    int left = right - 1;
    double before = 0;
    double last = 0;
    for (int taken = 0; taken <= n / 2; taken++) {
      before = last;
      boolean goRight = left < 0 || (right < n && sorted[right] - median <= median - sorted[left]);
      last = goRight ? sorted[right++] - median : median - sorted[left--];
    }
    return n % 2 == 1 ? last : middle(before, last);
  }

  private static double middle(double a, double b) {
    return a / 2 + b / 2;
  }
}
