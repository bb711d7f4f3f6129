package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;

/** The values of one key and field within a length of event time. */
final class TimedValues implements Series {
  private static final int FIRST_CAPACITY = 4;

  private final ZScoring.Window.Within window;
  private final boolean robust;

  /** By time, those of the same time as they came; valid from {@code start} to {@code end}. */
  private long[] times = new long[FIRST_CAPACITY];

  private double[] values = new double[FIRST_CAPACITY];
  private int start;
  private int end;
  private double center;
  private double deviation;

  TimedValues(ZScoring.Window.Within window, boolean robust) {
    this.window = window;
    this.robust = robust;
  }

  @Override
  public int samples(long time) {
    return after(time) - after(time - window.lengthMs());
  }

  @Override
  public void measure(long time) {
    int from = after(time - window.lengthMs());
    int to = after(time);
    if (robust) {
      double[] sorted = Arrays.copyOfRange(values, from, to);
      Arrays.sort(sorted);
      center = Medians.median(sorted, sorted.length);
      deviation = Medians.deviation(sorted, sorted.length, center);
    } else {
      double shift = Moments.shift(values, from, to);
      center = values[from] + shift;
      deviation = Moments.deviation(values, from, to, shift);
    }
  }

  @Override
  public double center() {
    return center;
  }

  @Override
  public double deviation() {
    return deviation;
  }

  @Override
  public void add(double given, long time) {
    if (end - start == window.maxValues()) {
      start++;
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
  }

  @Override
  public void forgetBefore(long time) {
    while (start < end && times[start] <= time) {
      start++;
    }
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
    start = 0;
    end = size;
  }

  @Override
  public long bytes() {
    return 88 + 16L * values.length;
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
