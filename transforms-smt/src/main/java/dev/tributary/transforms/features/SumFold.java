package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Values;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Adds up. Whole numbers and decimals are summed exactly: as one scaled 64-bit number as long as it
 * holds them, then as a BigInteger. Floating-point numbers are summed in pairs of doubles (about
 * 106 bits: T. J. Dekker, "A floating-point technique for extending the available precision").
 */
final class SumFold extends Fold {
  private static final int OBJECT_BYTES = 64;
  private static final long[] POWERS = powers();

  private final int exacts;
  private final int doubles;
  private final int unscaled;
  private final int scale;
  private final int high;
  private final int low;

  /** The sum where {@link #unscaled} cannot hold it, with that scale; else null. */
  private final int big;

  SumFold(Layout layout) {
    exacts = layout.lanes(1);
    doubles = layout.lanes(1);
    unscaled = layout.lanes(1);
    scale = layout.lanes(1);
    high = layout.lanes(1);
    low = layout.lanes(1);
    big = layout.objects(1);
  }

  private static long[] powers() {
    long[] powers = new long[19];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    Number number = (Number) value;
    if (Values.isWhole(number)) {
      addExact(cells, row, number.longValue(), 0, 1);
    } else if (number instanceof BigDecimal || number instanceof BigInteger) {
      addDecimal(cells, row, Values.decimal(number));
    } else {
      addDouble(cells, row, number.doubleValue(), 0, 1);
    }
  }

  private void addDecimal(Cells cells, int row, BigDecimal decimal) {
    if (decimal.precision() < POWERS.length) {
      addExact(cells, row, decimal.unscaledValue().longValue(), decimal.scale(), 1);
    } else {
      addBig(cells, row, decimal.unscaledValue(), decimal.scale(), 1);
    }
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    long exactCount = from.lane(fromRow, exacts);
    if (exactCount > 0) {
      int fromScale = (int) from.lane(fromRow, scale);
      if (from.object(fromRow, big) instanceof BigInteger sum) {
        addBig(into, row, sum, fromScale, exactCount);
      } else {
        addExact(into, row, from.lane(fromRow, unscaled), fromScale, exactCount);
      }
    }
    long doubleCount = from.lane(fromRow, doubles);
    if (doubleCount > 0) {
      addDouble(into, row, from.number(fromRow, high), from.number(fromRow, low), doubleCount);
    }
  }

  private void addExact(Cells cells, int row, long number, int numberScale, long count) {
    long before = cells.lane(row, exacts);
    if (before == 0) {
      cells.lane(row, unscaled, number);
      cells.lane(row, scale, numberScale);
      cells.lane(row, exacts, count);
      return;
    }
    int sumScale = (int) cells.lane(row, scale);
    int newScale = Math.max(sumScale, numberScale);
    if (cells.object(row, big) == null
        && newScale - sumScale < POWERS.length
        && newScale - numberScale < POWERS.length) {
      try {
        long sum = Math.multiplyExact(cells.lane(row, unscaled), POWERS[newScale - sumScale]);
        sum = Math.addExact(sum, Math.multiplyExact(number, POWERS[newScale - numberScale]));
        cells.lane(row, unscaled, sum);
        cells.lane(row, scale, newScale);
        cells.lane(row, exacts, before + count);
        return;
      } catch (ArithmeticException e) {
        // goes on below
      }
    }
    addBig(cells, row, BigInteger.valueOf(number), numberScale, count);
  }

  private void addBig(Cells cells, int row, BigInteger number, int numberScale, long count) {
    BigDecimal sum = new BigDecimal(number, numberScale);
    if (cells.lane(row, exacts) > 0) {
      sum = exact(cells, row).add(sum);
    }
    cells.object(row, big, sum.unscaledValue());
    cells.lane(row, unscaled, 0);
    cells.lane(row, scale, sum.scale());
    cells.lane(row, exacts, cells.lane(row, exacts) + count);
  }

  private void addDouble(Cells cells, int row, double number, double rest, long count) {
    double a = cells.number(row, high);
    double sum = a + number;
    double b = sum - a;
    double lost = (a - (sum - b)) + (number - b) + cells.number(row, low) + rest;
    double rounded = sum + lost;
    boolean overflown = Double.isInfinite(sum) || Double.isNaN(lost);
    cells.number(row, high, overflown ? sum : rounded);
    cells.number(row, low, overflown ? 0 : lost - (rounded - sum));
    cells.lane(row, doubles, cells.lane(row, doubles) + count);
  }

  private BigDecimal exact(Cells cells, int row) {
    int at = (int) cells.lane(row, scale);
    return cells.object(row, big) instanceof BigInteger sum
        ? new BigDecimal(sum, at)
        : BigDecimal.valueOf(cells.lane(row, unscaled), at);
  }

  /** A Double where there was one; else a Long, or a BigDecimal if it has a scale or needs to. */
  Object sum(Cells cells, int row, long timeMs) {
    if (cells.lane(row, doubles) > 0) {
      return total(cells, row);
    }
    boolean whole = cells.lane(row, scale) == 0 && cells.object(row, big) == null;
    return whole ? (Object) cells.lane(row, unscaled) : exact(cells, row);
  }

  Object mean(Cells cells, int row, long timeMs) {
    long count = cells.lane(row, exacts) + cells.lane(row, doubles);
    return count == 0 ? null : (Object) (total(cells, row) / count);
  }

  private double total(Cells cells, int row) {
    double ofDoubles = cells.number(row, high) + cells.number(row, low);
    if (cells.lane(row, exacts) == 0) {
      return ofDoubles;
    }
    boolean whole = cells.lane(row, scale) == 0 && cells.object(row, big) == null;
    double ofExacts = whole ? (double) cells.lane(row, unscaled) : exact(cells, row).doubleValue();
    return ofDoubles + ofExacts;
  }

  @Override
  long bytes(Cells cells, int row) {
    return cells.object(row, big) == null ? 0 : OBJECT_BYTES;
  }
}
