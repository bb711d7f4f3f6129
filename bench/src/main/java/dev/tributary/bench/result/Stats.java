package dev.tributary.bench.result;

import java.util.Arrays;

/**
 * The middle and the ends of some rounds.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param min the smallest
 * @param max the largest
 */
public record Stats(double median, double min, double max) {

  /**
   * Of at least one value.
   *
   * @throws IllegalArgumentException if there is none, or one is no number
   */
  public static Stats of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    if (!Double.isFinite(sorted[0]) || !Double.isFinite(sorted[sorted.length - 1])) {
      throw new IllegalArgumentException("not finite: " + Arrays.toString(values));
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Stats(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** How far the ends lie apart, as a part of the median; 0 where the median is. */
  public double spread() {
    return median == 0 ? 0 : (max - min) / Math.abs(median);
  }
}
