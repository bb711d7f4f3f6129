package dev.tributary.postgres.incremental;

import dev.tributary.postgres.catalog.TableName;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the incremental snapshot has got, for metrics and the log. Written by the thread that
 * streams, read by any.
 */
public final class IncrementalProgress {
  private static final Logger log = LoggerFactory.getLogger(IncrementalProgress.class);
  private static final long TELL_NANOS = Duration.ofSeconds(10).toNanos();

  private final LongSupplier nanoTime;
  private volatile IncrementalState state = IncrementalState.NONE;
  private volatile String table = "";
  private volatile long rows;
  private volatile long expected = -1;
  private volatile double rate;
  private long tableSince;
  private long sinceRows;
  private long told;

  public IncrementalProgress() {
    this(System::nanoTime);
  }

  IncrementalProgress(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    told = nanoTime.getAsLong();
  }

  void show(IncrementalState now) {
    state = now;
  }

  void read(TableName name, long rowsOfTable, long estimate, long count) {
    long now = nanoTime.getAsLong();
    if (!name.toString().equals(table)) {
      table = name.toString();
      tableSince = now;
      sinceRows = rowsOfTable - count;
    }
    rows = rowsOfTable;
    expected = estimate;
    rate = (rowsOfTable - sinceRows) * 1e9 / Math.max(1, now - tableSince);
    if (now - told >= TELL_NANOS) {
      told = now;
      log.info("Incremental snapshot of {}", this);
    }
  }

  /** For the log: {@code table public.a: 500 rows of about 1000 (50.0 %), 50 rows/s, ...}. */
  @Override
  public String toString() {
    return "table "
        + table
        + ": "
        + rows
        + " rows"
        + (expected > 0 ? String.format(" of about %d (%.1f %%)", expected, percent()) : "")
        + String.format(", %.0f rows/s", rate)
        + (remaining() == null ? "" : ", about " + remaining().toSeconds() + " s to go")
        + ", "
        + tablesLeft()
        + " tables left";
  }

  public boolean isRunning() {
    return state.isActive() && !state.paused();
  }

  public boolean isPaused() {
    return state.paused();
  }

  /** How many tables are left, with the one being read. */
  public int tablesLeft() {
    return state.tables().size();
  }

  /** The table read last; empty for none. */
  public String table() {
    return table;
  }

  /** Rows of that table emitted. */
  public long rows() {
    return rows;
  }

  /** Rows a second, of that table. */
  public double rate() {
    return rate;
  }

  /** 0 to 100, of that table, by the server's estimate; NaN where it has none. */
  public double percent() {
    return expected <= 0 ? Double.NaN : Math.min(100, 100.0 * rows / expected);
  }

  /** What is left of that table at the rate so far; null where that is not known. */
  public Duration remaining() {
    return expected <= rows || rate < 1
        ? null
        : Duration.ofMillis((long) ((expected - rows) * 1000 / rate));
  }
}
