package dev.tributary.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;

/** A task with what a worker does around it: gives records again until they are taken. */
final class TaskHarness implements AutoCloseable {
  private final RedisFeatureSinkTask task = new RedisFeatureSinkTask();
  private final Context context;
  private final Map<String, String> config = new HashMap<>();

  /**
   * A task that is not started yet.
   *
   * @param tolerant whether rejected records are collected; if not they fail the task
   */
  TaskHarness(String uri, boolean tolerant, String... settings) {
    config.put("name", "sink");
    config.put("redis.uri", uri);
    config.put("redis.key", "user_features:${user_id}");
    config.put("redis.retry.backoff.ms", "10");
    config.put("redis.retry.backoff.max.ms", "50");
    for (int i = 0; i < settings.length; i += 2) {
      config.put(settings[i], settings[i + 1]);
    }
    context = new Context(config, tolerant);
    task.initialize(context);
  }

  /** A task with no settings but the given ones. */
  static TaskHarness plain(String name, String... settings) {
    TaskHarness harness = new TaskHarness("", false, settings);
    harness.config.keySet().retainAll(Set.copyOf(Arrays.asList(settings)));
    harness.config.put("name", name);
    return harness;
  }

  TaskHarness start() {
    task.start(config);
    return this;
  }

  void put(SinkRecord... records) {
    put(Arrays.asList(records));
  }

  /** As a worker does it: what could not be written comes again, all of it. */
  void put(List<SinkRecord> records) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try {
        task.put(records);
        return;
      } catch (RetriableException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        pause(context.timeout);
      }
    }
  }

  /**
   * Reads one partition's log as a worker does, from the given index on: in polls of a size, and
   * from where the task wants to read on. A record's offset is its index.
   */
  void follow(List<SinkRecord> log, int from, int poll) {
    int at = from;
    while (true) {
      Map<TopicPartition, Long> asked = rewinds();
      if (!asked.isEmpty()) {
        at = asked.values().iterator().next().intValue();
      }
      if (at >= log.size()) {
        put(List.of());
        if (context.rewinds.isEmpty()) {
          return;
        }
        continue;
      }
      int end = Math.min(log.size(), at + poll);
      put(log.subList(at, end));
      at = end;
    }
  }

  /** One attempt. */
  void putOnce(List<SinkRecord> records) {
    task.put(records);
  }

  /** Gives the task partitions, as a rebalance does. */
  TaskHarness open(TopicPartition... partitions) {
    task.open(Arrays.asList(partitions));
    return this;
  }

  /** Where the task wants to read on since this was last asked. */
  Map<TopicPartition, Long> rewinds() {
    Map<TopicPartition, Long> asked = new HashMap<>(context.rewinds);
    context.rewinds.clear();
    return asked;
  }

  List<Rejected> rejected() {
    return context.rejected;
  }

  @Override
  public void close() {
    task.stop();
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  record Rejected(SinkRecord record, Throwable error) {}

  private static final class Context implements SinkTaskContext {
    private final Map<String, String> config;
    private final boolean tolerant;
    private final List<Rejected> rejected = new ArrayList<>();
    private final Map<TopicPartition, Long> rewinds = new HashMap<>();
    private volatile long timeout;

    Context(Map<String, String> config, boolean tolerant) {
      this.config = config;
      this.tolerant = tolerant;
    }

    @Override
    public Map<String, String> configs() {
      return Collections.unmodifiableMap(config);
    }

    @Override
    public void offset(Map<TopicPartition, Long> offsets) {
      rewinds.putAll(offsets);
    }

    @Override
    public void offset(TopicPartition partition, long offset) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void timeout(long timeoutMs) {
      timeout = timeoutMs;
    }

    @Override
    public Set<TopicPartition> assignment() {
      return Set.of();
    }

    @Override
    public void pause(TopicPartition... partitions) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void resume(TopicPartition... partitions) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void requestCommit() {
      throw new UnsupportedOperationException();
    }

    @Override
    public ErrantRecordReporter errantRecordReporter() {
      return tolerant ? this::report : null;
    }

    @Override
    public PluginMetrics pluginMetrics() {
      throw new UnsupportedOperationException();
    }

    private Future<Void> report(SinkRecord record, Throwable error) {
      rejected.add(new Rejected(record, error));
      return CompletableFuture.completedFuture(null);
    }
  }
}
