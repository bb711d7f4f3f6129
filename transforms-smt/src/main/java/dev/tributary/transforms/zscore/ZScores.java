package dev.tributary.transforms.zscore;

import java.util.HashMap;
import java.util.Map;

/**
 * Scores the fields of events by key against the key's last values: the state of one partition.
 *
 * <p>A value is scored against the values before it and then takes its place among them, be it
 * flagged or not. A value that is not finite is neither scored nor kept. A pure value: the scores
 * depend on nothing but the last values of the key, to the bit. Not thread-safe.
 */
public final class ZScores {
  private final ZScoring scoring;
  private final int fields;
  private final Map<Object, LastValues[]> keys = new HashMap<>();

  public ZScores(ZScoring scoring, int fields) {
    this.scoring = scoring;
    this.fields = fields;
  }

  /**
   * Scores an event and keeps its values.
   *
   * @param key with equals and hashCode by value; kept
   * @param values one per field; NaN for a field that is null or missing
   */
  public void update(Object key, double[] values, Verdict verdict) {
    LastValues[] kept = ofKey(key);
    for (int i = 0; i < fields; i++) {
      score(kept[i], values[i], i, verdict);
      keep(kept, i, values[i]);
    }
  }

  /** Keeps an event's values, where nobody wants the scores. */
  public void keep(Object key, double[] values) {
    LastValues[] kept = ofKey(key);
    for (int i = 0; i < fields; i++) {
      keep(kept, i, values[i]);
    }
  }

  /** Scores an event against what is kept, without a change. */
  public void current(Object key, double[] values, Verdict verdict) {
    LastValues[] kept = keys.get(key);
    for (int i = 0; i < fields; i++) {
      score(kept == null ? null : kept[i], values[i], i, verdict);
    }
  }

  private LastValues[] ofKey(Object key) {
    return keys.computeIfAbsent(key, k -> new LastValues[fields]);
  }

  private void keep(LastValues[] kept, int field, double value) {
    if (Double.isFinite(value)) {
      if (kept[field] == null) {
        kept[field] = new LastValues(scoring.window());
      }
      kept[field].add(value);
    }
  }

  private void score(LastValues kept, double value, int field, Verdict verdict) {
    verdict.set(field, Double.NaN, false);
    if (kept == null || kept.size() < scoring.minSamples() || !Double.isFinite(value)) {
      return;
    }
    kept.measure();
    double deviation = kept.deviation();
    double distance = value - kept.mean();
    if (deviation > 0 && Double.isFinite(deviation) && Double.isFinite(distance)) {
      double z = distance / deviation;
      verdict.set(field, z, Math.abs(z) > scoring.threshold());
    } else if (deviation == 0 && distance == 0) {
      verdict.set(field, 0, false);
    } else if (deviation == 0) {
      verdict.set(field, Double.NaN, scoring.flagsFirstChange());
    }
  }
}
