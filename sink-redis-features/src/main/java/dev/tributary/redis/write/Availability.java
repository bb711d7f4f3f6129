package dev.tributary.redis.write;

import dev.tributary.common.error.Backoff;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether Redis takes writes: tells the log once when it no longer does, and once when it does. */
final class Availability {
  private static final Logger LOG = LoggerFactory.getLogger(Availability.class);

  private final String server;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private int failures;
  private long awaySince;

  Availability(String server, Backoff backoff, RandomGenerator random, LongSupplier nanoTime) {
    this.server = server;
    this.backoff = backoff;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /**
   * An attempt failed.
   *
   * @param cause null where the server answered with an error
   * @return how long to wait before the next one
   */
  Duration failed(String reason, Exception cause) {
    failures++;
    Duration wait = backoff.after(failures, random);
    if (failures == 1) {
      awaySince = nanoTime.getAsLong();
      LOG.warn(
          "{} takes no writes: {}. Records wait, nothing is lost; trying again until it does",
          server,
          reason);
    }
    LOG.debug("{} takes no writes, attempt {}: {}", server, failures, reason, cause);
    return wait;
  }

  /** An attempt succeeded. */
  void succeeded() {
    if (failures > 0) {
      LOG.info(
          "{} takes writes again, after {} s and {} failed attempts",
          server,
          Duration.ofNanos(nanoTime.getAsLong() - awaySince).toSeconds(),
          failures);
      failures = 0;
    }
  }
}
