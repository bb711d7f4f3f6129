package dev.tributary.common.error;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows since when a server takes no writes, and when to ask it again. Tells the log once when it
 * no longer does, and once when it does again.
 *
 * <p>Not thread-safe.
 */
public final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String server;
  private final Backoff backoff;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private boolean told;
  private int failures;
  private long since;
  private long retryAt;

  /**
   * No outage yet.
   *
   * @param server what it is and where, such as {@code Redis at host:6379}
   */
  public Outage(String server, Backoff backoff) {
    this(server, backoff, RandomGenerator.getDefault(), System::nanoTime);
  }

  /** As above, with the randomness and the clock given. */
  public Outage(String server, Backoff backoff, RandomGenerator random, LongSupplier nanoTime) {
    this.server = server;
    this.backoff = backoff;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /**
   * An attempt failed.
   *
   * @param cause for the log at debug level; null where the server answered with an error
   * @return how long to wait before the next one
   */
  public Duration failed(String reason, Exception cause) {
    if (!told) {
      told = true;
      since = nanoTime.getAsLong();
      LOG.warn(
          "{} takes no writes: {}. Records wait, nothing is lost; trying again until it does",
          server,
          reason);
    }
    Duration wait = waits();
    LOG.debug("{} takes no writes, attempt {}: {}", server, failures, reason, cause);
    return wait;
  }

  /**
   * Something else has to be waited for, which is told elsewhere.
   *
   * @return how long to wait before the next attempt
   */
  public Duration waits() {
    failures++;
    Duration wait = backoff.after(failures, random);
    retryAt = nanoTime.getAsLong() + wait.toNanos();
    return wait;
  }

  /** An attempt succeeded. */
  public void over() {
    if (told) {
      LOG.info(
          "{} takes writes again, after {} s and {} failed attempts",
          server,
          Duration.ofNanos(nanoTime.getAsLong() - since).toSeconds(),
          failures);
    }
    told = false;
    failures = 0;
  }

  /** Whether the last attempt failed. */
  public boolean isOn() {
    return failures > 0;
  }

  /** How long to leave the server alone yet, in milliseconds; zero when it may be asked. */
  public long waitMillis() {
    long left = failures == 0 ? 0 : retryAt - nanoTime.getAsLong();
    return left <= 0 ? 0 : Math.max(1, Duration.ofNanos(left).toMillis());
  }
}
