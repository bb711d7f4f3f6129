package dev.tributary.redis;

import dev.tributary.common.Versions;
import dev.tributary.redis.config.RedisSinkConfig;
import dev.tributary.redis.write.ConnectionCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * Writes rows and features to Redis: one hash per key, with TTL, in the order of the log, and with
 * the same result however often a record comes.
 */
public final class RedisFeatureSinkConnector extends SinkConnector {
  private Map<String, String> properties;

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public ConfigDef config() {
    return RedisSinkConfig.CONFIG_DEF;
  }

  @Override
  public Class<? extends Task> taskClass() {
    return RedisFeatureSinkTask.class;
  }

  @Override
  public void start(Map<String, String> given) {
    properties = Map.copyOf(given);
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return IntStream.range(0, maxTasks).mapToObj(task -> properties).toList();
  }

  @Override
  public void stop() {
    // the tasks hold all there is
  }

  /**
   * Checks every setting, then, if all are right, whether the server lets us in. A server that is
   * away is no error, as the tasks wait for it.
   */
  @Override
  public Config validate(Map<String, String> given) {
    Config config = super.validate(given);
    if (config.configValues().stream().anyMatch(value -> !value.errorMessages().isEmpty())) {
      return config;
    }
    List<RedisSinkConfig.Problem> problems = RedisSinkConfig.problemsOf(given);
    problems.forEach(problem -> value(config, problem.key()).addErrorMessage(problem.message()));
    if (problems.isEmpty()) {
      Optional<RedisSinkConfig.Problem> refusal = ConnectionCheck.run(new RedisSinkConfig(given));
      refusal.ifPresent(problem -> value(config, problem.key()).addErrorMessage(problem.message()));
    }
    return config;
  }

  private static ConfigValue value(Config config, String key) {
    return config.configValues().stream()
        .filter(value -> value.name().equals(key))
        .findFirst()
        .orElseThrow();
  }
}
