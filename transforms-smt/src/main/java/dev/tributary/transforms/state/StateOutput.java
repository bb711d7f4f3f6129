package dev.tributary.transforms.state;

/** Takes what a state holds, in an order that {@link StateInput} gives back. */
public interface StateOutput {

  /** A whole number; small ones take few bytes. */
  void number(long number);

  /** A double, to the bit. */
  void real(double number);

  /** Bytes of any number. */
  void bytes(byte[] bytes);

  /**
   * A value that a record's field may have: null, a number, a text, a boolean, bytes, a date, or a
   * list or map of these.
   *
   * @throws NotStorableException if it is anything else
   */
  void value(Object value);
}
