package dev.tributary.transforms.zscore;

/**
 * Mean and population standard deviation of some values, summed in their order.
 *
 * <p>One pass over the differences from the first value: they keep what a large common part would
 * swallow, and are exactly zero in a constant series. What is subtracted in the end, the squared
 * distance of the mean from that value, is at most n times the variance, as the value is one of
 * those that vary; so the variance loses no more digits than n has.
 *
 * @param mean of the values
 * @param deviation the population standard deviation
 * @see <a href="https://doi.org/10.2307/2683386">Chan, Golub and LeVeque, Algorithms for computing
 *     the sample variance (1983), shifted data</a>
 */
record Moments(double mean, double deviation) {

  /** Of {@code values[start..end)}; there must be one. */
  static Moments of(double[] values, int start, int end) {
    double first = values[start];
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double q0 = 0;
    double q1 = 0;
    double q2 = 0;
    double q3 = 0;
    int i = start;
    // four sums each, as an addition waits for the one before it
    for (; i + 3 < end; i += 4) {
      double a = values[i] - first;
      double b = values[i + 1] - first;
      double c = values[i + 2] - first;
      double d = values[i + 3] - first;
      s0 += a;
      s1 += b;
      s2 += c;
      s3 += d;
      q0 += a * a;
      q1 += b * b;
      q2 += c * c;
      q3 += d * d;
    }
    for (; i < end; i++) {
      double a = values[i] - first;
      s0 += a;
      q0 += a * a;
    }
    int n = end - start;
    double shift = (s0 + s1 + (s2 + s3)) / n;
    double variance = (q0 + q1 + (q2 + q3)) / n - shift * shift;
    return new Moments(first + shift, Math.sqrt(Math.max(0, variance)));
  }
}
