package dev.tributary.transforms.state;

/** A state holds something that cannot be written down, such as a Struct. */
public final class NotStorableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names the class; the value is data. */
  public NotStorableException(Object value) {
    super("a " + value.getClass().getName());
  }
}
