package dev.tributary.postgres.types;

import java.util.ArrayList;
import java.util.List;

/**
 * Arrays that the server sent in binary: number of dimensions, flags, OID of the element type, for
 * each dimension its length and lower bound, then each element as its length and bytes, row by row.
 * As with {@link TextArrays}, several dimensions become one list.
 */
final class BinaryArrays {
  private static final int MAX_DIMENSIONS = 6;
  private static final int HEADER = 12;

  private BinaryArrays() {}

  static ValueDecoder of(ValueDecoder element) {
    return (data, start, length) -> decode(data, start, start + length, element);
  }

  private static List<Object> decode(byte[] data, int start, int end, ValueDecoder element) {
    if (end - start < HEADER) {
      throw new IllegalArgumentException("an array without its head");
    }
    int dimensions = BigEndian.int32(data, start);
    if (dimensions < 0 || dimensions > MAX_DIMENSIONS || end - start < HEADER + 8 * dimensions) {
      throw new IllegalArgumentException("an array of " + dimensions + " dimensions");
    }
    long count = dimensions == 0 ? 0 : 1;
    int at = start + HEADER;
    for (int i = 0; i < dimensions; i++, at += 8) {
      count *= BigEndian.int32(data, at);
      if (count < 0 || count > (end - at) / Integer.BYTES) {
        throw new IllegalArgumentException("an array of " + count + " elements in fewer bytes");
      }
    }
    List<Object> values = new ArrayList<>((int) count);
    for (long i = 0; i < count; i++) {
      if (end - at < Integer.BYTES) {
        throw new IllegalArgumentException("an array that ends early");
      }
      int length = BigEndian.int32(data, at);
      at += Integer.BYTES;
      if (length < -1 || length > end - at) {
        throw new IllegalArgumentException("an element of " + length + " bytes");
      }
      values.add(length < 0 ? null : element.decode(data, at, length));
      at += Math.max(length, 0);
    }
    return values;
  }
}
