package dev.tributary.clickhouse;

import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.insert.Delivery;
import dev.tributary.clickhouse.insert.SinkMetrics;
import dev.tributary.common.Versions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;

/** The lifecycle of one task; {@link Delivery} does its work. */
public final class ClickHouseSinkTask extends SinkTask {
  private ClickHouse server;
  private Delivery delivery;
  private SinkMetrics metrics;

  @Override
  public String version() {
    return Versions.of(ClickHouseSinkTask.class);
  }

  @Override
  public void start(Map<String, String> props) {
    SinkConfig config = new SinkConfig(props);
    boolean tolerated = "all".equalsIgnoreCase(props.get("errors.tolerance"));
    String connector = props.getOrDefault("name", "clickhouse");
    server = new ClickHouse(config);
    try {
      metrics =
          new SinkMetrics(
              connector,
              props.getOrDefault(ClickHouseSinkConnector.TASK_NUMBER, "0"),
              System::nanoTime);
      delivery = new Delivery(config, connector, tolerated, server, context, metrics);
      checkServer(config);
    } catch (RuntimeException e) {
      stop();
      throw e;
    }
  }

  private void checkServer(SinkConfig config) {
    try {
      List<ServerCheck.Problem> problems = ServerCheck.ask(server, config, List.of());
      if (!problems.isEmpty()) {
        throw ServerCheck.failure(problems.get(0));
      }
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
    if (delivery != null) {
      delivery.stop();
      delivery = null;
    }
    if (metrics != null) {
      metrics.close();
      metrics = null;
    }
    if (server != null) {
      server.close();
      server = null;
    }
  }
}
