package dev.tributary.postgres;

import dev.tributary.common.Versions;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.record.RecordFactory;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** The one task of the connector; {@link StartedTask} does the work. */
public final class PgLogicalSourceTask extends SourceTask {
  private volatile StartedTask started;

  @Override
  public String version() {
    return Versions.of(PgLogicalSourceTask.class);
  }

  @Override
  public void start(Map<String, String> properties) {
    PgSourceConfig config = new PgSourceConfig(properties);
    Map<String, String> partition = RecordFactory.partition(config.topicPrefix());
    started =
        new StartedTask(
            config,
            () -> context.offsetStorageReader().offset(partition),
            context.transactionContext());
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    StartedTask task = started;
    return task == null ? null : task.poll();
  }

  @Override
  public void commitRecord(SourceRecord sent, RecordMetadata where) {
    StartedTask task = started;
    if (task != null) {
      task.acknowledged(sent, where);
    }
  }

  @Override
  public void commit() {
    StartedTask task = started;
    if (task != null) {
      task.stored();
    }
  }

  @Override
  public void stop() {
    StartedTask task = started;
    started = null;
    if (task != null) {
      task.close();
    }
  }
}
