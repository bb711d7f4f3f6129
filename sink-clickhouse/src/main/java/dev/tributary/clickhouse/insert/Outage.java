package dev.tributary.clickhouse.insert;

import dev.tributary.common.error.Backoff;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows since when the server does not answer, and when to ask again. Says so once. */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String server;
  private final Backoff backoff;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private boolean told;
  private int failures;
  private long since;
  private long retryAt;

  Outage(String server, Backoff backoff, LongSupplier nanoTime, RandomGenerator random) {
    this.server = server;
    this.backoff = backoff;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** A request failed. */
  void failed(String reason) {
    long now = nanoTime.getAsLong();
    failures++;
    if (!told) {
      told = true;
      since = now;
      LOG.warn(
          "ClickHouse at {} cannot be written to: {}. Nothing is lost; trying again until it can",
          server,
          reason);
    } else {
      LOG.debug("ClickHouse at {} still cannot be written to: {}", server, reason);
    }
    retryAt = now + backoff.after(failures, random).toNanos();
  }

  /** Something else has to be waited for, which is told elsewhere. */
  void waits() {
    failures++;
    retryAt = nanoTime.getAsLong() + backoff.after(failures, random).toNanos();
  }

  /** A request succeeded. */
  void over() {
    if (told) {
      LOG.info(
          "ClickHouse at {} can be written to again, after {} failed attempts in {} s",
          server,
          failures,
          Duration.ofNanos(nanoTime.getAsLong() - since).toSeconds());
    }
    told = false;
    failures = 0;
  }

  boolean isOn() {
    return failures > 0;
  }

  /** How long to leave the server alone yet; zero or less when it may be asked. */
  long waitMillis() {
    long left = failures == 0 ? 0 : retryAt - nanoTime.getAsLong();
    return left <= 0 ? 0 : Math.max(1, Duration.ofNanos(left).toMillis());
  }
}
