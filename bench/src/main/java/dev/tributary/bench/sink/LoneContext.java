package dev.tributary.bench.sink;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkTaskContext;

/**
 * What a sink task sees of a worker that has given it one partition and tolerates no error. What
 * the task asks for (a pause, a rewind) is an error here: a benchmark that it happens to measures
 * something else.
 */
final class LoneContext implements SinkTaskContext {
  private final Map<String, String> config;
  private final TopicPartition partition;

  LoneContext(Map<String, String> config, TopicPartition partition) {
    this.config = config;
    this.partition = partition;
  }

  @Override
  public Map<String, String> configs() {
    return config;
  }

  @Override
  public Set<TopicPartition> assignment() {
    return Set.of(partition);
  }

  @Override
  public void offset(Map<TopicPartition, Long> offsets) {
    offsets.forEach(this::offset);
  }

  /** A fresh task may ask for the offset that it would get anyway. */
  @Override
  public void offset(TopicPartition tp, long offset) {
    if (offset != 0) {
      throw new IllegalStateException("the task rewinds to offset " + offset);
    }
  }

  @Override
  public void timeout(long timeoutMs) {
    // the next put comes when it comes
  }

  @Override
  public void pause(TopicPartition... partitions) {
    throw new IllegalStateException("the task pauses its partition, so it is in an outage");
  }

  @Override
  public void resume(TopicPartition... partitions) {
    // nothing is paused
  }

  @Override
  public void requestCommit() {
    // the harness asks for offsets itself
  }

  @Override
  public PluginMetrics pluginMetrics() {
    throw new UnsupportedOperationException("no worker, no metrics of one");
  }

  @Override
  public ErrantRecordReporter errantRecordReporter() {
    return null;
  }
}
