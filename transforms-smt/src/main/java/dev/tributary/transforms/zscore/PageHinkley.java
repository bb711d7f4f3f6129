package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;

/**
 * The Page-Hinkley test for a change of level, in both directions: sums of how far values lie above
 * (below) the mean of all values since the last change, less a tolerance; never below 0. Distances
 * are counted in the standard deviation of those values, so that thresholds know no units. Once a
 * sum is above the threshold the level has changed, and all begins anew.
 *
 * @see <a href="https://doi.org/10.1093/biomet/41.1-2.100">Page, Continuous inspection schemes
 *     (1954)</a>
 */
final class PageHinkley implements Series {
  private final int minSamples;
  private final double tolerance;
  private final double threshold;
  private int samples;
  private double mean;
  private double squares;
  private double above;
  private double below;

  PageHinkley(int minSamples, double tolerance, double threshold) {
    this.minSamples = minSamples;
    this.tolerance = tolerance;
    this.threshold = threshold;
  }

  @Override
  public int samples(long time) {
    return samples;
  }

  /** The greater sum with this value; negative if it is the one of values below. */
  @Override
  public double score(double value, long time) {
    double deviation = deviation();
    double distance = Distance.of(value, mean, deviation);
    if (deviation == 0 || Double.isNaN(distance)) {
      return distance;
    }
    double up = Math.max(0, above + distance - tolerance);
    double down = Math.max(0, below - distance - tolerance);
    return up >= down ? up : -down;
  }

  @Override
  public boolean wasConstant() {
    return deviation() == 0;
  }

  private double deviation() {
    return Math.sqrt(squares / samples);
  }

  @Override
  public void add(double value, long time) {
    if (samples >= minSamples) {
      double deviation = deviation();
      double distance = (value - mean) / deviation;
      if (deviation > 0 && Double.isFinite(distance)) {
        double up = Math.max(0, above + distance - tolerance);
        double down = Math.max(0, below - distance - tolerance);
        if (Math.max(up, down) > threshold) {
          reset();
          return;
        }
        above = up;
        below = down;
      }
    }
    double step = value - mean;
    double nextMean = mean + step / (samples + 1);
    double next = squares + step * (value - nextMean);
    if (Double.isFinite(next)) {
      samples++;
      mean = nextMean;
      squares = next;
    }
  }

  private void reset() {
    samples = 0;
    mean = 0;
    squares = 0;
    above = 0;
    below = 0;
  }

  @Override
  public long bytes() {
    return 80;
  }

  @Override
  public void write(StateOutput out) {
    out.number(samples);
    out.real(mean);
    out.real(squares);
    out.real(above);
    out.real(below);
  }

  @Override
  public void read(StateInput in) {
    samples = in.size();
    mean = in.real();
    squares = in.real();
    above = in.real();
    below = in.real();
  }
}
