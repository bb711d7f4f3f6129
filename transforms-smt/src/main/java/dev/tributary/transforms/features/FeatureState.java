package dev.tributary.transforms.features;

import dev.tributary.transforms.state.KeyTable;
import dev.tributary.transforms.state.KeyedState;
import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import dev.tributary.transforms.state.Usage;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The features of the keys of one partition: the state of a {@link WindowPlan}.
 *
 * <p>The features of an event depend on nothing but the events that were given before it, in their
 * order, and on itself. A pure value: no clock, no I/O. Not thread-safe.
 *
 * <p>The newest event time of all keys, less the grace, is the bound of lateness. Events before it
 * count in {@code over all} but in no window; so tiles that no further window can reach are
 * dropped, and when exactly they are is not seen from outside. A key whose windows have passed is
 * let go of, or of its state everything but what lasts.
 *
 * <p>With a limit to the number of keys, a key is forgotten once so many others have had events
 * since its last one. That too depends on nothing but the order of events.
 */
public final class FeatureState implements KeyedState {
  private final WindowPlan plan;
  private final Usage usage;
  private final int maxKeys;
  private final KeyTable keys = new KeyTable();
  private KeyCounts[] counts;
  private KeyFolds[] folds;
  private final long[] numbers;
  private long newest = Long.MIN_VALUE;

  /** From here on keys have tiles; those that had no event for longer have none. */
  private int firstWithTiles = KeyTable.NONE;

  private long appeared;
  private long ownBytes;
  private long tableBytes;

  /**
   * An empty state.
   *
   * @param maxKeys how many keys to hold at most; 0 for as many as there are
   */
  public FeatureState(WindowPlan plan, int maxKeys, Usage usage) {
    this.plan = plan;
    this.maxKeys = maxKeys == 0 ? Integer.MAX_VALUE : maxKeys;
    this.usage = usage;
    this.counts = new KeyCounts[keys.capacity()];
    this.folds = new KeyFolds[plan.folds().isEmpty() ? 0 : keys.capacity()];
    this.numbers = new long[plan.counts().numbers()];
    countTable();
  }

  /** As {@link #FeatureState(WindowPlan, int, Usage)}, for as many keys as there are. */
  public FeatureState(WindowPlan plan) {
    this(plan, 0, new Usage());
  }

  /**
   * Takes in an event and gives the features as of its time.
   *
   * @param key with equals and hashCode by value; kept
   * @param timeMs event time in epoch milliseconds
   * @param into filled with one value per feature; of a late event with null for those of windows
   * @return whether the event counts in windows; if not, it is late
   */
  public boolean update(Object key, long timeMs, EventValues event, Object[] into) {
    event.check(plan);
    if (isLate(timeMs)) {
      late(key, timeMs, event, into);
      return false;
    }
    if (timeMs > newest) {
      newest = timeMs;
    }
    long oldest = oldestUsefulTile();
    expire(oldest);
    int number = number(key);
    long tile = plan.tile(timeMs);
    KeyCounts ofKey = counts[number];
    if (ofKey != null) {
      int before = ofKey.bytes();
      ofKey.addToTotals(event.counts, numbers);
      if (plan.counts().hasWindows()) {
        ofKey.add(tile, oldest, event.counts, numbers);
      }
      int after = ofKey.bytes();
      if (after != before) {
        addBytes(after - before);
      }
    }
    if (folds.length > 0) {
      KeyFolds ofWindows = folds[number];
      long before = ofWindows.bytes();
      ofWindows.addToAll(event, timeMs, into);
      ofWindows.add(tile, oldest, event, timeMs, into);
      addBytes(ofWindows.bytes() - before);
    }
    plan.finish(timeMs, numbers, event.counts, true, into);
    return true;
  }

  /**
   * The features as of a key's newest event, without a change.
   *
   * @param timeMs the time of the event that asks
   * @param event of that event; for nothing but what {@code exclusive} leaves out
   */
  public void current(Object key, long timeMs, EventValues event, Object[] into) {
    event.check(plan);
    Arrays.fill(into, null);
    Arrays.fill(numbers, 0);
    int number = keys.find(key);
    if (number != KeyTable.NONE) {
      if (counts[number] != null) {
        counts[number].current(numbers);
      }
      if (folds.length > 0) {
        folds[number].current(timeMs, into);
      }
    } else if (folds.length > 0) {
      new KeyFolds(plan.folds()).current(timeMs, into);
    }
    plan.finish(timeMs, numbers, event.counts, true, into);
  }

  @Override
  public boolean knows(Object key) {
    return keys.find(key) != KeyTable.NONE;
  }

  /** The idlest first. */
  @Override
  public void keys(Consumer<Object> to) {
    for (int n = keys.oldest(); n != KeyTable.NONE; n = keys.newer(n)) {
      to.accept(keys.key(n));
    }
  }

