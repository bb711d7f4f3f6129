package dev.tributary.redis.write;

import java.time.Duration;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * Not all records are written yet: the same ones are to be given again after a while.
 *
 * <p>Connect logs every one of these as an error, for as long as an outage lasts. So it is one line
 * each: there is no stack trace, and what caused it is in the message and, at level debug, in the
 * sink's own log.
 */
public final class RetryLaterException extends RetriableException {
  private static final long serialVersionUID = 1L;

  private final long delayMs;

  RetryLaterException(String message, Duration delay) {
    super(message);
    this.delayMs = delay.toMillis();
  }

  /** How long to wait. */
  public Duration delay() {
    return Duration.ofMillis(delayMs);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
