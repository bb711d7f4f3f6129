package dev.tributary.common.error;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before an attempt is made again: doubled with each attempt up to a maximum, and
 * somewhere between half of that and all of it, so that tasks which failed together do not come
 * back together.
 *
 * @param initial the longest wait before the second attempt
 * @param max the longest wait before any attempt
 */
public record Backoff(Duration initial, Duration max) {
  public Backoff {
    if (initial.isNegative() || initial.isZero() || max.compareTo(initial) < 0) {
      throw new IllegalArgumentException("backoff from " + initial + " to " + max);
    }
  }

  /**
   * The wait after the given number of failed attempts.
   *
   * @param failures how many attempts have failed so far, at least 1
   */
  public Duration after(int failures, RandomGenerator random) {
    int doublings = Math.min(failures - 1, 30);
    long ceiling = Math.min(max.toMillis(), Math.max(1, initial.toMillis()) << doublings);
    return Duration.ofMillis(ceiling - random.nextLong(ceiling / 2 + 1));
  }
}
