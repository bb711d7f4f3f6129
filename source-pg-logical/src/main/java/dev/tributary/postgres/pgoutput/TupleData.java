package dev.tributary.postgres.pgoutput;

import java.util.Arrays;

/**
 * The columns of one row, as slices of the bytes they came in; nothing is copied.
 *
 * <p>The same form serves a row of the stream and a row of {@code COPY}.
 */
public final class TupleData {
  /** As a length: the column is NULL. */
  public static final int NULL = -1;

  /** As a length: a TOASTed value that the change did not touch and the server did not send. */
  public static final int UNCHANGED = -2;

  private final byte[] bytes;
  private final int[] spans;

  /**
   * A row.
   *
   * @param bytes what the slices are of
   * @param spans two numbers for each column: where it starts, as {@code ~start} if its value is in
   *     binary, and how long it is, or {@link #NULL} or {@link #UNCHANGED}
   */
  public TupleData(byte[] bytes, int[] spans) {
    this.bytes = bytes;
    this.spans = spans;
  }

  /** How many columns there are. */
  public int size() {
    return spans.length / 2;
  }

  public boolean isNull(int column) {
    return spans[2 * column + 1] == NULL;
  }

  public boolean isUnchanged(int column) {
    return spans[2 * column + 1] == UNCHANGED;
  }

  /** Whether the value is in binary; otherwise it is text in UTF-8. */
  public boolean isBinary(int column) {
    return spans[2 * column] < 0;
  }

  /** Whether a column, which both rows have a value in, came in the same bytes in both. */
  public boolean isSame(int column, TupleData other) {
    int length = length(column);
    int start = start(column);
    int otherStart = other.start(column);
    return length == other.length(column)
        && isBinary(column) == other.isBinary(column)
        && Arrays.equals(
            bytes, start, start + length, other.bytes, otherStart, otherStart + length);
  }

  /** The array that the slices are of; not to be written to. */
  public byte[] bytes() {
    return bytes;
  }

  public int start(int column) {
    int start = spans[2 * column];
    return start < 0 ? ~start : start;
  }

  /** The length in bytes of a value that is neither NULL nor unchanged. */
  public int length(int column) {
    return spans[2 * column + 1];
  }
}
