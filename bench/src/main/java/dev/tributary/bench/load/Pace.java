package dev.tributary.bench.load;

import java.util.concurrent.locks.LockSupport;

/** Keeps to a rate. */
final class Pace {
  private Pace() {}

  /** Returns when it is time, by {@link System#nanoTime}; at once, if that is past. */
  static void await(long due) {
    for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
      LockSupport.parkNanos(due - now);
    }
  }
}
