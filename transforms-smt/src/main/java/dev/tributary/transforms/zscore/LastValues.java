package dev.tributary.transforms.zscore;

/**
 * The last N values of one key and field.
 *
 * <p>Mean and deviation are computed from the values each time, in their order. A running mean
 * would cost less, but its last bits depend on values long gone: after a restore from a topic whose
 * head retention has cut off, scores would differ from those given before.
 */
final class LastValues {
  private static final int FIRST_CAPACITY = 8;

  private final int limit;

  /** In order; valid from {@code start} to {@code end}. */
  private double[] values;

  private int start;
  private int end;
  private double mean;
  private double deviation;

  LastValues(int limit) {
    this.limit = limit;
    this.values = new double[Math.min(FIRST_CAPACITY, limit)];
  }

  int size() {
    return end - start;
  }

  void add(double value) {
    if (size() == limit) {
      start++;
    }
    if (end == values.length) {
      makeRoom();
    }
    values[end++] = value;
  }

  /** Works out {@link #mean} and {@link #deviation}; there must be a value. */
  void measure() {
    int n = size();
    // differences from the first keep what a large common part would swallow, and are exactly
    // zero in a constant series
    double first = values[start];
    double shift = sumOfDifferences(first) / n;
    mean = first + shift;
    deviation = Math.sqrt(sumOfSquares(first, shift) / n);
  }

  /** In two sums, as an addition waits for the one before it. */
  private double sumOfDifferences(double first) {
    double even = 0;
    double odd = 0;
    int i = start;
    for (; i + 1 < end; i += 2) {
      even += values[i] - first;
      odd += values[i + 1] - first;
    }
    return i < end ? even + odd + (values[i] - first) : even + odd;
  }

  private double sumOfSquares(double first, double shift) {
    double even = 0;
    double odd = 0;
    int i = start;
    for (; i + 1 < end; i += 2) {
      double a = values[i] - first - shift;
      double b = values[i + 1] - first - shift;
      even += a * a;
      odd += b * b;
    }
    if (i < end) {
      double a = values[i] - first - shift;
      even += a * a;
    }
    return even + odd;
  }

  double mean() {
    return mean;
  }

  /** The population standard deviation. */
  double deviation() {
    return deviation;
  }

  /** Moves up to the front, into a larger array while there are few. */
  private void makeRoom() {
    int size = size();
    int slack = Math.max(FIRST_CAPACITY, limit / 4);
    double[] target =
        size * 2 > values.length && values.length < limit + slack
            ? new double[Math.min(2 * values.length, limit + slack)]
            : values;
    System.arraycopy(values, start, target, 0, size);
    values = target;
    start = 0;
    end = size;
  }
}
