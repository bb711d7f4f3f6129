package dev.tributary.redis.write;

import java.time.Duration;
import org.apache.kafka.connect.errors.RetriableException;

/** Not all records are written yet: the same ones are to be given again after a while. */
public final class RetryLaterException extends RetriableException {
  private static final long serialVersionUID = 1L;

  private final long delayMs;

  RetryLaterException(String message, Duration delay, Throwable cause) {
    super(message, cause);
    this.delayMs = delay.toMillis();
  }

  /** How long to wait. */
  public Duration delay() {
    return Duration.ofMillis(delayMs);
  }
}
