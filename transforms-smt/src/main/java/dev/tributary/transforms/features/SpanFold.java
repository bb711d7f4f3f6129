package dev.tributary.transforms.features;

import java.util.Date;

/** The times of the earliest and the newest event. */
final class SpanFold extends Fold {
  private static final double MS_PER_SECOND = 1_000.0;

  private final int count;
  private final int first;
  private final int last;

  SpanFold(Layout layout) {
    count = layout.lanes(1);
    first = layout.lanes(1);
    last = layout.lanes(1);
  }

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    take(cells, row, 1, timeMs, timeMs);
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    if (!isEmpty(from, fromRow)) {
      take(into, row, from.lane(fromRow, count), first(from, fromRow), last(from, fromRow));
    }
  }

  private void take(Cells cells, int row, long events, long earliest, long newest) {
    boolean empty = isEmpty(cells, row);
    cells.lane(row, first, empty ? earliest : Math.min(first(cells, row), earliest));
    cells.lane(row, last, empty ? newest : Math.max(last(cells, row), newest));
    cells.lane(row, count, cells.lane(row, count) + events);
  }

  @Override
  boolean ignoresOrder() {
    return true;
  }

  boolean isEmpty(Cells cells, int row) {
    return cells.lane(row, count) == 0;
  }

  long first(Cells cells, int row) {
    return cells.lane(row, first);
  }

  long last(Cells cells, int row) {
    return cells.lane(row, last);
  }

  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  Object firstSeen(Cells cells, int row, long timeMs) {
    return isEmpty(cells, row) ? null : new Date(first(cells, row));
  }

  @SuppressWarnings("JavaUtilDate")
  Object lastSeen(Cells cells, int row, long timeMs) {
    return isEmpty(cells, row) ? null : new Date(last(cells, row));
  }

  Object duration(Cells cells, int row, long timeMs) {
    return isEmpty(cells, row)
        ? null
        : (Object) ((last(cells, row) - first(cells, row)) / MS_PER_SECOND);
  }

  /** 0 where the newest lies behind the event that asks, within its tile. */
  Object secondsSince(Cells cells, int row, long timeMs) {
    return isEmpty(cells, row)
        ? null
        : (Object) (Math.max(0, timeMs - last(cells, row)) / MS_PER_SECOND);
  }
}
