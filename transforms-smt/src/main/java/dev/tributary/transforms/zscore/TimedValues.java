package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;

/** The values of one key and field within a length of event time. */
final class TimedValues implements Series {
  private static final int FIRST_CAPACITY = 4;

  private final ZScoring.Window.Within window;

  /** Null where values are scored against the median. */
  private final ExactScore exact;

  /** By time, those of the same time as they came; valid from {@code start} to {@code end}. */
  private long[] times = new long[FIRST_CAPACITY];

  private double[] values = new double[FIRST_CAPACITY];
  private int start;
  private int end;

  /** Of the values from {@code summedFrom} to {@code summedTo}; see {@link ExactSums}. */
  private long[] sums = ExactSums.none();

  private int summedFrom;
  private int summedTo;
  private boolean constant;

  TimedValues(ZScoring.Window.Within window, ExactScore exact) {
    this.window = window;
    this.exact = exact;
  }

  @Override
  public int samples(long time) {
    return after(time) - after(time - window.lengthMs());
  }

  @Override
  public double score(double value, long time) {
    int from = after(time - window.lengthMs());
    int to = after(time);
    if (exact == null) {
      double[] sorted = Arrays.copyOfRange(values, from, to);
      Arrays.sort(sorted);
      double median = Medians.median(sorted, sorted.length);
      double deviation = Medians.deviation(sorted, sorted.length, median);
      constant = deviation == 0;
      return Distance.of(value, median, deviation);
    }
    sum(from, to);
    double score = exact.of(value, sums, to - from);
    constant = Double.isNaN(score);
    return score;
  }

  @Override
  public boolean wasConstant() {
    return constant;
  }

  /** Makes the sums those of other values: by what has come and gone, or anew if that is less. */
  private void sum(int from, int to) {
    if (Math.abs(from - summedFrom) + Math.abs(to - summedTo) > to - from) {
      sums = ExactSums.none();
      summedFrom = from;
      summedTo = from;
    }
    while (summedTo < to) {
      sums = ExactSums.add(sums, values[summedTo++]);
    }
    while (summedFrom > from) {
      sums = ExactSums.add(sums, values[--summedFrom]);
    }
    while (summedTo > to) {
      sums = ExactSums.subtract(sums, values[--summedTo]);
    }
    while (summedFrom < from) {
      sums = ExactSums.subtract(sums, values[summedFrom++]);
    }
  }

  @Override
  public void add(double given, long time) {
    if (end - start == window.maxValues()) {
      dropFirst();
    }
    if (end == values.length) {
      makeRoom();
    }
    int at = after(time);
    System.arraycopy(times, at, times, at + 1, end - at);
    System.arraycopy(values, at, values, at + 1, end - at);
    times[at] = time;
    values[at] = given + 0.0; // -0.0 is 0.0, which sorting would take apart
    end++;
    if (at <= summedFrom) {
      summedFrom++;
      summedTo++;
    } else if (at < summedTo) {
      sums = ExactSums.add(sums, values[at]);
      summedTo++;
    }
  }

  @Override
  public void forgetBefore(long time) {
    while (start < end && times[start] <= time) {
      dropFirst();
    }
  }

  private void dropFirst() {
    if (start == summedFrom) {
      if (summedFrom < summedTo) {
        sums = ExactSums.subtract(sums, values[start]);
      } else {
        summedTo++;
      }
      summedFrom++;
    }
    start++;
  }

  /** The index of the first value whose time is later. */
  private int after(long time) {
    if (end == start || times[end - 1] <= time) {
      return end; // as a rule events come in order
    }
    int low = start;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void makeRoom() {
    int size = end - start;
    boolean larger = size * 2 > values.length;
    long[] toTimes = larger ? new long[values.length * 2] : times;
    double[] toValues = larger ? new double[values.length * 2] : values;
    System.arraycopy(times, start, toTimes, 0, size);
    System.arraycopy(values, start, toValues, 0, size);
    times = toTimes;
    values = toValues;
    summedFrom -= start;
    summedTo -= start;
    start = 0;
    end = size;
    sums = ExactSums.trimmed(sums);
  }

  @Override
  public long bytes() {
    return 112 + 16L * values.length + 8L * sums.length;
  }

  @Override
  public void write(StateOutput out) {
    out.number((long) end - start);
    long before = 0;
    for (int i = start; i < end; i++) {
      out.number(times[i] - before);
      before = times[i];
      out.real(values[i]);
    }
  }

  @Override
  public void read(StateInput in) {
    long time = 0;
    for (int i = in.size(); i > 0; i--) {
      time += in.number();
      add(in.real(), time);
    }
  }
}
