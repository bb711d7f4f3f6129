package dev.tributary.postgres.types;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network byte order out of an array. */
final class BigEndian {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  private BigEndian() {}

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.BIG_ENDIAN);
  }

  static short int16(byte[] data, int at) {
    return (short) SHORT.get(data, at);
  }

  static int int32(byte[] data, int at) {
    return (int) INT.get(data, at);
  }

  static long int64(byte[] data, int at) {
    return (long) LONG.get(data, at);
  }
}
