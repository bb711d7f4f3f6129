package dev.tributary.transforms.features;

/**
 * Sums whose parts are halved with every half-life that passes after them. They are held as of the
 * newest event in them.
 */
final class DecayFold extends Fold {
  private static final double LN_2 = 0.6931471805599453;

  private final int events;
  private final int reference;
  private final int weight;
  private final int sum;
  private final double halfLifeMs;

  DecayFold(Layout layout, double halfLifeMs) {
    this.events = layout.lanes(1);
    this.reference = layout.lanes(1);
    this.weight = layout.lanes(1);
    this.sum = layout.lanes(1);
    this.halfLifeMs = halfLifeMs;
  }

  /** The value is a number, or null where only events are counted. */
  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    take(cells, row, 1, timeMs, 1, value == null ? 0 : ((Number) value).doubleValue());
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    long count = from.lane(fromRow, events);
    if (count > 0) {
      take(
          into,
          row,
          count,
          from.lane(fromRow, reference),
          from.number(fromRow, weight),
          from.number(fromRow, sum));
    }
  }

  private void take(Cells cells, int row, long count, long time, double newWeight, double newSum) {
    long before = cells.lane(row, events);
    long held = before == 0 ? time : cells.lane(row, reference);
    long at = Math.max(held, time);
    double ofHeld = left(at - held);
    double ofNew = left(at - time);
    cells.lane(row, events, before + count);
    cells.lane(row, reference, at);
    cells.number(row, weight, cells.number(row, weight) * ofHeld + newWeight * ofNew);
    cells.number(row, sum, cells.number(row, sum) * ofHeld + newSum * ofNew);
  }

  /** What is left of 1. StrictMath: to the bit the same on every machine that restores. */
  private double left(long ageMs) {
    return ageMs == 0 ? 1 : StrictMath.exp(-LN_2 * (ageMs / halfLifeMs));
  }

  Object count(Cells cells, int row, long timeMs) {
    return decayed(cells, row, weight, timeMs);
  }

  Object sum(Cells cells, int row, long timeMs) {
    return decayed(cells, row, sum, timeMs);
  }

  Object mean(Cells cells, int row, long timeMs) {
    double divisor = cells.number(row, weight);
    return divisor == 0 ? null : (Object) (cells.number(row, sum) / divisor);
  }

  /** What is newer than the event that asks, within its tile, counts in full. */
  private double decayed(Cells cells, int row, int lane, long timeMs) {
    return cells.lane(row, events) == 0
        ? 0
        : cells.number(row, lane) * left(Math.max(0, timeMs - cells.lane(row, reference)));
  }
}
