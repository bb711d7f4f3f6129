package dev.tributary.transforms.features;

import java.util.ArrayList;
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

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    own(cells, row).add(value, timeMs, limit);
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    if (from.object(fromRow, values) instanceof Newest later) {
      Newest newest = own(into, row);
      for (int i = 0; i < later.size(); i++) {
        newest.add(later.value(i), later.time(i), limit);
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
      List<Object> list = new ArrayList<>(newest.size());
      for (int i = 0; i < newest.size(); i++) {
        list.add(newest.value(i));
      }
      return list;
    }
    return List.of();
  }

  @Override
  long bytes(Cells cells, int row) {
    return cells.object(row, values) instanceof Newest newest
        ? FIXED_BYTES + (long) EACH_BYTES * newest.capacity()
        : 0;
  }
}
