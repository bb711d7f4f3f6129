package dev.tributary.transforms.features;

/** Counts. */
final class CountFold extends Fold {
  private final int count;

  CountFold(Layout layout) {
    count = layout.lanes(1);
  }

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    cells.lane(row, count, cells.lane(row, count) + 1);
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    into.lane(row, count, into.lane(row, count) + from.lane(fromRow, count));
  }

  @Override
  boolean ignoresOrder() {
    return true;
  }

  Object count(Cells cells, int row, long timeMs) {
    return cells.lane(row, count);
  }
}
