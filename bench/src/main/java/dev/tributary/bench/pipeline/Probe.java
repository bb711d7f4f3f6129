package dev.tributary.bench.pipeline;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Watches a target for some of the rows, evenly chosen, from each row's commit on: all that are
 * still missing are asked for at once, again and again. So a slow one delays no other's sample.
 * {@link #run} has its own thread.
 */
final class Probe implements Runnable {
  private static final int MOST_AT_ONCE = 300;

  private final Target target;
  private final IntToLongFunction committedAt;
  private final int rows;
  private final int step;
  private final long pauseNanos;
  private final long[] latencyMicros;
  private volatile boolean stopped;
  private volatile boolean complete;
  private volatile Exception failure;

  /** Where rows arrive. */
  @FunctionalInterface
  interface Target {
    /** Those of the rows that are there, or newer ones of the same user. */
    Set<Integer> arrived(List<Integer> rows) throws Exception;
  }

  /**
   * A probe.
   *
   * @param committedAt when a row was committed, by {@link System#nanoTime}; 0 while it is not
   * @param step every so many-th row is watched
   * @param pauseNanos between two questions
   */
  Probe(Target target, IntToLongFunction committedAt, int rows, int step, long pauseNanos) {
    this.target = target;
    this.committedAt = committedAt;
    this.rows = rows;
    this.step = step;
    this.pauseNanos = pauseNanos;
    this.latencyMicros = new long[(rows + step - 1) / step];
  }

  @Override
  public void run() {
    try {
      watch();
      complete = !stopped;
    } catch (Exception e) {
      failure = e;
    }
  }

  private void watch() throws Exception {
    Set<Integer> missing = new LinkedHashSet<>();
    int next = 0;
    while (!stopped && (next < rows || !missing.isEmpty())) {
      while (next < rows && missing.size() < MOST_AT_ONCE && committedAt.applyAsLong(next) != 0) {
        missing.add(next);
        next += step;
      }
      if (!missing.isEmpty()) {
        Set<Integer> there = target.arrived(new ArrayList<>(missing));
        long now = System.nanoTime();
        for (Iterator<Integer> rest = missing.iterator(); rest.hasNext(); ) {
          int row = rest.next();
          if (there.contains(row)) {
            latencyMicros[row / step] = (now - committedAt.applyAsLong(row)) / 1_000;
            rest.remove();
          }
        }
      }
      LockSupport.parkNanos(pauseNanos);
    }
  }

  /** Whether all have arrived; what went wrong is thrown. */
  boolean complete() {
    if (failure != null) {
      throw new IllegalStateException("the probe has failed", failure);
    }
    return complete;
  }

  void stop() {
    stopped = true;
  }

  /** The rows that are watched. */
  int[] watched() {
    return IntStream.range(0, latencyMicros.length).map(n -> n * step).toArray();
  }

  /** Of one that is watched. */
  long latencyMicros(int row) {
    return latencyMicros[row / step];
  }

  /** Of a part of the rows, from and to given as parts of all, in microseconds. */
  Histogram latencies(double from, double to) {
    Histogram histogram = new Histogram(3);
    for (int i = (int) (latencyMicros.length * from); i < latencyMicros.length * to; i++) {
      histogram.recordValue(Math.max(0, latencyMicros[i]));
    }
    return histogram;
  }
}
