package dev.tributary.redis.config;

import dev.tributary.common.config.Validators;
import dev.tributary.redis.encode.JsonMode;
import dev.tributary.redis.encode.ListEnd;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What redis-kafka-connect has, or had, other names for than this sink. */
public final class CompatibleKeys {
  private static final Map<String, String> RENAMED =
      Map.of(
          "redis.cluster", ConnectionKeys.CLUSTER,
          "redis.tls", TlsKeys.TLS,
          "redis.operation.timeout", ConnectionKeys.TIMEOUT);

  private static final Map<String, String> WITHOUT_EFFECT =
      Map.of(
          "redis.pool", "a task has one connection to each server; tasks.max has more of them",
          "redis.multiexec", "every record is written in one step as it is");

  private CompatibleKeys() {}

  /** What is set and has no effect here: the key and why. */
  public static List<String> withoutEffect(Map<String, String> properties) {
    return WITHOUT_EFFECT.entrySet().stream()
        .filter(key -> !properties.getOrDefault(key.getKey(), "false").equals("false"))
        .map(key -> key.getKey() + " has no effect: " + key.getValue())
        .sorted()
        .toList();
  }

  /** The properties with the names that this sink has for them. */
  public static Map<String, String> canonical(Map<String, String> properties) {
    Map<String, String> canonical = new LinkedHashMap<>(properties);
    RENAMED.forEach(
        (other, key) -> {
          if (properties.containsKey(other)) {
            canonical.putIfAbsent(key, properties.get(other));
          }
        });
    String command =
        properties.getOrDefault(TargetKeys.COMMAND, "").trim().toUpperCase(Locale.ROOT);
    if (!properties.containsKey(TargetKeys.TYPE)) {
      RedisType.ofCommand(command).ifPresent(type -> canonical.put(TargetKeys.TYPE, type.name()));
      if (command.equals("LPUSH")) {
        canonical.putIfAbsent(TypeKeys.LIST_PUSH, Validators.choice(ListEnd.LEFT));
      }
      if (command.equals("JSONMERGE")) {
        canonical.putIfAbsent(TypeKeys.JSON_MODE, Validators.choice(JsonMode.MERGE));
      }
    }
    return canonical;
  }
}
