package dev.tributary.transforms.zscore;

import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;

/**
 * The exponentially weighted mean and deviation of one key's field: mean += alpha d, variance = (1
 * - alpha)(variance + alpha d²), d being a value's distance from the mean before it. The first
 * value is the first mean.
 *
 * @see <a href="https://fanf2.user.srcf.net/hermes/doc/antiforgery/stats.pdf">Finch, Incremental
 *     calculation of weighted mean and variance (2009), section 9</a>
 */
final class Ewma implements Series {
  private final double alpha;
  private int samples;
  private double mean;
  private double variance;

  Ewma(double alpha) {
    this.alpha = alpha;
  }

  @Override
  public int samples(long time) {
    return samples;
  }

  @Override
  public double score(double value, long time) {
    return Distance.of(value, mean, Math.sqrt(variance));
  }

  @Override
  public boolean wasConstant() {
    return variance == 0;
  }

  @Override
  public void add(double value, long time) {
    if (samples == 0) {
      mean = value;
    } else {
      double distance = value - mean;
      double step = alpha * distance;
      double next = (1 - alpha) * (variance + distance * step);
      if (!Double.isFinite(next)) {
        return; // too far off to take in
      }
      mean += step;
      variance = next;
    }
    samples = samples == Integer.MAX_VALUE ? samples : samples + 1;
  }

  @Override
  public long bytes() {
    return 48;
  }

  @Override
  public void write(StateOutput out) {
    out.number(samples);
    out.real(mean);
    out.real(variance);
  }

  @Override
  public void read(StateInput in) {
    samples = in.size();
    mean = in.real();
    variance = in.real();
  }
}
