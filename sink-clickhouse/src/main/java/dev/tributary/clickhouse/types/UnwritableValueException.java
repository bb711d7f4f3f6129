package dev.tributary.clickhouse.types;

/**
 * A value that a column cannot hold. The message says what does not fit, never the value itself.
 * Carries no stack trace: it is a decision about one record, not a fault of the program.
 */
public final class UnwritableValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnwritableValueException(String message) {
    super(message, null, false, false);
  }
}
