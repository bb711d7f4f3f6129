package dev.tributary.redis;

import dev.tributary.common.Versions;
import dev.tributary.redis.config.RedisSinkConfig;
import dev.tributary.redis.write.RecordWriter;
import dev.tributary.redis.write.Rejections;
import dev.tributary.redis.write.RetryLaterException;
import dev.tributary.redis.write.StandaloneLink;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
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
  private RecordWriter writer;

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public void start(Map<String, String> properties) {
    RedisSinkConfig config = new RedisSinkConfig(properties);
    writer =
        new RecordWriter(
            StandaloneLink.source(config.address(), config.connectTimeout(), config.timeout()),
            config.encoder(),
            config.commands(),
            new Rejections(reporter(context)),
            config.batchSize(),
            config.backoff());
    writer.start();
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    writer.forget();
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    try {
      writer.write(records);
    } catch (RetryLaterException e) {
      context.timeout(e.delay().toMillis());
      throw e;
    }
  }

  @Override
  public void stop() {
    if (writer != null) {
      writer.close();
    }
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
