package dev.tributary.transforms.features;

/** A percentile ({@link Quantiles}). */
final class PercentileFold extends Fold {
  private final int sketch;

  PercentileFold(Layout layout) {
    sketch = layout.objects(1);
  }

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    own(cells, row).add(((Number) value).doubleValue());
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    if (from.object(fromRow, sketch) instanceof Quantiles other) {
      own(into, row).merge(other);
    }
  }

  private Quantiles own(Cells cells, int row) {
    if (cells.object(row, sketch) instanceof Quantiles quantiles) {
      return quantiles;
    }
    Quantiles quantiles = new Quantiles();
    cells.object(row, sketch, quantiles);
    return quantiles;
  }

  Finish percentile(double percent) {
    return (cells, row, time) ->
        cells.object(row, sketch) instanceof Quantiles quantiles
            ? (Object) quantiles.percentile(percent)
            : null;
  }

  @Override
  long bytes(Cells cells, int row) {
    return cells.object(row, sketch) instanceof Quantiles quantiles ? quantiles.bytes() : 0;
  }
}
