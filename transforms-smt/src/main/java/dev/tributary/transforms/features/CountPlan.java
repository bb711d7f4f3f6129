package dev.tributary.transforms.features;

import java.util.ArrayList;
import java.util.List;

/**
 * What is counted in windows of time and over all.
 *
 * @param columns what is counted
 * @param spans the windows
 * @param views per window: which columns are asked for, as positions in {@link #columns}
 * @param firstView per window: where its views begin in the numbers that come out; behind all of
 *     them stands one total per column
 */
@SuppressWarnings("ArrayRecordComponent") // read on the record path, and never compared
record CountPlan(Column[] columns, TileSpan[] spans, int[][] views, int[] firstView, int numbers) {

  /**
   * One thing that is counted: events for which a condition holds, and of which a number lies
   * within bounds.
   *
   * @param condition its position in the plan, or -1
   * @param field of the number; or -1
   */
  record Column(int condition, int field, double from, double below) {
    boolean takes(EventValues event) {
      if (condition >= 0 && !event.holds[condition]) {
        return false;
      }
      if (field < 0) {
        return true;
      }
      Number number = event.numbers[field];
      if (number == null) {
        return false;
      }
      double value = number.doubleValue();
      return value >= from && value < below;
    }
  }

  int total(int column) {
    return numbers - columns.length + column;
  }

  int stride() {
    return 1 + columns.length;
  }

  boolean isEmpty() {
    return columns.length == 0;
  }

  boolean hasWindows() {
    return spans.length > 0;
  }

  /** Collects columns and windows, each once. */
  static final class Builder {
    private final List<Column> columns = new ArrayList<>();
    private final List<TileSpan> spans = new ArrayList<>();
    private final List<List<Integer>> views = new ArrayList<>();

    int column(int condition) {
      return column(new Column(condition, -1, 0, 0));
    }

    int column(Column column) {
      if (!columns.contains(column)) {
        columns.add(column);
      }
      return columns.indexOf(column);
    }

    /** A column seen over a window. */
    void view(int column, TileSpan span) {
      if (!spans.contains(span)) {
        spans.add(span);
        views.add(new ArrayList<>());
      }
      List<Integer> ofSpan = views.get(spans.indexOf(span));
      if (!ofSpan.contains(column)) {
        ofSpan.add(column);
      }
    }

    CountPlan build() {
      int[][] all = new int[spans.size()][];
      int[] first = new int[spans.size()];
      int next = 0;
      for (int i = 0; i < all.length; i++) {
        all[i] = views.get(i).stream().mapToInt(Integer::intValue).toArray();
        first[i] = next;
        next += all[i].length;
      }
      return new CountPlan(
          columns.toArray(Column[]::new),
          spans.toArray(TileSpan[]::new),
          all,
          first,
          next + columns.size());
    }
  }

  /** Where the number of a view comes out. */
  int number(int column, TileSpan span) {
    for (int window = 0; window < spans.length; window++) {
      for (int i = 0; spans[window].equals(span) && i < views[window].length; i++) {
        if (views[window][i] == column) {
          return firstView[window] + i;
        }
      }
    }
    throw new IllegalArgumentException("no such view");
  }
}
