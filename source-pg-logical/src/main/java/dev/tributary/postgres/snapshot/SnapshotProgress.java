package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.TableName;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a snapshot has got, for metrics and the log. The number of rows that are expected is the
 * server's estimate ({@code reltuples}) of the tables begun, or of all if that is known.
 *
 * <p>Thread-safe.
 */
public final class SnapshotProgress {
  private static final Logger log = LoggerFactory.getLogger(SnapshotProgress.class);
  private static final long TELL_NANOS = Duration.ofSeconds(10).toNanos();

  private final LongSupplier nanoTime;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong expected = new AtomicLong();
  private final long begun;
  private final AtomicInteger tablesDone = new AtomicInteger();
  private volatile int tables;
  private volatile String current = "";
  private volatile long ended = -1;
  private long told;

  public SnapshotProgress() {
    this(System::nanoTime);
  }

  SnapshotProgress(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    begun = nanoTime.getAsLong();
    told = begun;
  }

  /** All that is going to be read. */
  void expect(int tableCount, long rowCount) {
    tables = tableCount;
    expected.set(rowCount);
  }

  void begin(TableName table, long estimatedRows) {
    current = table.toString();
    log.info(
        "Reading table {}{}",
        table,
        estimatedRows < 0 ? "" : ", about " + estimatedRows + " rows by the server's estimate");
  }

  /** Rows were handed on; tells the log now and then. */
  void read(long count) {
    rows.addAndGet(count);
    long now = nanoTime.getAsLong();
    if (now - told >= TELL_NANOS) {
      told = now;
      log.info("{}", this);
    }
  }

  void tableDone() {
    tablesDone.incrementAndGet();
  }

  void end() {
    ended = nanoTime.getAsLong();
    log.info("Snapshot done: {}", this);
  }

  /** Rows handed on. */
  public long rows() {
    return rows.get();
  }

  /** The table begun last; empty for none. */
  public String current() {
    return current;
  }

  public int tables() {
    return tables;
  }

  public int tablesDone() {
    return tablesDone.get();
  }

  public boolean isRunning() {
    return ended < 0;
  }

  public Duration duration() {
    return Duration.ofNanos((ended < 0 ? nanoTime.getAsLong() : ended) - begun);
  }

  /** Rows a second since the beginning. */
  public double rate() {
    return rows.get() * 1e9 / Math.max(1, duration().toNanos());
  }

  /** 0 to 100; NaN where the server has no estimate. 100 only when all is read. */
  public double percent() {
    if (!isRunning()) {
      return 100;
    }
    long all = expected.get();
    return all <= 0 ? Double.NaN : Math.min(99.9, 100.0 * rows.get() / all);
  }

  /** What is left at the rate so far; null where that is not known. */
  public Duration remaining() {
    long all = expected.get();
    long done = rows.get();
    return all <= done || done == 0
        ? null
        : Duration.ofMillis((long) (duration().toMillis() * (double) (all - done) / done));
  }

  /** For the log: {@code 120000 rows of about 1000000 (12.0 %), 98000 rows/s, 9 s to go}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder().append(rows.get()).append(" rows");
    if (isRunning() && expected.get() > 0) {
      text.append(String.format(" of about %d (%.1f %%)", expected.get(), percent()));
    }
    text.append(String.format(", %.0f rows/s", rate()));
    Duration left = isRunning() ? remaining() : null;
    return left == null ? text.toString() : text + ", about " + left.toSeconds() + " s to go";
  }
}
