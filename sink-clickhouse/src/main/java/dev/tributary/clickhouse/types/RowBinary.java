package dev.tributary.clickhouse.types;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing array of bytes with the primitives of ClickHouse's RowBinary format: little-endian
 * numbers, and strings behind their length as a LEB128 varint. Not thread-safe.
 */
public final class RowBinary {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] bytes = new byte[1024];
  private int size;

  /** Forgets what was written. */
  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  /** The array that holds the first {@link #size} bytes; valid until the next write. */
  public byte[] array() {
    return bytes;
  }

  public void int8(int value) {
    room(1);
    bytes[size++] = (byte) value;
  }

  public void int16(int value) {
    room(2);
    SHORTS.set(bytes, size, (short) value);
    size += 2;
  }

  public void int32(int value) {
    room(4);
    INTS.set(bytes, size, value);
    size += 4;
  }

  public void int64(long value) {
    room(8);
    LONGS.set(bytes, size, value);
    size += 8;
  }

  public void float32(float value) {
    int32(Float.floatToRawIntBits(value));
  }

  public void float64(double value) {
    int64(Double.doubleToRawLongBits(value));
  }

  /** A two's complement integer of {@code width} bytes; the caller knows that it fits. */
  public void integer(BigInteger value, int width) {
    byte[] bigEndian = value.toByteArray();
    int length = Math.min(width, bigEndian.length);
    room(width);
    for (int i = 0; i < length; i++) {
      bytes[size + i] = bigEndian[bigEndian.length - 1 - i];
    }
    Arrays.fill(bytes, size + length, size + width, (byte) (value.signum() < 0 ? -1 : 0));
    size += width;
  }

  /** An unsigned LEB128 number. */
  public void varint(int value) {
    room(5);
    int rest = value;
    while ((rest & ~0x7F) != 0) {
      bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Bytes as they are, without a length. */
  public void raw(byte[] from, int offset, int length) {
    room(length);
    System.arraycopy(from, offset, bytes, size, length);
    size += length;
  }

  public void zeros(int count) {
    room(count);
    Arrays.fill(bytes, size, size + count, (byte) 0);
    size += count;
  }

  /** A String value: its length in bytes, then its bytes. */
  public void string(byte[] value) {
    varint(value.length);
    raw(value, 0, value.length);
  }

  /**
   * A String value in UTF-8.
   *
   * @throws UnwritableValueException if a half of a surrogate pair stands alone, which is no
   *     character and would come back as another
   */
  public void string(String value) {
    int length = value.length();
    if (length < 128 && ascii(value, length)) {
      return;
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    if (hasLoneSurrogate(value)) {
      throw new UnwritableValueException("the text has half a character (a lone surrogate)");
    }
    string(utf8);
  }

  /** Most texts are short and plain: they are written without a copy in between. */
  private boolean ascii(String value, int length) {
    room(length + 1);
    byte[] to = bytes;
    int at = size;
    to[at++] = (byte) length;
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 128) {
        return false;
      }
      to[at++] = (byte) c;
    }
    size = at;
    return true;
  }

  private static boolean hasLoneSurrogate(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return true;
      }
    }
    return false;
  }

  /** Takes back what was written after the first bytes. */
  void cutTo(int length) {
    size = length;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
    }
  }
}
