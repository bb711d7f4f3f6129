package dev.tributary.transforms.sequence;

/** Reckoning with times that may lie at the ends of what a long holds. */
final class Times {
  private Times() {}

  /** A time so much before another, or the earliest there is. */
  static long before(long timeMs, long lengthMs) {
    return timeMs < Long.MIN_VALUE + lengthMs ? Long.MIN_VALUE : timeMs - lengthMs;
  }

  static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }
}
