package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Values;

/** The least or the greatest value; of equal ones the first. */
final class ExtremeFold extends Fold {
  private static final int OBJECT_BYTES = 24;

  private final int value;
  private final int sign;

  ExtremeFold(Layout layout, boolean greatest) {
    value = layout.objects(1);
    sign = greatest ? -1 : 1;
  }

  @Override
  void add(Cells cells, int row, Object candidate, long timeMs) {
    Object best = cells.object(row, value);
    if (best == null) {
      cells.object(row, value, candidate);
      return;
    }
    int order = Values.compare(candidate, best);
    if (order != Values.INCOMPARABLE && order * sign < 0) {
      cells.object(row, value, candidate);
    }
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    Object candidate = from.object(fromRow, value);
    if (candidate != null) {
      add(into, row, candidate, 0);
    }
  }

  Object value(Cells cells, int row, long timeMs) {
    return cells.object(row, value);
  }

  @Override
  long bytes(Cells cells, int row) {
    return cells.object(row, value) == null ? 0 : OBJECT_BYTES;
  }
}