  @Override
  public void write(StateOutput out) {
    out.number(newest);
    out.number(keys.size());
    for (int n = keys.oldest(); n != KeyTable.NONE; n = keys.newer(n)) {
      out.value(keys.key(n));
      out.number(n == firstWithTiles ? 1 : 0);
      if (counts[n] != null) {
        counts[n].write(out);
      }
      if (folds.length > 0) {
        folds[n].write(out);
      }
    }
  }

  @Override
  public void read(StateInput in) {
    newest = in.number();
    int first = KeyTable.NONE;
    for (int i = in.size(); i > 0; i--) {
      int number = add(in.value());
      first = in.number() == 1 ? number : first;
      long before = bytes(number);
      if (counts[number] != null) {
        counts[number].read(in);
      }
      if (folds.length > 0) {
        folds[number].read(in);
      }
      addBytes(bytes(number) - before);
    }
    firstWithTiles = first;
  }

  @Override
  public long appeared() {
    return appeared;
  }

  /** How many keys are held. */
  public int size() {
    return keys.size();
  }

  @Override
  public void close() {
    usage.addKeys(-keys.size());
    usage.addBytes(-ownBytes);
    ownBytes = 0;
  }

  private void late(Object key, long timeMs, EventValues event, Object[] into) {
    usage.addLate();
    Arrays.fill(into, null);
    if (plan.hasTotal()) {
      int number = number(key);
      if (counts[number] != null) {
        counts[number].addToTotals(event.counts, numbers);
      }
      if (folds.length > 0) {
        long before = folds[number].bytes();
        folds[number].addToAll(event, timeMs, into);
        addBytes(folds[number].bytes() - before);
      }
    }
    plan.finish(timeMs, numbers, event.counts, false, into);
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

  private int number(Object key) {
    int number = keys.find(key);
    if (number == KeyTable.NONE) {
      return add(key);
    }
    if (number == firstWithTiles && keys.newer(number) != KeyTable.NONE) {
      firstWithTiles = keys.newer(number);
    }
    keys.touch(number);
    if (firstWithTiles == KeyTable.NONE) {
      firstWithTiles = number;
    }
    return number;
  }

  private int add(Object key) {
    if (keys.size() >= maxKeys) {
      remove(keys.oldest());
      usage.addEvicted();
    }
    int number = keys.add(key);
    appeared++;
    if (counts.length < keys.capacity()) {
      counts = Arrays.copyOf(counts, keys.capacity());
      folds = folds.length == 0 ? folds : Arrays.copyOf(folds, keys.capacity());
      countTable();
    }
    if (!plan.counts().isEmpty()) {
      counts[number] = new KeyCounts(plan.counts());
      addBytes(counts[number].bytes());
    }
    if (folds.length > 0) {
      folds[number] = new KeyFolds(plan.folds());
      addBytes(folds[number].bytes());
    }
    if (firstWithTiles == KeyTable.NONE) {
      firstWithTiles = number;
    }
    usage.addKeys(1);
    return number;
  }

  private void remove(int number) {
    if (number == firstWithTiles) {
      firstWithTiles = keys.newer(number);
    }
    addBytes(-bytes(number));
    counts[number] = null;
    if (folds.length > 0) {
      folds[number] = null;
    }
    keys.remove(number);
    usage.addKeys(-1);
  }

  /**
   * Lets go of what keys hold of windows that have passed, in the order of their last events. (So
   * which keys are the idlest is not changed by it.)
   */
  private void expire(long oldest) {
    while (firstWithTiles != KeyTable.NONE && hasPassed(firstWithTiles, oldest)) {
      int number = firstWithTiles;
      if (plan.lasts()) {
        long before = bytes(number);
        if (counts[number] != null) {
          counts[number].trim();
        }
        if (folds.length > 0) {
          folds[number].trim();
        }
        addBytes(bytes(number) - before);
        firstWithTiles = keys.newer(number);
      } else {
        remove(number);
      }
    }
  }

  private boolean hasPassed(int number, long oldest) {
    if (!plan.hasWindows() || oldest == Long.MIN_VALUE) {
      return false;
    }
    long until = oldest - plan.longestPause();
    boolean ofCounts =
        counts[number] == null || counts[number].isEmpty() || counts[number].newestTile() < until;
    return ofCounts && (folds.length == 0 || folds[number].newestTile() < until);
  }

  private long bytes(int number) {
    return (counts[number] == null ? 0 : counts[number].bytes())
        + (folds.length == 0 ? 0 : folds[number].bytes());
  }

  private void countTable() {
    long bytes = keys.bytes() + 4L * counts.length + 4L * folds.length;
    addBytes(bytes - tableBytes);
    tableBytes = bytes;
  }

  private void addBytes(long more) {
    ownBytes += more;
    usage.addBytes(more);
  }
}
