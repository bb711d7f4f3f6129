package dev.tributary.clickhouse;

import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.common.Versions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/** Writes Kafka records into ClickHouse tables: events as they come, or a mirror of a table. */
public final class ClickHouseSinkConnector extends SinkConnector {
  /** Tells a task its number, for the names of its metrics. */
  static final String TASK_NUMBER = "tributary.task.number";

  private Map<String, String> properties;

  @Override
  public String version() {
    return Versions.of(ClickHouseSinkConnector.class);
  }

  @Override
  public void start(Map<String, String> props) {
    properties = Map.copyOf(props);
  }

  @Override
  public Class<? extends Task> taskClass() {
    return ClickHouseSinkTask.class;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    List<Map<String, String>> configs = new ArrayList<>();
    for (int i = 0; i < maxTasks; i++) {
      Map<String, String> config = new HashMap<>(properties);
      config.put(TASK_NUMBER, String.valueOf(i));
      configs.add(config);
    }
    return configs;
  }

  @Override
  public void stop() {
    // nothing runs here
  }

  @Override
  public ConfigDef config() {
    return SinkConfig.CONFIG_DEF;
  }

  /** Checks every key, and if all are well, whether the server and its tables go with them. */
  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    Config config = super.validate(connectorConfigs);
    boolean sound =
        config.configValues().stream().allMatch(value -> value.errorMessages().isEmpty());
    if (sound) {
      for (ServerCheck.Problem problem :
          ServerCheck.run(new SinkConfig(connectorConfigs), topics(connectorConfigs))) {
        config.configValues().stream()
            .filter(value -> value.name().equals(problem.key()))
            .forEach(value -> value.addErrorMessage(problem.message()));
      }
    }
    return config;
  }

  private static List<String> topics(Map<String, String> properties) {
    return Arrays.stream(properties.getOrDefault("topics", "").split(",", -1))
        .map(String::strip)
        .filter(topic -> !topic.isEmpty())
        .toList();
  }
}
