package dev.tributary.redis.encode;

/** A record lacks a value that is asked for. It may be caught often, so it has no stack trace. */
final class MissingValueException extends UnwritableRecordException {
  private static final long serialVersionUID = 1L;

  MissingValueException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
