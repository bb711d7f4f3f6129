package dev.tributary.redis;

import dev.tributary.common.Versions;
import dev.tributary.redis.config.RedisSinkConfig;
import dev.tributary.redis.link.RedisLink;
import dev.tributary.redis.link.Sources;
import dev.tributary.redis.write.RecordWriter;
import dev.tributary.redis.write.Rejections;
import dev.tributary.redis.write.ReplicaWait;
import dev.tributary.redis.write.RetryLaterException;
import dev.tributary.redis.write.SinkMetrics;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.apache.kafka.connect.sink.SinkTaskContext;

/**
 * The lifecycle of a {@link RecordWriter}.
 *
 * <p>{@link #put} returns when all its records are in Redis or rejected, so that what Connect may
 * commit is what it has given. In an outage {@code put} throws, and Connect gives the same records
 * again after the time asked for; in between it polls, so that the task keeps its partitions
 * however long the outage, and can be stopped.
 */
public final class RedisFeatureSinkTask extends SinkTask {
  private RedisSinkConfig config;
  private RecordWriter writer;

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public void start(Map<String, String> properties) {
    config = new RedisSinkConfig(properties);
    RedisLink.Source source;
    try {
      source = Sources.of(config.connection());
    } catch (IllegalArgumentException e) {
      throw new ConnectException(config.tlsKey() + ": " + e.getMessage(), e);
    }
    writer =
        new RecordWriter(
            plan(),
            source,
            new Rejections(reporter(context)),
            offsets -> context.offset(offsets),
            new SinkMetrics(config.connectorName(), properties.getOrDefault(TaskNumber.KEY, "0")));
    writer.start();
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    writer.assigned(
        partitions.stream().filter(partition -> config.keepsOffsets(partition.topic())).toList());
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    try {
      writer.write(records);
    } catch (RetryLaterException e) {
      context.timeout(e.delay().toMillis());
      throw e;
    }
  }

  @Override
  public void close(Collection<TopicPartition> partitions) {
    if (writer != null) {
      writer.revoked(partitions);
    }
  }

  @Override
  public void stop() {
    if (writer != null) {
      writer.close();
    }
  }

  private RecordWriter.Plan plan() {
    return new RecordWriter.Plan(
        config::encoder,
        config.versions(),
        config.hashCommands(),
        config.applyCommands(),
        new ReplicaWait(config.waitReplicas(), config.waitTimeout()),
        config.batchSize(),
        config.backoff(),
        config.connection().cluster(),
        config.connection().needed());
  }

  /** Null where a worker is too old to have one. */
  private static ErrantRecordReporter reporter(SinkTaskContext context) {
    try {
      return context.errantRecordReporter();
    } catch (NoSuchMethodError | NoClassDefFoundError e) {
      return null;
    }
  }
}
