package dev.tributary.clickhouse;

import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.insert.Delivery;
import dev.tributary.common.Versions;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** The lifecycle of one task; {@link Delivery} does its work. */
public final class ClickHouseSinkTask extends SinkTask {
  private ClickHouse server;
  private Delivery delivery;

  @Override
  public String version() {
    return Versions.of(ClickHouseSinkTask.class);
  }

  @Override
  public void start(Map<String, String> props) {
    SinkConfig config = new SinkConfig(props);
    boolean tolerated = "all".equalsIgnoreCase(props.get("errors.tolerance"));
    server = new ClickHouse(config);
    try {
      delivery =
          new Delivery(
              config, props.getOrDefault("name", "clickhouse"), tolerated, server, context);
      checkServer(config);
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
  }

  private void checkServer(SinkConfig config) {
    try {
      ServerCheck.ask(server, config)
          .ifPresent(
              problem -> {
                throw ServerCheck.failure(problem);
              });
    } catch (RuntimeException e) {
      if (Faults.classify(e) != Fault.RETRY) {
        throw e;
      }
      delivery.startsWithoutServer(Faults.describe(e));
    }
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    delivery.open(partitions);
  }

  @Override
  public void put(Collection<SinkRecord> records) {
    delivery.put(records);
  }

  @Override
  public Map<TopicPartition, OffsetAndMetadata> preCommit(
      Map<TopicPartition, OffsetAndMetadata> currentOffsets) {
    return delivery.committable(currentOffsets);
  }

  @Override
  public void close(Collection<TopicPartition> partitions) {
    delivery.close(partitions);
  }

  @Override
  public void stop() {
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
