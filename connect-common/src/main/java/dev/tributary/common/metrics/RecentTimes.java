package dev.tributary.common.metrics;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/**
 * The durations of about the last minute, and their percentiles to two digits.
 *
 * <p>Thread-safe: a task records, JMX clients read.
 */
public final class RecentTimes {
  private static final int SLICES = 6;
  private static final long SLICE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long MAX_MICROS = Duration.ofHours(1).toNanos() / 1000;

  private final LongSupplier nanoTime;
  private final Histogram[] slices = new Histogram[SLICES];
  private final Histogram sum = new Histogram(MAX_MICROS, 2);
  private long slice;

  /** Durations of about the last minute by the JVM's clock. */
  public RecentTimes() {
    this(System::nanoTime);
  }

  RecentTimes(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.slice = Math.floorDiv(nanoTime.getAsLong(), SLICE_NANOS);
    for (int i = 0; i < SLICES; i++) {
      slices[i] = new Histogram(MAX_MICROS, 2);
    }
  }

  /** Records a duration in nanoseconds; more than an hour counts as an hour. */
  public synchronized void record(long nanos) {
    forgetOld();
    slices[Math.floorMod(slice, SLICES)].recordValue(
        Math.min(MAX_MICROS, Math.max(0, nanos / 1000)));
  }

  /**
   * A percentile in milliseconds; NaN where nothing was recorded in the last minute.
   *
   * @param percentile 0 to 100
   */
  public synchronized double percentileMillis(double percentile) {
    forgetOld();
    sum.reset();
    for (Histogram each : slices) {
      sum.add(each);
    }
    return sum.getTotalCount() == 0 ? Double.NaN : sum.getValueAtPercentile(percentile) / 1000.0;
  }

  private void forgetOld() {
    long now = Math.floorDiv(nanoTime.getAsLong(), SLICE_NANOS);
    long first = Math.max(slice + 1, now - SLICES + 1);
    for (long each = first; each <= now; each++) {
      slices[Math.floorMod(each, SLICES)].reset();
    }
    slice = Math.max(slice, now);
  }
}
