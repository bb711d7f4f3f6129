package dev.tributary.redis.write;

import dev.tributary.common.metrics.Metrics;
import dev.tributary.common.metrics.RecentTimes;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a task has done, as the MBean {@code tributary.redis:type=sink-task-metrics,connector=...,
 * task=...}. The task's thread counts, JMX clients read.
 */
public final class SinkMetrics implements AutoCloseable {
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong skipped = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong commands = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong batched = new AtomicLong();
  private final AtomicLong lastBatch = new AtomicLong();
  private final AtomicLong retries = new AtomicLong();
  private final RecentTimes latency = new RecentTimes();
  private final Metrics bean;

  /** Shows the counters of one task. */
  public SinkMetrics(String connector, String task) {
    bean =
        Metrics.in("tributary.redis", "sink-task-metrics")
            .tag("connector", connector)
            .tag("task", task)
            .count("RecordsWritten", "Records that are in Redis.", written::get)
            .count(
                "RecordsSkippedAsOld",
                "Records that changed nothing, as Redis had them or later ones already.",
                skipped::get)
            .count(
                "RecordsRejected",
                "Records that can never be written, and went to the dead letter queue.",
                rejected::get)
            .count("Commands", "Commands sent, a script as one.", commands::get)
            .count("BytesSent", "Bytes of commands sent.", bytes::get)
            .count("Batches", "Pipelines written.", batches::get)
            .count("LastBatchSize", "Records in the last pipeline.", lastBatch::get)
            .number(
                "AverageBatchSize",
                "Records in a pipeline on average since the start.",
                () -> batches.get() == 0 ? 0 : (double) batched.get() / batches.get())
            .count(
                "Retries",
                "Pipelines that had to be sent again, in whole or in part.",
                retries::get)
            .number(
                "BatchLatencyP50Ms",
                "Milliseconds from sending a pipeline to its last reply, median of the last minute.",
                () -> latency.percentileMillis(50))
            .number(
                "BatchLatencyP99Ms",
                "Milliseconds from sending a pipeline to its last reply, 99th percentile of the"
                    + " last minute.",
                () -> latency.percentileMillis(99))
            .register();
  }

  /** The name that the MBean is registered under. */
  public String name() {
    return bean.name();
  }

  void written(int records) {
    written.addAndGet(records);
  }

  void skipped(int records) {
    skipped.addAndGet(records);
  }

  void rejected() {
    rejected.incrementAndGet();
  }

  void exchanged(long nanos, int calls, long bytesSent) {
    latency.record(nanos);
    commands.addAndGet(calls);
    bytes.addAndGet(bytesSent);
  }

  void batch(int records) {
    batches.incrementAndGet();
    batched.addAndGet(records);
    lastBatch.set(records);
  }

  void retried() {
    retries.incrementAndGet();
  }

  @Override
  public void close() {
    bean.close();
  }
}
