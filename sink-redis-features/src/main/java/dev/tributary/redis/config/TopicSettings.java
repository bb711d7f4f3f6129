package dev.tributary.redis.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Settings of single topics: {@code topic.NAME.KEY} sets {@code KEY} for the topic {@code NAME},
 * whose own name may have dots.
 */
public final class TopicSettings {
  private static final String PREFIX = "topic.";
  private static final Set<String> GROUPS = Set.of("Target", "Types", "Values", "Expiry");

  private TopicSettings() {}

  /** The settings of each topic that has some, by its name: keys without prefix, and values. */
  public static Map<String, Map<String, String>> of(Map<String, String> properties) {
    Map<String, Map<String, String>> topics = new TreeMap<>();
    properties.forEach(
        (name, value) ->
            key(name)
                .ifPresent(
                    key ->
                        topics
                            .computeIfAbsent(topic(name, key), topic -> new LinkedHashMap<>())
                            .put(key, value)));
    return topics;
  }

  /** The properties that count for a topic with settings of its own. */
  public static Map<String, String> merged(
      Map<String, String> properties, Map<String, String> ofTopic) {
    Map<String, String> merged = new LinkedHashMap<>(properties);
    if (ofTopic.containsKey(TargetKeys.COMMAND)) {
      // a type for all topics must not come before the command of this one
      merged.remove(TargetKeys.TYPE);
    }
    if (ofTopic.containsKey(TargetKeys.TYPE)) {
      merged.remove(TargetKeys.COMMAND);
    }
    merged.putAll(ofTopic);
    return merged;
  }

  /** The name of a key for a topic. */
  public static String name(String topic, String key) {
    return PREFIX + topic + "." + key;
  }

  /** Properties that are meant for a topic and set no key that a topic can have. */
  public static Set<String> unknown(Map<String, String> properties) {
    return properties.keySet().stream()
        .filter(name -> name.startsWith(PREFIX))
        // the worker's own topic.creation.* are of sources
        .filter(name -> !name.startsWith("topic.creation."))
        .filter(name -> key(name).isEmpty())
        .collect(Collectors.toSet());
  }

  /** The longest key that the name ends with. */
  private static Optional<String> key(String name) {
    if (!name.startsWith(PREFIX)) {
      return Optional.empty();
    }
    return RedisSinkConfig.CONFIG_DEF.configKeys().values().stream()
        .filter(key -> GROUPS.contains(key.group))
        .map((ConfigDef.ConfigKey key) -> key.name)
        .filter(
            key -> name.endsWith("." + key) && name.length() > PREFIX.length() + key.length() + 1)
        .max((a, b) -> Integer.compare(a.length(), b.length()));
  }

  private static String topic(String name, String key) {
    return name.substring(PREFIX.length(), name.length() - key.length() - 1);
  }
}
