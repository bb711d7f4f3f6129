package dev.tributary.transforms.zscore;

/** The scores of one event's fields. Made once and filled again for each event. */
public final class Verdict {
  private final double[] zScores;
  private final boolean[] flags;

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
    int flagged = 0;
    for (boolean flag : flags) {
      flagged += flag ? 1 : 0;
    }
    return flagged;
  }

  void clear() {
    for (int i = 0; i < flags.length; i++) {
      set(i, Double.NaN, false);
    }
  }

  void set(int field, double zScore, boolean flag) {
    zScores[field] = zScore;
    flags[field] = flag;
  }
}
