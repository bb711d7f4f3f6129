package dev.tributary.postgres;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Runs a connector's task as a worker does, with offsets in memory. */
final class TaskRunner implements AutoCloseable {
  private final SourceTask task;
  private final Store store;
  private Map<String, ?> partition;
  private Map<String, ?> last;

  /** What a worker's offset topic holds; outlives a runner. */
  static final class Store implements OffsetStorageReader {
    private final Map<Map<String, ?>, Map<String, Object>> offsets = new ConcurrentHashMap<>();

    @Override
    public <T> Map<String, Object> offset(Map<String, T> partition) {
      return offsets.get(partition);
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
      partitions.forEach(partition -> found.put(partition, offsets.get(partition)));
      return found;
    }

    void put(Map<String, ?> partition, Map<String, ?> offset) {
      offsets.put(partition, new HashMap<>(offset));
    }
  }

  TaskRunner(Class<? extends Connector> type, Map<String, String> config, Store store)
      throws ReflectiveOperationException {
    this.store = store;
    Connector connector = type.getDeclaredConstructor().newInstance();
    connector.start(config);
    Map<String, String> taskConfig = connector.taskConfigs(1).get(0);
    task = (SourceTask) connector.taskClass().getDeclaredConstructor().newInstance();
    task.initialize(new Context(taskConfig, store));
    task.start(taskConfig);
  }

  private record Context(Map<String, String> configs, OffsetStorageReader offsetStorageReader)
      implements SourceTaskContext {
    @Override
    public PluginMetrics pluginMetrics() {
      return null;
    }
  }

  /** Polls once. */
  List<SourceRecord> poll() throws InterruptedException {
    List<SourceRecord> records = task.poll();
    if (records == null || records.isEmpty()) {
      return List.of();
    }
    SourceRecord end = records.get(records.size() - 1);
    partition = end.sourcePartition();
    last = end.sourceOffset();
    return records;
  }

  /** Polls until the records so far satisfy the condition, and returns all of them. */
  List<SourceRecord> pollUntil(Duration within, Predicate<List<SourceRecord>> enough)
      throws InterruptedException {
    List<SourceRecord> records = new ArrayList<>();
    long deadline = System.nanoTime() + within.toNanos();
    while (!enough.test(records)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("only " + records.size() + " records within " + within);
      }
      records.addAll(poll());
    }
    return records;
  }

  /** Tells the task of so many records, whichever, that the broker has them. */
  void acknowledge(int records) throws InterruptedException {
    for (int i = 0; i < records; i++) {
      task.commitRecord(null, null);
    }
  }

  /** Tells the task that the broker has the records. */
  void sent(List<SourceRecord> records) throws InterruptedException {
    for (SourceRecord record : records) {
      TopicPartition partition = new TopicPartition(record.topic(), 0);
      task.commitRecord(record, new RecordMetadata(partition, 0, 0, 0, 0, 0));
    }
  }

  /** Stores the offset of the last record that was polled, as a worker does every minute. */
  void storeOffsets() throws InterruptedException {
    if (last != null) {
      store.put(partition, last);
    }
    task.commit();
  }

  @Override
  public void close() {
    task.stop();
  }
}
