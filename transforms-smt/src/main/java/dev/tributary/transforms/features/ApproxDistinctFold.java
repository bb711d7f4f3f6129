package dev.tributary.transforms.features;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.tributary.transforms.language.Values;
import java.math.BigDecimal;
import java.nio.ByteBuffer;

/** About how many different values there are. */
final class ApproxDistinctFold extends Fold {
  /** Values of one type are told apart from those of another by the hash's seed. */
  private static final Hasher64 NUMBERS = Hashing.komihash5_0(1);

  private static final Hasher64 FRACTIONS = Hashing.komihash5_0(2);
  private static final Hasher64 TEXTS = Hashing.komihash5_0(3);
  private static final Hasher64 BYTES = Hashing.komihash5_0(4);
  private static final Hasher64 OTHERS = Hashing.komihash5_0(5);

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
    own.add(hash(Values.identity(value)));
  }

  private static long hash(Object value) {
    if (value instanceof Long number) {
      return NUMBERS.hashLongToLong(number);
    }
    if (value instanceof Double number) {
      return FRACTIONS.hashLongToLong(Double.doubleToLongBits(number));
    }
    if (value instanceof String text) {
      return TEXTS.hashCharsToLong(text);
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return BYTES.hashBytesToLong(bytes);
    }
    String text = value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
    return OTHERS.hashCharsToLong(value.getClass().getName() + ':' + text);
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
