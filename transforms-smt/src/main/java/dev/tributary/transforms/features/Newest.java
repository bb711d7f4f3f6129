package dev.tributary.transforms.features;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.Arrays;

/** Values in the order of their times; of equal times in that of their coming. */
final class Newest {
  private long[] times = new long[2];
  private Object[] values = new Object[2];
  private int size;

  void add(Object value, long time, int limit) {
    int place = size;
    while (place > 0 && times[place - 1] > time) {
      place--;
    }
    if (size == limit) {
      if (place == 0) {
        return;
      }
      place--;
      System.arraycopy(times, 1, times, 0, place);
      System.arraycopy(values, 1, values, 0, place);
    } else {
      if (size == times.length) {
        times = Arrays.copyOf(times, Math.min(limit, 2 * size));
        values = Arrays.copyOf(values, times.length);
      }
      System.arraycopy(times, place, times, place + 1, size - place);
      System.arraycopy(values, place, values, place + 1, size - place);
      size++;
    }
    times[place] = time;
    values[place] = value;
  }

  int size() {
    return size;
  }

  long time(int index) {
    return times[index];
  }

  Object value(int index) {
    return values[index];
  }

  int capacity() {
    return times.length;
  }

  void write(StateOutput out) {
    out.number(size);
    for (int i = 0; i < size; i++) {
      out.number(times[i]);
      out.value(values[i]);
    }
  }

  static Newest read(StateInput in) {
    Newest newest = new Newest();
    int size = in.size();
    for (int i = 0; i < size; i++) {
      long time = in.number();
      newest.add(in.value(), time, Math.max(size, 2));
    }
    return newest;
  }
}
