package dev.tributary.transforms.sequence;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;

/** Times of events and the steps that they fit, by time; those of the same time as they came. */
final class RecentEvents {
  private static final int FIRST_CAPACITY = 4;

  private long[] times = new long[FIRST_CAPACITY];
  private int[] fits = new int[FIRST_CAPACITY];
  private int start;
  private int end;

  int size() {
    return end - start;
  }

  long time(int index) {
    return times[start + index];
  }

  int fits(int index) {
    return fits[start + index];
  }

  /** Puts an event behind those that are not later; tells where it is now. */
  int add(long timeMs, int steps) {
    if (end == times.length) {
      makeRoom();
    }
    int at = end;
    while (at > start && times[at - 1] > timeMs) {
      at--;
    }
    System.arraycopy(times, at, times, at + 1, end - at);
    System.arraycopy(fits, at, fits, at + 1, end - at);
    times[at] = timeMs;
    fits[at] = steps;
    end++;
    return at - start;
  }

  void removeFirst() {
    start++;
    if (start == end) {
      start = 0;
      end = 0;
    }
  }

  void write(StateOutput out) {
    out.number(size());
    for (int i = start; i < end; i++) {
      out.number(times[i]);
      out.number(fits[i]);
    }
  }

  void read(StateInput in) {
    for (int i = in.size(); i > 0; i--) {
      add(in.number(), in.size());
    }
  }

  private void makeRoom() {
    int size = size();
    boolean larger = size * 2 > times.length;
    long[] toTimes = larger ? Arrays.copyOf(times, times.length * 2) : times;
    int[] toFits = larger ? Arrays.copyOf(fits, fits.length * 2) : fits;
    System.arraycopy(times, start, toTimes, 0, size);
    System.arraycopy(fits, start, toFits, 0, size);
    times = toTimes;
    fits = toFits;
    start = 0;
    end = size;
  }
}
