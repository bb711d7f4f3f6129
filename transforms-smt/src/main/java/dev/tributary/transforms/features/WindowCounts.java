package dev.tributary.transforms.features;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts events by key over the windows of a {@link WindowPlan}: the state of one partition.
 *
 * <p>The features of an event depend on nothing but the events that were given before it, in their
 * order, and on itself. A pure value: no clock, no I/O. Not thread-safe.
 *
 * <p>The newest event time of all keys, less the grace, is the bound of lateness. Events before it
 * count in totals but in no window; so tiles that no further window can reach are dropped, and when
 * exactly they are is not seen from outside.
 */
public final class WindowCounts {
  private static final int FIRST_SWEEP = 1_024;

  private final WindowPlan plan;
  private final Map<Object, KeyCounts> keys = new HashMap<>();
  private long newest = Long.MIN_VALUE;
  private int sweepAt = FIRST_SWEEP;

  public WindowCounts(WindowPlan plan) {
    this.plan = plan;
  }

  /**
   * Counts an event and gives the features as of its time, itself included.
   *
   * @param key with equals and hashCode by value; kept
   * @param timeMs event time in epoch milliseconds
   * @param into filled with one number per slot of the plan; of a late event only the total is set
   * @return whether the event counts in windows; if not, it is late
   */
  public boolean update(Object key, long timeMs, long[] into) {
    if (isLate(timeMs)) {
      if (plan.hasTotal()) {
        into[plan.windows()] = ofKey(key).addToTotal();
      }
      return false;
    }
    newest = Math.max(newest, timeMs);
    KeyCounts counts = ofKey(key);
    into[plan.windows()] = counts.addToTotal();
    if (plan.windows() > 0) {
      counts.add(plan.tile(timeMs), oldestUsefulTile(), into);
    }
    return true;
  }

  /** The features as of a key's newest event, without a change; 0 for a key that is not known. */
  public void current(Object key, long[] into) {
    KeyCounts counts = keys.get(key);
    for (int i = 0; i < into.length; i++) {
      into[i] = counts == null ? 0 : counts.current(i);
    }
  }

  /** Whether the key has events here. */
  public boolean knows(Object key) {
    return keys.containsKey(key);
  }

  /** How many keys are held. */
  public int size() {
    return keys.size();
  }

  private boolean isLate(long timeMs) {
    return newest != Long.MIN_VALUE
        && plan.graceMs() != WindowPlan.ENDLESS
        && timeMs < newest - plan.graceMs();
  }

  /** The first tile that an event which is not late can still see. */
  private long oldestUsefulTile() {
    return plan.graceMs() == WindowPlan.ENDLESS
        ? Long.MIN_VALUE
        : plan.tile(newest - plan.graceMs()) - plan.longestSpan() + 1;
  }

  private KeyCounts ofKey(Object key) {
    KeyCounts counts = keys.get(key);
    if (counts == null) {
      if (keys.size() >= sweepAt) {
        sweep();
      }
      counts = new KeyCounts(plan);
      keys.put(key, counts);
    }
    return counts;
  }

  /** Lets go of keys without a tile in reach; each time the number of keys has doubled. */
  private void sweep() {
    if (!plan.hasTotal()) {
      long oldest = oldestUsefulTile();
      keys.values().removeIf(counts -> counts.newestTile() < oldest);
    }
    sweepAt = Math.max(FIRST_SWEEP, 2 * keys.size());
  }
}
