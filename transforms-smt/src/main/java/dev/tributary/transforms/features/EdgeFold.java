package dev.tributary.transforms.features;

/** The value of the earliest event, or of the newest. */
final class EdgeFold extends Fold {
  private static final int OBJECT_BYTES = 24;

  private final int time;
  private final int value;
  private final boolean newest;

  EdgeFold(Layout layout, boolean newest) {
    this.time = layout.lanes(1);
    this.value = layout.objects(1);
    this.newest = newest;
  }

  @Override
  void add(Cells cells, int row, Object candidate, long timeMs) {
    long held = cells.lane(row, time);
    if (cells.object(row, value) == null || (newest ? timeMs >= held : timeMs < held)) {
      cells.lane(row, time, timeMs);
      cells.object(row, value, candidate);
    }
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    Object candidate = from.object(fromRow, value);
    if (candidate != null) {
      add(into, row, candidate, from.lane(fromRow, time));
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
