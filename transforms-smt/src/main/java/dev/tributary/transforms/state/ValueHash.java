package dev.tributary.transforms.state;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.math.BigDecimal;
import java.nio.ByteBuffer;

/**
 * Hashes of values that a record's field may have, of which every bit depends on all of the value.
 */
public final class ValueHash {
  /** Values of one type are told apart from those of another by the seed. */
  private static final Hasher64 NUMBERS = Hashing.komihash5_0(1);

  private static final Hasher64 FRACTIONS = Hashing.komihash5_0(2);
  private static final Hasher64 TEXTS = Hashing.komihash5_0(3);
  private static final Hasher64 BYTES = Hashing.komihash5_0(4);
  private static final Hasher64 OTHERS = Hashing.komihash5_0(5);

  private ValueHash() {}

  /**
   * The hash of a value; the same in every JVM.
   *
   * @param value not null; equal values must be of one type
   */
  public static long of(Object value) {
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
}
