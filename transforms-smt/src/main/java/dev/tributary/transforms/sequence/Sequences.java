package dev.tributary.transforms.sequence;

import dev.tributary.transforms.state.KeyedState;
import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import dev.tributary.transforms.state.Usage;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds the patterns of a {@link SequencePlan} in the events of keys: the state of one partition.
 *
 * <p>The sequences of an event depend on nothing but the events that were given before it, in their
 * order, and on itself. A pure value: no clock, no I/O. Not thread-safe.
 *
 * <p>The newest event time of all keys, less the grace, is the bound of lateness. An event before
 * it changes nothing. So events that are older than any one to come are kept no longer, and when
 * exactly they go is not seen from outside. A key none of whose events can be in a sequence any
 * more is let go of.
 *
 * <p>With a limit to the number of keys, a key is forgotten once so many others have had events
 * that matter to a pattern since its last one. That too depends on nothing but the order of events.
 */
public final class Sequences implements KeyedState {
  private final SequencePlan plan;
  private final int maxKeys;
  private final Usage usage;
  private final Map<Object, KeySequences> keys = new HashMap<>();
  private KeySequences oldest;
  private KeySequences newest;
  private long newestMs = Long.MIN_VALUE;
  private long appeared;

  /**
   * An empty state.
   *
   * @param maxKeys how many keys to hold at most; 0 for as many as there are
   */
  public Sequences(SequencePlan plan, int maxKeys, Usage usage) {
    this.plan = plan;
    this.maxKeys = maxKeys == 0 ? Integer.MAX_VALUE : maxKeys;
    this.usage = usage;
  }

  /**
   * Takes in an event and finds the sequences that it completes.
   *
   * @param key with equals and hashCode by value; kept
   * @param timeMs event time in epoch milliseconds
   * @param into filled with one per pattern; null for a pattern that is not completed
   */
  public void update(Object key, long timeMs, EventFits fits, Sequence[] into) {
    Arrays.fill(into, null);
    newestMs = Math.max(newestMs, timeMs);
    long untilMs = Times.before(newestMs, plan.graceMs());
    if (timeMs < untilMs) {
      usage.addLate();
      return;
    }
    expire();
    if (!fits.matters()) {
      return;
    }
    KeySequences ofKey = keys.get(key);
    if (ofKey == null) {
      ofKey = add(key);
    } else {
      unlink(ofKey);
      append(ofKey);
    }
    long before = ofKey.events();
    ofKey.add(timeMs, fits, untilMs, into, usage);
    usage.addEvents(ofKey.events() - before);
  }

  /**
   * The sequences that an event completes which was given before, without a change; none if it is
   * so old that it is not kept.
   */
  public void current(Object key, long timeMs, EventFits fits, Sequence[] into) {
    Arrays.fill(into, null);
    KeySequences ofKey = keys.get(key);
    if (ofKey != null) {
      ofKey.find(timeMs, fits, into);
    }
  }

  @Override
  public boolean knows(Object key) {
    return keys.containsKey(key);
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
  public void keys(Consumer<Object> to) {
    keys.keySet().forEach(to);
  }

  @Override
  public void write(StateOutput out) {
    out.number(newestMs);
    out.number(keys.size());
    for (KeySequences ofKey = oldest; ofKey != null; ofKey = ofKey.newer) {
      out.value(ofKey.key);
      ofKey.write(out);
    }
  }

  @Override
  public void read(StateInput in) {
    newestMs = in.number();
    for (int i = in.size(); i > 0; i--) {
      KeySequences ofKey = add(in.value());
      ofKey.read(in);
      usage.addEvents(ofKey.events());
    }
  }

  @Override
  public void close() {
    while (oldest != null) {
      remove(oldest);
    }
  }

  private KeySequences add(Object key) {
    if (keys.size() >= maxKeys) {
      remove(oldest);
      usage.addEvicted();
    }
    KeySequences ofKey = new KeySequences(key, plan);
    keys.put(key, ofKey);
    append(ofKey);
    appeared++;
    usage.addKeys(1);
    return ofKey;
  }

  /**
   * Lets go of keys in the order of their last events. (So which keys are the idlest is not changed
   * by it.)
   */
  private void expire() {
    long fromMs = Times.before(newestMs, plan.reachMs());
    while (oldest != null && oldest.newestMs() <= fromMs) {
      remove(oldest);
    }
  }

  private void remove(KeySequences ofKey) {
    keys.remove(ofKey.key);
    unlink(ofKey);
    usage.addKeys(-1);
    usage.addEvents(-ofKey.events());
  }

  private void append(KeySequences ofKey) {
    ofKey.older = newest;
    if (newest == null) {
      oldest = ofKey;
    } else {
      newest.newer = ofKey;
    }
    newest = ofKey;
  }

  private void unlink(KeySequences ofKey) {
    if (ofKey.older == null) {
      oldest = ofKey.newer;
    } else {
      ofKey.older.newer = ofKey.newer;
    }
    if (ofKey.newer == null) {
      newest = ofKey.older;
    } else {
      ofKey.newer.older = ofKey.older;
    }
    ofKey.older = null;
    ofKey.newer = null;
  }
}
