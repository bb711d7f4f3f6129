package dev.tributary.clickhouse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** Runs a task as a worker does: one thread, put and preCommit in turn. */
final class TestTask implements AutoCloseable {
  final ClickHouseSinkTask task = new ClickHouseSinkTask();
  final Context context;
  private final Map<TopicPartition, OffsetAndMetadata> current = new HashMap<>();

  TestTask(Map<String, String> settings, TopicPartition... partitions) {
    this(settings, false, partitions);
  }

  TestTask(Map<String, String> settings, boolean deadLetters, TopicPartition... partitions) {
    context = new Context(settings, deadLetters);
    task.initialize(context);
    task.start(settings);
    assign(partitions);
  }

  void assign(TopicPartition... partitions) {
    context.assignment.addAll(Arrays.asList(partitions));
    task.open(Arrays.asList(partitions));
  }

  void revoke(TopicPartition... partitions) {
    task.close(Arrays.asList(partitions));
    context.assignment.removeAll(Arrays.asList(partitions));
  }

  void put(SinkRecord... records) {
    put(Arrays.asList(records));
  }

  void put(Collection<SinkRecord> records) {
    for (SinkRecord record : records) {
      current.put(
          new TopicPartition(record.originalTopic(), record.originalKafkaPartition()),
          new OffsetAndMetadata(record.originalKafkaOffset() + 1));
    }
    context.timeout = -1;
    task.put(records);
  }

  /** The offset that would be committed for a partition. */
  long committed(TopicPartition partition) {
    return task.preCommit(new HashMap<>(current)).get(partition).offset();
  }

  /** Calls put as an idle worker does, until everything taken over is written. */
  void drain() {
    until(() -> task.preCommit(new HashMap<>(current)).equals(current));
  }

  /** Calls put as an idle worker does, until a condition holds. */
  void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("still not after 60 s");
      }
      long wait = context.timeout < 0 ? 5 : Math.min(context.timeout, 50);
      try {
        Thread.sleep(wait);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      put(List.of());
    }
  }

  @Override
  public void close() {
    task.stop();
  }

  /** What the worker is to a task. */
  static final class Context implements SinkTaskContext {
    final Map<String, String> settings;
    final Set<TopicPartition> assignment = new HashSet<>();
    final Set<TopicPartition> paused = new HashSet<>();
    final Map<TopicPartition, Long> rewinds = new HashMap<>();
    final List<SinkRecord> rejected = new ArrayList<>();
    final List<String> reasons = new ArrayList<>();
    private final boolean deadLetters;
    long timeout = -1;

    Context(Map<String, String> settings, boolean deadLetters) {
      this.settings = settings;
      this.deadLetters = deadLetters;
    }

    @Override
    public Map<String, String> configs() {
      return settings;
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
      rewinds.putAll(offsets);
    }

    @Override
    public void offset(TopicPartition partition, long offset) {
      rewinds.put(partition, offset);
    }

    @Override
    public void timeout(long timeoutMs) {
      timeout = timeoutMs;
    }

    @Override
    public Set<TopicPartition> assignment() {
      return assignment;
    }

    @Override
    public void pause(TopicPartition... partitions) {
      paused.addAll(Arrays.asList(partitions));
    }

    @Override
    public void resume(TopicPartition... partitions) {
      paused.removeAll(Arrays.asList(partitions));
    }

    @Override
    public void requestCommit() {
      // a test asks when it wants to know
    }

    @Override
    public ErrantRecordReporter errantRecordReporter() {
      return deadLetters ? this::report : null;
    }

    private Future<Void> report(SinkRecord record, Throwable error) {
      rejected.add(record);
      reasons.add(error.getMessage());
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public PluginMetrics pluginMetrics() {
      throw new UnsupportedOperationException("not there before Connect 4.1");
    }
  }
}
