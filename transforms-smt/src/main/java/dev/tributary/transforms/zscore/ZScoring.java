package dev.tributary.transforms.zscore;

/**
 * How values are scored.
 *
 * @param window how many values before the current one it is scored against, at least 1
 * @param minSamples how many there must be, from 1 to {@code window}
 * @param threshold a value is flagged whose distance from the mean is more than this many standard
 *     deviations
 * @param flagsFirstChange whether the first value that differs in a constant series is flagged; its
 *     z-score would be infinite
 */
public record ZScoring(int window, int minSamples, double threshold, boolean flagsFirstChange) {
  public ZScoring {
    if (window < 1 || minSamples < 1 || minSamples > window || !(threshold > 0)) {
      throw new IllegalArgumentException("no scoring by " + window + ", " + minSamples);
    }
  }
}
