package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Values;
import java.math.BigDecimal;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;

/**
 * About how many different values there are (HyperLogLog, Apache DataSketches).
 *
 * <p>Its composite estimate is read, which depends on nothing but the set of values; the sketch's
 * own estimate would depend on their order, too, and so on what was restored from where.
 */
final class ApproxDistinctFold extends Fold {
  /** 4,096 registers: a standard error of 1.6 %. */
  private static final int LG_K = 12;

  private final int sketch;

  ApproxDistinctFold(Layout layout) {
    sketch = layout.objects(1);
  }

  @Override
  void add(Cells cells, int row, Object value, long timeMs) {
    HllSketch own = (HllSketch) cells.object(row, sketch);
    if (own == null) {
      own = new HllSketch(LG_K, TgtHllType.HLL_8);
      cells.object(row, sketch, own);
    }
    Object same = Values.identity(value);
    if (same instanceof Long number) {
      own.update(number);
    } else if (same instanceof Double number) {
      own.update(number);
    } else if (same instanceof String text && !text.isEmpty()) {
      own.update(text);
    } else {
      // an empty text, which a sketch would ignore, and everything rare
      own.update(same.getClass().getName() + ':' + text(same));
    }
  }

  private static String text(Object value) {
    return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
  }

  @Override
  void merge(Cells into, int row, Cells from, int fromRow) {
    HllSketch other = (HllSketch) from.object(fromRow, sketch);
    if (other == null) {
      return;
    }
    HllSketch own = (HllSketch) into.object(row, sketch);
    if (own == null) {
      into.object(row, sketch, other.copy());
      return;
    }
    Union union = new Union(LG_K);
    union.update(own);
    union.update(other);
    into.object(row, sketch, union.getResult(TgtHllType.HLL_8));
  }

  @Override
  boolean ignoresOrder() {
    return true;
  }

  Object estimate(Cells cells, int row, long timeMs) {
    HllSketch own = (HllSketch) cells.object(row, sketch);
    return own == null ? 0L : Math.round(own.getCompositeEstimate());
  }

  @Override
  long bytes(Cells cells, int row) {
    HllSketch own = (HllSketch) cells.object(row, sketch);
    return own == null ? 0 : own.getUpdatableSerializationBytes();
  }
}
