package dev.tributary.clickhouse.types;

/** Writes values of one Connect schema to columns of one type. */
@FunctionalInterface
public interface ValueWriter {
  /**
   * Writes one value.
   *
   * @throws UnwritableValueException if the column cannot hold the value; what was written of it by
   *     then is the caller's to discard
   */
  void write(RowBinary out, Object value);
}
