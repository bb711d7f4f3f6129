package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Values;
import dev.tributary.transforms.state.ValueHash;

/** About how many different values there are. */
final class ApproxDistinctFold extends Fold {
  private final int sketch;

  ApproxDistinctFold(Layout layout) {
    sketch = layout.objects(1);
  }

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    DistinctSketch own = (DistinctSketch) cells.object(row, sketch);
    if (own == null) {
      own = new DistinctSketch();
      cells.object(row, sketch, own);
    }
    own.add(ValueHash.of(Values.identity(value)));
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    DistinctSketch other = (DistinctSketch) from.object(fromRow, sketch);
    if (other == null) {
      return;
    }
    DistinctSketch own = (DistinctSketch) into.object(row, sketch);
    if (own == null) {
      into.object(row, sketch, other.copy());
    } else {
      own.merge(other);
    }
  }

  @Override
  boolean ignoresOrder() {
    return true;
  }

  Object estimate(Cells cells, int row, long timeMs) {
    DistinctSketch own = (DistinctSketch) cells.object(row, sketch);
    return own == null ? 0L : own.estimate();
  }

  @Override
  long bytes(Cells cells, int row) {
    DistinctSketch own = (DistinctSketch) cells.object(row, sketch);
    return own == null ? 0 : own.bytes();
  }
}
