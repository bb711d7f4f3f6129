package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;

/** What is kept of one key's field to score its values. */
interface Series {

  /** How many values one at this time is scored against. */
  int samples(long time);

  /**
   * Works out what a value at this time is compared with; there must be at least one sample. The
   * answer is read with {@link #center} and {@link #deviation}.
   */
  void measure(long time);

  /** The mean, median or the like. */
  double center();

  /** What a distance from it is counted in; 0 in a constant series. */
  double deviation();

  /**
   * The score of a value that lies so many deviations from the center.
   *
   * @param distance finite
   */
  default double score(double distance) {
    return distance;
  }

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
