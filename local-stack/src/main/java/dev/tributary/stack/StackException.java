package dev.tributary.stack;

/** A part of the local stack could not do what was asked; the message is one line that says why. */
public class StackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message of one line. */
  public StackException(String message) {
    super(message);
  }

  /** With a message of one line and what lies behind it. */
  public StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
