package dev.tributary.transforms.sequence;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much the states of a task hold, and what has become of events.
 *
 * <p>The task's thread counts, others read.
 */
public final class SequenceUsage {
  private final AtomicLong keys = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong evicted = new AtomicLong();

  /** How many keys are held. */
  public long keys() {
    return keys.get();
  }

  /** How many events are kept, counted once per pattern. */
  public long events() {
    return events.get();
  }

  /** How many events were late. */
  public long late() {
    return late.get();
  }

  /** How many events out of order were left out of a pattern, as too many were newer. */
  public long dropped() {
    return dropped.get();
  }

  /** How many keys were let go of, as there were too many. */
  public long evicted() {
    return evicted.get();
  }

  void addKeys(long more) {
    keys.addAndGet(more);
  }

  void addEvents(long more) {
    events.addAndGet(more);
  }

  void addLate() {
    late.incrementAndGet();
  }

  void addDropped() {
    dropped.incrementAndGet();
  }

  void addEvicted() {
    evicted.incrementAndGet();
  }
}
