package dev.tributary.redis;

import dev.tributary.common.Versions;
import dev.tributary.redis.config.CompatibleKeys;
import dev.tributary.redis.config.Problem;
import dev.tributary.redis.config.Problems;
import dev.tributary.redis.config.RedisSinkConfig;
import dev.tributary.redis.config.TopicSettings;
import dev.tributary.redis.write.ConnectionCheck;
import dev.tributary.redis.write.OffsetChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows and features to Redis: hashes and all other data types, with TTL, in the order of the
 * log, and with the same result however often a record comes.
 */
public final class RedisFeatureSinkConnector extends SinkConnector {
  private static final Logger LOG = LoggerFactory.getLogger(RedisFeatureSinkConnector.class);

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
    CompatibleKeys.withoutEffect(properties).forEach(LOG::warn);
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    return IntStream.range(0, maxTasks)
        .mapToObj(
            task -> {
              Map<String, String> own = new HashMap<>(properties);
              own.put(TaskNumber.KEY, Integer.toString(task));
              return own;
            })
        .toList();
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
    List<ConfigValue> values =
        new ArrayList<>(RedisSinkConfig.CONFIG_DEF.validate(CompatibleKeys.canonical(given)));
    values.addAll(ofTopics(given));
    Config config = new Config(values);
    if (values.stream().anyMatch(value -> !value.errorMessages().isEmpty())) {
      return config;
    }
    List<Problem> problems = new ArrayList<>(Problems.of(given));
    if (problems.isEmpty()) {
      ConnectionCheck.run(new RedisSinkConfig(given)).ifPresent(problems::add);
    }
    problems.forEach(problem -> value(values, problem.key()).addErrorMessage(problem.message()));
    return config;
  }

  /**
   * Changes the offsets that are kept in Redis too, as the tasks go on there whatever Kafka has
   * stored. Versions in hashes stay: what is older than they are is passed over.
   *
   * @throws ConnectException if a setting or an offset is wrong, or Redis cannot be reached or
   *     refuses; Connect then leaves its own offsets as they are
   */
  @Override
  public boolean alterOffsets(Map<String, String> given, Map<TopicPartition, Long> offsets) {
    RedisSinkConfig config = new RedisSinkConfig(given);
    if (config.keepsOffsets()) {
      OffsetChange.run(config, offsets);
    }
    return true;
  }

  /** The settings of single topics, each under its own name. */
  private static List<ConfigValue> ofTopics(Map<String, String> given) {
    List<ConfigValue> values = new ArrayList<>();
    TopicSettings.of(given)
        .forEach(
            (topic, settings) ->
                RedisSinkConfig.CONFIG_DEF
                    .validate(CompatibleKeys.canonical(TopicSettings.merged(given, settings)))
                    .stream()
                    .filter(value -> settings.containsKey(value.name()))
                    .map(
                        value ->
                            new ConfigValue(
                                TopicSettings.name(topic, value.name()),
                                value.value(),
                                value.recommendedValues(),
                                value.errorMessages()))
                    .forEach(values::add));
    return values;
  }

  private static ConfigValue value(List<ConfigValue> values, String key) {
    return values.stream()
        .filter(value -> value.name().equals(key))
        .findFirst()
        .orElseGet(
            () -> {
              ConfigValue value = new ConfigValue(key);
              values.add(value);
              return value;
            });
  }
}
