package dev.tributary.transforms.sequence;

/**
 * Events that fit the first steps of a pattern, or all of them; linked backwards, so that sequences
 * share what they have in common. Immutable.
 */
public final class Sequence {
  private final long timeMs;
  private final long startMs;
  private final int length;
  private final Sequence before;

  /**
   * A sequence and one event more.
   *
   * @param before null if the event is the first
   */
  Sequence(long timeMs, Sequence before) {
    this.timeMs = timeMs;
    this.startMs = before == null ? timeMs : before.startMs;
    this.length = before == null ? 1 : before.length + 1;
    this.before = before;
  }

  /** The time of its first event in epoch milliseconds. */
  long startMs() {
    return startMs;
  }

  /** The times of its events, in their order, in epoch milliseconds. */
  public long[] times() {
    long[] times = new long[length];
    Sequence at = this;
    for (int i = length - 1; i >= 0; i--) {
      times[i] = at.timeMs;
      at = at.before;
    }
    return times;
  }
}
