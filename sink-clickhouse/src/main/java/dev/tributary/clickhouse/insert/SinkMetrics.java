package dev.tributary.clickhouse.insert;

import dev.tributary.common.metrics.Metrics;
import dev.tributary.common.metrics.RecentTimes;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What a task counts, shown over JMX as {@code
 * tributary.clickhouse:type=sink-task-metrics,connector=NAME,task=N}. The task's thread writes, JMX
 * clients read.
 */
public final class SinkMetrics implements AutoCloseable {
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong inserts = new AtomicLong();
  private final AtomicLong retries = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong duplicates = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private final RecentTimes times = new RecentTimes();
  private final LongSupplier nanoTime;
  private final Metrics metrics;
  private volatile long bufferedRows;
  private volatile long bufferedBytes;
  private volatile long oldestNanos;
  private volatile long underWay;

  public SinkMetrics(String connector, String task, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.metrics =
        Metrics.in("tributary.clickhouse", "sink-task-metrics")
            .tag("connector", connector)
            .tag("task", task)
            .count("rows-total", "Rows that were inserted", rows::get)
            .count("bytes-total", "Bytes of them, not compressed", bytes::get)
            .count("inserts-total", "Inserts that were made", inserts::get)
            .number("rows-per-insert", "Rows of an insert on average", this::rowsPerInsert)
            .number(
                "insert-latency-ms-p50",
                "Duration of half of the last minute's inserts at most",
                () -> times.percentileMillis(50))
            .number(
                "insert-latency-ms-p99",
                "Duration of 99 % of the last minute's inserts at most",
                () -> times.percentileMillis(99))
            .count("retries-total", "Requests that failed and were made again", retries::get)
            .count("rejected-total", "Records that could not be written", rejected::get)
            .count(
                "duplicates-skipped-total",
                "Rows that were not written as the table had them",
                duplicates::get)
            .count(
                "skipped-total",
                "Records that were left out as their topic has no table",
                skipped::get)
            .count("buffered-rows", "Rows that are held, in an insert or before one", this::held)
            .count("buffered-bytes", "Bytes of them in memory", () -> bufferedBytes)
            .count("oldest-buffered-age-ms", "How long the oldest is held", this::oldestMillis)
            .count("inserts-under-way", "Inserts that the server has not answered", this::underWay)
            .register();
  }

  private double rowsPerInsert() {
    long count = inserts.get();
    return count == 0 ? Double.NaN : (double) rows.get() / count;
  }

  private long held() {
    return bufferedRows;
  }

  private long underWay() {
    return underWay;
  }

  private long oldestMillis() {
    long since = oldestNanos;
    return bufferedRows == 0 ? 0 : Math.max(0, (nanoTime.getAsLong() - since) / 1_000_000);
  }

  void inserted(long rowCount, long duplicateCount, long byteCount, long nanos) {
    inserts.incrementAndGet();
    rows.addAndGet(rowCount - duplicateCount);
    duplicates.addAndGet(duplicateCount);
    bytes.addAndGet(byteCount);
    times.record(nanos);
  }

  void retried() {
    retries.incrementAndGet();
  }

  void rejected() {
    rejected.incrementAndGet();
  }

  void duplicate() {
    duplicates.incrementAndGet();
  }

  void skipped() {
    skipped.incrementAndGet();
  }

  void holds(long rowCount, long byteCount, long sinceNanos, long insertsUnderWay) {
    oldestNanos = sinceNanos;
    bufferedBytes = byteCount;
    bufferedRows = rowCount;
    underWay = insertsUnderWay;
  }

  @Override
  public void close() {
    metrics.close();
  }
}
