package dev.tributary.transforms.features;

/**
 * A way of taking events into a partial result, and of putting two partial results together. Has no
 * state of its own but its place in a row of {@link Cells}.
 *
 * <p>Results are put together in the order of time. An object in a cell belongs to that cell alone
 * unless it is immutable: {@link #merge} copies what it takes over.
 */
abstract class Fold {
  /** Hands out places in a row. */
  static final class Layout {
    private int lanes;
    private int objects;

    int lanes(int count) {
      lanes += count;
      return lanes - count;
    }

    int objects(int count) {
      objects += count;
      return objects - count;
    }

    Cells cells(int rows) {
      return new Cells(lanes, objects, rows);
    }
  }

  /** What a feature makes of the result of its window. */
  @FunctionalInterface
  interface Finish {
    /**
     * The feature's value; null if there is none.
     *
     * @param timeMs the time of the event that asks
     */
    Object of(Cells cells, int row, long timeMs);
  }

  /**
   * Takes in an event.
   *
   * @param value of its field: a Number for folds of numbers; null for those without a field
   */
  abstract void add(Cells cells, int row, Object value, long timeMs);

  /** Takes a later partial result into an earlier one. */
  abstract void merge(Cells into, int row, Cells from, int fromRow);

  /** Whether the result is the same, to the bit, in whatever order the events come in. */
  boolean ignoresOrder() {
    return false;
  }

  /** About how much memory the row's objects take. */
  long bytes(Cells cells, int row) {
    return 0;
  }
}
