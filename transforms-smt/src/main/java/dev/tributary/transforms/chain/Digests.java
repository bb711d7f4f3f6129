package dev.tributary.transforms.chain;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/**
 * A digest of what a member read of a record, that is the same for the record that is let out and
 * for the one that a converter makes of what stands in the topic: the kind of a number, of bytes or
 * of an object does not count.
 */
final class Digests {
  private static final long MASK = 0xffff_ffffL;

  private Digests() {}

  /** From 0 to 2^32 - 1. */
  static long of(Object value) {
    return hash(value) & MASK;
  }

  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  private static int hash(Object value) {
    if (value == null) {
      return 0;
    }
    if (value instanceof Number number) {
      return Double.hashCode(number.doubleValue() + 0.0);
    }
    if (value instanceof Date date) {
      return Double.hashCode((double) date.getTime());
    }
    if (value instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes).hashCode();
    }
    if (value instanceof Collection<?> elements) {
      int hash = 1;
      for (Object element : elements) {
        hash = 31 * hash + hash(element);
      }
      return hash;
    }
    if (value instanceof Map<?, ?> map) {
      int hash = 0; // in no order
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        hash += 31 * String.valueOf(entry.getKey()).hashCode() ^ hash(entry.getValue());
      }
      return hash;
    }
    if (value instanceof Struct struct) {
      int hash = 0;
      for (Field field : struct.schema().fields()) {
        hash += 31 * field.name().hashCode() ^ hash(struct.get(field));
      }
      return hash;
    }
    return value.toString().hashCode();
  }
}
