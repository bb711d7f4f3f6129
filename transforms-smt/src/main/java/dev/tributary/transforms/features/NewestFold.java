package dev.tributary.transforms.features;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The values of the n newest events. */
final class NewestFold extends Fold {
  private static final int EACH_BYTES = 36;
  private static final int FIXED_BYTES = 64;

  private final int values;
  private final int limit;

  NewestFold(Layout layout, int limit) {
    this.values = layout.objects(1);
    this.limit = limit;
  }

  /** Values in the order of their times; of equal times in that of their coming. */
  private static final class Newest {
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
  }

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    own(cells, row).add(value, timeMs, limit);
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    if (from.object(fromRow, values) instanceof Newest later) {
      Newest newest = own(into, row);
      for (int i = 0; i < later.size; i++) {
        newest.add(later.values[i], later.times[i], limit);
      }
    }
  }

  private Newest own(Cells cells, int row) {
    if (cells.object(row, values) instanceof Newest newest) {
      return newest;
    }
    Newest newest = new Newest();
    cells.object(row, values, newest);
    return newest;
  }

  Object values(Cells cells, int row, long timeMs) {
    if (cells.object(row, values) instanceof Newest newest) {
      List<Object> list = new ArrayList<>(newest.size);
      for (int i = 0; i < newest.size; i++) {
        list.add(newest.values[i]);
      }
      return list;
    }
    return List.of();
  }

  @Override
  long bytes(Cells cells, int row) {
    return cells.object(row, values) instanceof Newest newest
        ? FIXED_BYTES + (long) EACH_BYTES * newest.times.length
        : 0;
  }
}
