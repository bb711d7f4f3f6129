package dev.tributary.demo.load;

import dev.tributary.demo.load.ShopLoad.Committed;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Measures the lag from commit to Redis: takes the event that was committed last, and asks Redis
 * for its user's hash until the hash holds that event or a later one. One event at a time; asked
 * about every millisecond.
 */
public final class LagProbe implements AutoCloseable {
  /**
   * Lags in milliseconds.
   *
   * @param samples how many lags these figures stand for
   */
  public record Lag(long samples, double p50, double p99) {}

  private static final int KEPT = 20_000;
  private static final int RECENT = 500;

  private final ShopLoad load;
  private final UnifiedJedis redis;
  private final String keyPrefix;
  private final Thread thread = new Thread(this::run, "lag-probe");
  private final long[] lags = new long[KEPT];
  private long count;
  private volatile boolean stopped;

  public LagProbe(ShopLoad load, UnifiedJedis redis, String keyPrefix) {
    this.load = load;
    this.redis = redis;
    this.keyPrefix = keyPrefix;
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The lag of the latest probes. */
  public Lag recent() {
    return lag(RECENT);
  }

  /** The lag over the whole run (its last 20,000 probes). */
  public Lag overall() {
    return lag(KEPT);
  }

  private synchronized Lag lag(int last) {
    int n = (int) Math.min(count, last);
    if (n == 0) {
      return new Lag(0, Double.NaN, Double.NaN);
    }
    long[] sorted = new long[n];
    for (int i = 0; i < n; i++) {
      sorted[i] = lags[(int) ((count - 1 - i) % KEPT)];
    }
    Arrays.sort(sorted);
    return new Lag(n, millis(sorted[n / 2]), millis(sorted[(int) (n * 0.99)]));
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  private void run() {
    Committed last = null;
    while (!stopped) {
      Committed next = load.latest().orElse(null);
      if (next == null || next.equals(last)) {
        pause();
        continue;
      }
      last = next;
      if (await(next)) {
        record(System.nanoTime() - next.committedAt());
      }
    }
  }

  private boolean await(Committed event) {
    String key = keyPrefix + event.userId();
    while (!stopped) {
      try {
        String id = redis.hget(key, "id");
        if (id != null && Long.parseLong(id) >= event.eventId()) {
          return true;
        }
      } catch (JedisException e) {
        // Redis is being restarted; the wait for it is lag as well
        pause();
      }
      pause();
    }
    return false;
  }

  private synchronized void record(long nanos) {
    lags[(int) (count++ % KEPT)] = nanos;
  }

  private static void pause() {
    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(800));
  }
}
