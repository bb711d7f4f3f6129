package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;

/** What is kept of one key's field to score its values. */
interface Series {

  /** How many values one at this time is scored against. */
  int samples(long time);

  /**
   * Scores a finite value; there must be at least one sample.
   *
   * @return NaN if there is no score: all samples are equal and this one is another, or distances
   *     are beyond a double
   */
  double score(double value, long time);

  /** Whether the last one had no score because all samples are equal. */
  boolean wasConstant();

  /** Takes a finite value in. */
  void add(double value, long time);

  /** Writes down what is kept. */
  void write(StateOutput out);

  /** Takes that over; this one must be new. */
  void read(StateInput in);

  /** Values that are older than this matter no more. */
  default void forgetBefore(long time) {}

  /** About how many bytes of heap it takes. */
  long bytes();
}
