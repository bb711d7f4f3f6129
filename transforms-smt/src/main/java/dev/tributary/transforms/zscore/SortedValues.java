package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;

/**
 * The last N values of one key and field, in their order and sorted too: a value is put in its
 * place by moving those above it, so that no sorting is done per event.
 */
final class SortedValues implements Series {
  private static final int FIRST_CAPACITY = 8;

  private final int limit;

  /** A ring once it is full, {@code next} being the oldest. */
  private double[] values;

  private double[] sorted;
  private int size;
  private int next;
  private boolean constant;

  SortedValues(int limit) {
    this.limit = limit;
    this.values = new double[Math.min(FIRST_CAPACITY, limit)];
    this.sorted = new double[values.length];
  }

  @Override
  public int samples(long time) {
    return size;
  }

  @Override
  public void add(double given, long time) {
    double value = given + 0.0; // -0.0 is 0.0, which sorting would take apart
    if (size < limit) {
      if (size == values.length) {
        int larger = (int) Math.min(limit, 2L * size);
        values = Arrays.copyOf(values, larger);
        sorted = Arrays.copyOf(sorted, larger);
      }
      values[size] = value;
      int at = place(value, size);
      System.arraycopy(sorted, at, sorted, at + 1, size - at);
      sorted[at] = value;
      size++;
      return;
    }
    double oldest = values[next];
    values[next] = value;
    next = next + 1 == limit ? 0 : next + 1;
    int gone = Arrays.binarySearch(sorted, 0, size, oldest);
    System.arraycopy(sorted, gone + 1, sorted, gone, size - gone - 1);
    int at = place(value, size - 1);
    System.arraycopy(sorted, at, sorted, at + 1, size - 1 - at);
    sorted[at] = value;
  }

  private int place(double value, int among) {
    int found = Arrays.binarySearch(sorted, 0, among, value);
    return found < 0 ? -found - 1 : found;
  }

  @Override
  public double score(double value, long time) {
    double median = Medians.median(sorted, size);
    double deviation = Medians.deviation(sorted, size, median);
    constant = deviation == 0;
    return Distance.of(value, median, deviation);
  }

  @Override
  public boolean wasConstant() {
    return constant;
  }

  @Override
  public long bytes() {
    return 88 + 16L * values.length;
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
