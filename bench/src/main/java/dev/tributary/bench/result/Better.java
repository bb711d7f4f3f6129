package dev.tributary.bench.result;

/** Which way a figure is better. */
public enum Better {
  /** Rates: the ratio is ours / peer. */
  HIGHER,
  /** Times and memory: the ratio is peer / ours. */
  LOWER;

  /** How many times better ours is. */
  public double ratio(double ours, double peer) {
    return this == HIGHER ? ours / peer : peer / ours;
  }
}
