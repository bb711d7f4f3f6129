package dev.tributary.transforms.state;

/** Gives what was written to a {@link StateOutput}, in the same order. */
public interface StateInput {
  /** See {@link StateOutput#number}. */
  long number();

  /** See {@link StateOutput#real}. */
  double real();

  /** See {@link StateOutput#bytes}. */
  byte[] bytes();

  /** See {@link StateOutput#value}: one that equals what was written, of the same class. */
  Object value();

  /** A {@link #number} that is a length or a count. */
  default int size() {
    return Math.toIntExact(number());
  }
}
