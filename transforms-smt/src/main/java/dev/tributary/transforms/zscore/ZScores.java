package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.KeyTable;
import dev.tributary.transforms.state.KeyedState;
import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import dev.tributary.transforms.state.Usage;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Scores the fields of events by key against the key's earlier values: the state of one partition.
 *
 * <p>A value is scored against the values before it and then takes its place among them, be it
 * flagged or not. A value that is not finite is neither scored nor kept. A pure value: with windows
 * of values or of time the scores depend on nothing but what is in the window, to the bit. Not
 * thread-safe.
 *
 * <p>With a window of time a key is let go of once all of its values are older than any event to
 * come can see. With a limit to the number of keys, a key is forgotten once so many others have had
 * values since its last one. That too depends on nothing but the order of events.
 */
public final class ZScores implements KeyedState {
  private final ZScoring scoring;
  private final ZScoring.Window.Within within;
  private final int fields;
  private final int maxKeys;
  private final Usage usage;
  private final ExactScore exact = new ExactScore();
  private final KeyTable keys = new KeyTable();

  /** By key and field; null where there has been no value. */
  private Series[] series;

  /** By key: the time of its newest value. Of no length unless the window is one of time. */
  private long[] newestOfKey;

  private long newest = Long.MIN_VALUE;
  private long appeared;
  private long ownBytes;
  private long tableBytes;

  /**
   * An empty state.
   *
   * @param maxKeys how many keys to hold at most; 0 for as many as there are
   */
  public ZScores(ZScoring scoring, int fields, int maxKeys, Usage usage) {
    this.scoring = scoring;
    this.within =
        scoring.window() instanceof ZScoring.Window.Within window && scoring.keepsMs().isPresent()
            ? window
            : null;
    this.fields = fields;
    this.maxKeys = maxKeys == 0 ? Integer.MAX_VALUE : maxKeys;
    this.usage = usage;
    this.series = new Series[keys.capacity() * fields];
    this.newestOfKey = new long[within == null ? 0 : keys.capacity()];
    countTable();
  }

  /** As {@link #ZScores(ZScoring, int, int, Usage)}, for as many keys as there are. */
  public ZScores(ZScoring scoring, int fields) {
    this(scoring, fields, 0, new Usage());
  }

  /**
   * Scores an event and keeps its values.
   *
   * @param key with equals and hashCode by value; kept
   * @param timeMs event time in epoch milliseconds; of no meaning unless the window is one of time
   * @param values one per field; NaN for a field that is null or missing
   */
  public void update(Object key, long timeMs, double[] values, Verdict verdict) {
    verdict.clear();
    if (!advance(timeMs) || !hasValue(values)) {
      return;
    }
    int number = number(key, timeMs);
    for (int i = 0; i < fields; i++) {
      Series kept = series[number * fields + i];
      score(kept, values[i], timeMs, i, verdict);
      keep(kept, number, i, values[i], timeMs);
    }
  }

  /** Keeps an event's values, where nobody wants the scores. */
  public void keep(Object key, long timeMs, double[] values) {
    if (!advance(timeMs) || !hasValue(values)) {
      return;
    }
    int number = number(key, timeMs);
    for (int i = 0; i < fields; i++) {
      keep(series[number * fields + i], number, i, values[i], timeMs);
    }
  }

