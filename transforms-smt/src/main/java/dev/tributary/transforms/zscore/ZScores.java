package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Scores the fields of events by key against the key's earlier values: the state of one partition.
 *
 * <p>A value is scored against the values before it and then takes its place among them, be it
 * flagged or not. A value that is not finite is neither scored nor kept. A pure value: with windows
 * of values or of time the scores depend on nothing but what is in the window, to the bit. Not
 * thread-safe.
 */
public final class ZScores {
  private final ZScoring scoring;
  private final ZScoring.Window.Within within;
  private final int fields;
  private final Map<Object, Series[]> keys = new HashMap<>();
  private long newest = Long.MIN_VALUE;
  private int untilSweep = 1_000;

  public ZScores(ZScoring scoring, int fields) {
    this.scoring = scoring;
    this.within =
        scoring.window() instanceof ZScoring.Window.Within window
                && scoring.method() != ZScoring.Method.PAGE_HINKLEY
            ? window
            : null;
    this.fields = fields;
  }

  /**
   * Scores an event and keeps its values.
   *
   * @param key with equals and hashCode by value; kept
   * @param time of the event in epoch milliseconds; of no meaning unless the window is one of time
   * @param values one per field; NaN for a field that is null or missing
   */
  public void update(Object key, long time, double[] values, Verdict verdict) {
    verdict.clear();
    advance(time);
    if (isLate(time)) {
      return;
    }
    Series[] kept = ofKey(key);
    for (int i = 0; i < fields; i++) {
      score(kept[i], values[i], time, i, verdict);
      keep(kept, i, values[i], time);
    }
  }

  /** Keeps an event's values, where nobody wants the scores. */
  public void keep(Object key, long time, double[] values) {
    advance(time);
    if (!isLate(time)) {
      Series[] kept = ofKey(key);
      for (int i = 0; i < fields; i++) {
        keep(kept, i, values[i], time);
      }
    }
  }

  /** Scores an event against what is kept, without a change. */
  public void current(Object key, long time, double[] values, Verdict verdict) {
    verdict.clear();
    Series[] kept = keys.get(key);
    for (int i = 0; i < fields; i++) {
      score(kept == null ? null : kept[i], values[i], time, i, verdict);
    }
  }

  /** Writes the state down. */
  public void write(StateOutput out) {
    out.number(newest);
    out.number(keys.size());
    keys.forEach(
        (key, kept) -> {
          out.value(key);
          for (Series series : kept) {
            out.number(series == null ? 0 : 1);
            if (series != null) {
              series.write(out);
            }
          }
        });
  }

  /** Takes over what was written of a state of the same scoring; this one must be empty. */
  public void read(StateInput in) {
    newest = in.number();
    for (int i = in.size(); i > 0; i--) {
      Series[] kept = ofKey(in.value());
      for (int field = 0; field < fields; field++) {
        if (in.number() == 1) {
          kept[field] = scoring.newSeries();
          kept[field].read(in);
        }
      }
    }
  }

  /** How many keys something is kept of. */
  public int size() {
    return keys.size();
  }

  private void advance(long time) {
    if (within != null) {
      newest = Math.max(newest, time);
      if (--untilSweep <= 0) {
        sweep();
        untilSweep = Math.max(1_000, keys.size());
      }
    }
  }

  private boolean isLate(long time) {
    return within != null && time < newest - within.graceMs();
  }

  /** Keys whose window has passed hold nothing any more. */
  private void sweep() {
    Iterator<Series[]> all = keys.values().iterator();
    while (all.hasNext()) {
      boolean empty = true;
      for (Series series : all.next()) {
        if (series != null) {
          series.forgetBefore(newest - within.keepMs());
          empty &= series.isEmpty();
        }
      }
      if (empty) {
        all.remove();
      }
    }
  }

  private Series[] ofKey(Object key) {
    return keys.computeIfAbsent(key, k -> new Series[fields]);
  }

  private void keep(Series[] kept, int field, double value, long time) {
    if (Double.isFinite(value)) {
      if (kept[field] == null) {
        kept[field] = scoring.newSeries();
      } else if (within != null) {
        kept[field].forgetBefore(newest - within.keepMs());
      }
      kept[field].add(value, time);
    }
  }

  private void score(Series kept, double value, long time, int field, Verdict verdict) {
    if (kept == null || !Double.isFinite(value) || kept.samples(time) < scoring.minSamples()) {
      return;
    }
    kept.measure(time);
    double deviation = kept.deviation();
    double distance = value - kept.center();
    if (deviation > 0 && Double.isFinite(deviation) && Double.isFinite(distance)) {
      double z = kept.score(distance / deviation);
      verdict.set(field, z, Math.abs(z) > scoring.threshold());
    } else if (deviation == 0 && distance == 0) {
      verdict.set(field, 0, false);
    } else if (deviation == 0) {
      verdict.set(field, Double.NaN, scoring.flagsFirstChange());
    }
  }
}
