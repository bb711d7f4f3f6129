package dev.tributary.transforms.zscore;

/** Mean and population standard deviation, summed in the values' order. */
final class Moments {
  private Moments() {}

  /** The deviation of {@code values[start..end)}, given how far their mean lies from the first. */
  static double deviation(double[] values, int start, int end, double shift) {
    double first = values[start];
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = start;
    // four sums, as an addition waits for the one before it
    for (; i + 3 < end; i += 4) {
      double a = values[i] - first - shift;
      double b = values[i + 1] - first - shift;
      double c = values[i + 2] - first - shift;
      double d = values[i + 3] - first - shift;
      s0 += a * a;
      s1 += b * b;
      s2 += c * c;
      s3 += d * d;
    }
    for (; i < end; i++) {
      double a = values[i] - first - shift;
      s0 += a * a;
    }
    return Math.sqrt((s0 + s1 + (s2 + s3)) / (end - start));
  }

  /**
   * How far the mean of {@code values[start..end)} lies from the first of them; there must be one.
   * Differences from the first keep what a large common part would swallow, and are exactly zero in
   * a constant series.
   */
  static double shift(double[] values, int start, int end) {
    double first = values[start];
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = start;
    for (; i + 3 < end; i += 4) {
      s0 += values[i] - first;
      s1 += values[i + 1] - first;
      s2 += values[i + 2] - first;
      s3 += values[i + 3] - first;
    }
    for (; i < end; i++) {
      s0 += values[i] - first;
    }
    return (s0 + s1 + (s2 + s3)) / (end - start);
  }
}
