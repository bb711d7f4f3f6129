package dev.tributary.transforms.zscore;

import java.util.OptionalLong;

/**
 * How values are scored.
 *
 * @param method what a value is compared with
 * @param window which values before the current one it is scored against; of EWMA the span; of no
 *     meaning to Page-Hinkley
 * @param minSamples how many there must be, at least 1
 * @param threshold a value is flagged whose score is further from 0 than this
 * @param flagsFirstChange whether the first value that differs in a constant series is flagged; its
 *     score would be infinite
 * @param tolerance of Page-Hinkley: how many deviations a value may be off without counting
 */
public record ZScoring(
    Method method,
    Window window,
    int minSamples,
    double threshold,
    boolean flagsFirstChange,
    double tolerance) {

  /** What a value is compared with. */
  public enum Method {
    /** The mean, in population standard deviations. */
    ZSCORE(3.0),

    /**
     * The median, in median absolute deviations: 0.6745 (x - median) / MAD; where MAD is 0, (x -
     * median) / (1.253314 times the mean absolute deviation).
     *
     * @see <a href="https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm">NIST,
     *     Detection of Outliers (Iglewicz and Hoaglin's modified z-score)</a>
     */
    ROBUST(3.5),

    /** An exponentially weighted mean and deviation, alpha = 2 / (N + 1). */
    EWMA(3.0),

    /** The sum of the deviations in one direction: finds a level that moves by little. */
    PAGE_HINKLEY(10.0);

    private final double threshold;

    Method(double threshold) {
      this.threshold = threshold;
    }

    /** The usual threshold. */
    public double defaultThreshold() {
      return threshold;
    }
  }

  /** The values before the current one that it is scored against. */
  public sealed interface Window {

    /** The last ones of the key, so many. */
    record Last(int values) implements Window {
      public Last {
        if (values < 1) {
          throw new IllegalArgumentException("a window of " + values + " values");
        }
      }
    }

    /**
     * Those whose time is in (t - length, t], t being the current one's.
     *
     * @param lengthMs at least 1
     * @param graceMs an event older than the newest of its partition by more than this is late:
     *     neither scored nor kept
     * @param maxValues how many are kept at most of a key's field; the oldest go first
     */
    record Within(long lengthMs, long graceMs, int maxValues) implements Window {
      public Within {
        if (lengthMs < 1 || graceMs < 0 || maxValues < 1) {
          throw new IllegalArgumentException("a window of " + lengthMs + " ms");
        }
      }

      /** How much older than the newest event a value may be and still matter. */
      public long keepMs() {
        return lengthMs > Long.MAX_VALUE - graceMs ? Long.MAX_VALUE : lengthMs + graceMs;
      }
    }
  }

  public ZScoring {
    if (minSamples < 1 || !(threshold > 0) || !(tolerance >= 0)) {
      throw new IllegalArgumentException("no scoring by " + minSamples + ", " + threshold);
    }
    if (window instanceof Window.Last last
        && (method == Method.ZSCORE || method == Method.ROBUST)
        && minSamples > last.values()) {
      throw new IllegalArgumentException("no more values are kept than " + last.values());
    }
    if (method == Method.EWMA && !(window instanceof Window.Last)) {
      throw new IllegalArgumentException("the span of method ewma is a number of values");
    }
  }

  /** Scoring against the mean of the last values. */
  public static ZScoring byLast(
      int window, int minSamples, double threshold, boolean flagsFirstChange) {
    return new ZScoring(
        Method.ZSCORE, new Window.Last(window), minSamples, threshold, flagsFirstChange, 0);
  }

  /** How much older than the newest event a value may be and matter; empty for any age. */
  public OptionalLong keepsMs() {
    return window instanceof Window.Within within && method != Method.PAGE_HINKLEY
        ? OptionalLong.of(within.keepMs())
        : OptionalLong.empty();
  }

  Series newSeries(ExactScore exact) {
    return switch (method) {
      case EWMA -> new Ewma(2.0 / (((Window.Last) window).values() + 1.0));
      case PAGE_HINKLEY -> new PageHinkley(minSamples, tolerance, threshold);
      case ZSCORE, ROBUST ->
          window instanceof Window.Last last
              ? method == Method.ZSCORE
                  ? new LastValues(last.values(), exact)
                  : new SortedValues(last.values())
              : new TimedValues((Window.Within) window, method == Method.ROBUST ? null : exact);
    };
  }
}
