package dev.tributary.transforms.zscore;

import java.util.Arrays;

/** The scores of one event's fields. Made once and filled again for each event. */
public final class Verdict {
  private final double[] zScores;
  private final boolean[] flags;
  private int flagged;

  public Verdict(int fields) {
    this.zScores = new double[fields];
    this.flags = new boolean[fields];
  }

  /** A field's score, such as how many deviations it lies from the mean; NaN if it has none. */
  public double zScore(int field) {
    return zScores[field];
  }

  /** Whether a field's value is an anomaly. */
  public boolean isFlagged(int field) {
    return flags[field];
  }

  /** How many fields are flagged. */
  public int flagged() {
    return flagged;
  }

  /** No field has a score, and none is flagged. */
  void clear() {
    Arrays.fill(zScores, Double.NaN);
    Arrays.fill(flags, false);
    flagged = 0;
  }

  /** Says once of a field, after {@link #clear}, what its score is. */
  void set(int field, double zScore, boolean flag) {
    zScores[field] = zScore;
    if (flag) {
      flags[field] = true;
      flagged++; // counting the flags afterwards would wait for all that was written before
    }
  }
}
