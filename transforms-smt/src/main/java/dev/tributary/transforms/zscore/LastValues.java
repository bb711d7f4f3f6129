package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;

/**
 * The last N values of one key and field, and their sums.
 *
 * <p>The sums are exact, so that a score costs the same however many values there are, and yet
 * depends on nothing but them: with running sums that are rounded its last bits would depend on
 * values long gone, and after a restore from a topic whose head retention has cut off be others.
 */
final class LastValues implements Series {
  private static final int FIRST_CAPACITY = 8;

  private final int limit;
  private final ExactScore exact;

  /** A ring once it is full, {@code next} being the oldest. */
  private double[] values;

  /** See {@link ExactSums}. */
  private long[] sums = ExactSums.none();

  private int size;
  private int next;
  private boolean constant;

  LastValues(int limit, ExactScore exact) {
    this.limit = limit;
    this.exact = exact;
    this.values = new double[Math.min(FIRST_CAPACITY, limit)];
  }

  @Override
  public int samples(long time) {
    return size;
  }

  @Override
  public double score(double value, long time) {
    double score = exact.of(value, sums, size);
    constant = Double.isNaN(score);
    return score;
  }

  @Override
  public boolean wasConstant() {
    return constant;
  }

  @Override
  public void add(double value, long time) {
    if (size < limit) {
      if (size == values.length) {
        values = Arrays.copyOf(values, (int) Math.min(limit, 2L * size));
      }
      values[size++] = value;
    } else {
      sums = ExactSums.subtract(sums, values[next]);
      values[next] = value;
      next++;
      if (next == limit) {
        next = 0;
        sums = ExactSums.trimmed(sums);
      }
    }
    sums = ExactSums.add(sums, value);
  }

  @Override
  public long bytes() {
    return 80 + 8L * values.length + 8L * sums.length;
  }

  /** From the oldest on. */
  @Override
  public void write(StateOutput out) {
    out.number(size);
    for (int i = 0; i < size; i++) {
      out.real(values[size < limit ? i : (next + i) % limit]);
    }
  }

  @Override
  public void read(StateInput in) {
    for (int i = in.size(); i > 0; i--) {
      add(in.real(), 0);
    }
  }
}