  /** Scores an event against what is kept, without a change. */
  public void current(Object key, long timeMs, double[] values, Verdict verdict) {
    verdict.clear();
    int number = keys.find(key);
    if (number != KeyTable.NONE) {
      for (int i = 0; i < fields; i++) {
        score(series[number * fields + i], values[i], timeMs, i, verdict);
      }
    }
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
  public long appeared() {
    return appeared;
  }

  /** How many keys are held. */
  public int size() {
    return keys.size();
  }

  @Override
  public void write(StateOutput out) {
    out.number(newest);
    out.number(keys.size());
    for (int n = keys.oldest(); n != KeyTable.NONE; n = keys.newer(n)) {
      out.value(keys.key(n));
      if (within != null) {
        out.number(newestOfKey[n]);
      }
      for (int i = 0; i < fields; i++) {
        Series kept = series[n * fields + i];
        out.number(kept == null ? 0 : 1);
        if (kept != null) {
          kept.write(out);
        }
      }
    }
  }

  @Override
  public void read(StateInput in) {
    newest = in.number();
    for (int left = in.size(); left > 0; left--) {
      int number = add(in.value());
      if (within != null) {
        newestOfKey[number] = in.number();
      }
      for (int i = 0; i < fields; i++) {
        if (in.number() == 1) {
          Series kept = newSeries(number, i);
          long before = kept.bytes();
          kept.read(in);
          addBytes(kept.bytes() - before);
        }
      }
    }
  }

  @Override
  public void close() {
    usage.addKeys(-keys.size());
    usage.addBytes(-ownBytes);
    ownBytes = 0;
  }

  /** Event time goes on. False if the event is late. */
  private boolean advance(long timeMs) {
    if (within == null) {
      return true;
    }
    if (timeMs > newest) {
      newest = timeMs;
      long until = newest - within.keepMs();
      // in the order of their last values, so which keys are the idlest is not changed by it
      while (keys.size() > 0 && newestOfKey[keys.oldest()] <= until) {
        remove(keys.oldest());
      }
    }
    if (timeMs < newest - within.graceMs()) {
      usage.addLate();
      return false;
    }
    return true;
  }

  private static boolean hasValue(double[] values) {
    for (double value : values) {
      if (Double.isFinite(value)) {
        return true;
      }
    }
    return false;
  }

  private int number(Object key, long timeMs) {
    int number = keys.find(key);
    if (number == KeyTable.NONE) {
      number = add(key);
    } else {
      keys.touch(number);
    }
    if (within != null) {
      newestOfKey[number] = Math.max(newestOfKey[number], timeMs);
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
    if (series.length < keys.capacity() * fields) {
      series = Arrays.copyOf(series, keys.capacity() * fields);
      if (within != null) {
        newestOfKey = Arrays.copyOf(newestOfKey, keys.capacity());
      }
      countTable();
    }
    if (within != null) {
      newestOfKey[number] = Long.MIN_VALUE;
    }
    usage.addKeys(1);
    return number;
  }

  private void remove(int number) {
    for (int i = number * fields; i < (number + 1) * fields; i++) {
      if (series[i] != null) {
        addBytes(-series[i].bytes());
        series[i] = null;
      }
    }
    keys.remove(number);
    usage.addKeys(-1);
  }

  private Series newSeries(int number, int field) {
    Series made = scoring.newSeries(exact);
    series[number * fields + field] = made;
    addBytes(made.bytes());
    return made;
  }

  private void keep(Series before, int number, int field, double value, long timeMs) {
    if (Double.isFinite(value)) {
      Series kept = before == null ? newSeries(number, field) : before;
      long bytes = kept.bytes();
      if (within != null) {
        kept.forgetBefore(newest - within.keepMs());
      }
      kept.add(value, timeMs);
      addBytes(kept.bytes() - bytes);
    }
  }

  private void score(Series kept, double value, long timeMs, int field, Verdict verdict) {
    if (kept == null || !Double.isFinite(value) || kept.samples(timeMs) < scoring.minSamples()) {
      return;
    }
    long bytes = kept.bytes();
    double z = kept.score(value, timeMs);
    addBytes(kept.bytes() - bytes); // it may need room to sum in
    if (!Double.isNaN(z)) {
      verdict.set(field, z, Math.abs(z) > scoring.threshold());
    } else if (kept.wasConstant()) {
      verdict.set(field, z, scoring.flagsFirstChange());
    }
  }

  private void countTable() {
    long bytes = keys.bytes() + 4L * series.length + 8L * newestOfKey.length;
    addBytes(bytes - tableBytes);
    tableBytes = bytes;
  }

  private void addBytes(long more) {
    if (more != 0) {
      ownBytes += more;
      usage.addBytes(more);
    }
  }
}
