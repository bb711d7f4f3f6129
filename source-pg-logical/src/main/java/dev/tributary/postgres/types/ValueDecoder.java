package dev.tributary.postgres.types;

/** Reads one value out of the bytes that the server sent. Stateless. */
@FunctionalInterface
public interface ValueDecoder {
  /**
   * Reads a value.
   *
   * @param data from {@code start}, {@code length} bytes are the value
   * @return a Connect value; null if the value cannot be told in its schema
   * @throws IllegalArgumentException if the bytes are no such value
   */
  Object decode(byte[] data, int start, int length);
}
