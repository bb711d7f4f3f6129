package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;

/**
 * The last N values of one key and field, and their mean.
 *
 * <p>Mean and deviation are computed from the values each time, in their order. A running mean
 * would cost less, but its last bits depend on values long gone: after a restore from a topic whose
 * head retention has cut off, scores would differ from those given before.
 */
final class LastValues implements Series {
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

  @Override
  public int samples(long time) {
    return size();
  }

  private int size() {
    return end - start;
  }

  @Override
  public void add(double value, long time) {
    if (size() == limit) {
      start++;
    }
    if (end == values.length) {
      makeRoom();
    }
    values[end++] = value;
  }

  @Override
  public void measure(long time) {
    double shift = Moments.shift(values, start, end);
    mean = values[start] + shift;
    deviation = Moments.deviation(values, start, end, shift);
  }

  @Override
  public double center() {
    return mean;
  }

  /** The population standard deviation. */
  @Override
  public double deviation() {
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

  @Override
  public long bytes() {
    return 64 + 8L * values.length;
  }

  @Override
  public void write(StateOutput out) {
    out.number(size());
    for (int i = start; i < end; i++) {
      out.real(values[i]);
    }
  }

  @Override
  public void read(StateInput in) {
    for (int i = in.size(); i > 0; i--) {
      add(in.real(), 0);
    }
  }
}
