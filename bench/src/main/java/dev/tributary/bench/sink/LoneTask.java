package dev.tributary.bench.sink;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** A sink task with one partition, driven by hand. Measures the time that it is busy. */
public final class LoneTask implements AutoCloseable {
  private static final long GIVE_UP_NANOS = 120_000_000_000L;

  private final SinkTask task;
  private final TopicPartition partition;
  private long nanos;
  private long end;

  /** Starts the task. */
  public LoneTask(SinkTask task, TopicPartition partition, Map<String, String> config) {
    this.task = task;
    this.partition = partition;
    task.initialize(new LoneContext(config, partition));
    task.start(config);
    task.open(List.of(partition));
  }

  /** Puts records, which end at the offset before {@code end}. */
  public void put(Collection<SinkRecord> records, long end) {
    long before = System.nanoTime();
    task.put(records);
    nanos += System.nanoTime() - before;
    this.end = end;
  }

  /**
   * Waits until the task lets all that was put be committed, which is part of its time.
   *
   * @throws IllegalStateException if that takes minutes
   */
  public void finish() {
    finish(end);
  }

  /**
   * Waits until the task lets so much of what was put be committed, which is part of its time.
   *
   * @return the offset that can be committed then
   * @throws IllegalStateException if that takes minutes
   */
  public long finish(long enough) {
    long before = System.nanoTime();
    long written = committable();
    while (written < enough) {
      if (System.nanoTime() - before > GIVE_UP_NANOS) {
        throw new IllegalStateException("the task does not write what it was given");
      }
      task.put(List.of());
      written = committable();
    }
    nanos += System.nanoTime() - before;
    return written;
  }

  private long committable() {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        task.preCommit(Map.of(partition, new OffsetAndMetadata(end)));
    OffsetAndMetadata offset = offsets.get(partition);
    return offset == null ? -1 : offset.offset();
  }

  /** How long put and finish have taken. */
  public double seconds() {
    return nanos / 1e9;
  }

  @Override
  public void close() {
    task.close(List.of(partition));
    task.stop();
  }
}
