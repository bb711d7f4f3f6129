package dev.tributary.transforms.state;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much the states of a task hold, and what has become of events.
 *
 * <p>The task's thread counts, others read.
 */
public final class Usage {
  private final AtomicLong keys = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong evicted = new AtomicLong();

  /** How many keys are held. */
  public long keys() {
    return keys.get();
  }

  /** About how many bytes of heap their states take; the keys themselves not counted. */
  public long bytes() {
    return bytes.get();
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

  /** Keys are taken in, or let go of. */
  public void addKeys(long more) {
    add(keys, more);
  }

  /** States take more memory, or less. */
  public void addBytes(long more) {
    add(bytes, more);
  }

  /** Events are kept, or let go of. */
  public void addEvents(long more) {
    add(events, more);
  }

  /** An event was late. */
  public void addLate() {
    add(late, 1);
  }

  /** An event was left out of a pattern. */
  public void addDropped() {
    add(dropped, 1);
  }

  /** A key was let go of, as there were too many. */
  public void addEvicted() {
    add(evicted, 1);
  }

  /** One thread writes, so nothing has to be locked. */
  private static void add(AtomicLong number, long more) {
    if (more != 0) {
      number.lazySet(number.getPlain() + more);
    }
  }
}
