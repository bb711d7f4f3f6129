package dev.tributary.transforms.features;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much the states of a task hold, and what has become of events.
 *
 * <p>The task's thread counts, others read.
 */
public final class Usage {
  private final AtomicLong keys = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong evicted = new AtomicLong();

  /** How many keys are held. */
  public long keys() {
    return keys.get();
  }

  /** About how many bytes of heap their states take; the keys themselves not counted. */
  public long bytes() {
    return bytes.get();
  }

  /** How many events were late. */
  public long late() {
    return late.get();
  }

  /** How many keys were let go of, as there were too many. */
  public long evicted() {
    return evicted.get();
  }

  void addKeys(long more) {
    add(keys, more);
  }

  void addBytes(long more) {
    add(bytes, more);
  }

  void addLate() {
    add(late, 1);
  }

  void addEvicted() {
    add(evicted, 1);
  }

  /** One thread writes, so nothing has to be locked. */
  private static void add(AtomicLong number, long more) {
    if (more != 0) {
      number.lazySet(number.getPlain() + more);
    }
  }
}
