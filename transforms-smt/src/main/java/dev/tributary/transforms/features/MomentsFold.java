package dev.tributary.transforms.features;

/**
 * Mean and squared distance from it, stable however many values there are: single values by
 * Welford's method, partial results by that of Chan, Golub and LeVeque ("Updating Formulae and a
 * Pairwise Algorithm for Computing Sample Variances", 1979).
 */
final class MomentsFold extends Fold {
  private final int count;
  private final int mean;
  private final int squares;

  MomentsFold(Layout layout) {
    count = layout.lanes(1);
    mean = layout.lanes(1);
    squares = layout.lanes(1);
  }

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    double number = ((Number) value).doubleValue();
    long n = cells.lane(row, count) + 1;
    double distance = number - cells.number(row, mean);
    double newMean = cells.number(row, mean) + distance / n;
    cells.lane(row, count, n);
    cells.number(row, mean, newMean);
    cells.number(row, squares, cells.number(row, squares) + distance * (number - newMean));
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    long b = from.lane(fromRow, count);
    if (b == 0) {
      return;
    }
    long a = into.lane(row, count);
    if (a == 0) {
      into.lane(row, count, b);
      into.lane(row, mean, from.lane(fromRow, mean));
      into.lane(row, squares, from.lane(fromRow, squares));
      return;
    }
    double n = (double) a + b;
    double distance = from.number(fromRow, mean) - into.number(row, mean);
    into.lane(row, count, a + b);
    into.number(row, mean, into.number(row, mean) + distance * (b / n));
    into.number(
        row,
        squares,
        into.number(row, squares)
            + from.number(fromRow, squares)
            + distance * distance * (a * (b / n)));
  }

  Finish deviation(boolean ofSample) {
    return (cells, row, time) -> {
      double variance = variance(cells, row, ofSample);
      return Double.isNaN(variance) ? null : (Object) Math.sqrt(variance);
    };
  }

  Finish variance(boolean ofSample) {
    return (cells, row, time) -> {
      double variance = variance(cells, row, ofSample);
      return Double.isNaN(variance) ? null : (Object) variance;
    };
  }

  private double variance(Cells cells, int row, boolean ofSample) {
    long divisor = cells.lane(row, count) - (ofSample ? 1 : 0);
    return divisor < 1 ? Double.NaN : cells.number(row, squares) / divisor;
  }
}
