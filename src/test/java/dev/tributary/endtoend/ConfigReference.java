package dev.tributary.endtoend;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.types.Password;

/** The Markdown page of a plugin's configuration, from what the plugin declares. */
final class ConfigReference {
  private ConfigReference() {}

  static String of(Class<?> plugin, ConfigDef config) {
    StringBuilder page = new StringBuilder();
    page.append("# ").append(plugin.getSimpleName()).append("\n\n");
    page.append("`").append(plugin.getName()).append("`\n\n");
    page.append("Generated from the plugin's own declaration; do not edit.\n");
    // groups in the order in which they are declared, keys in their own
    Map<String, List<ConfigKey>> groups =
        config.groups().stream()
            .collect(
                Collectors.toMap(
                    group -> group, group -> keys(config, group), (a, b) -> a, LinkedHashMap::new));
    List<ConfigKey> ungrouped = keys(config, null);
    if (!ungrouped.isEmpty()) {
      groups.put("Other", ungrouped);
    }
    groups.forEach(
        (group, keys) -> {
          page.append("\n## ").append(group).append("\n");
          keys.forEach(key -> append(page, key));
        });
    return page.toString();
  }

  private static List<ConfigKey> keys(ConfigDef config, String group) {
    return config.configKeys().values().stream()
        .filter(key -> !key.internalConfig && Objects.equals(key.group, group))
        .sorted(Comparator.comparingInt(key -> key.orderInGroup))
        .toList();
  }

  private static void append(StringBuilder page, ConfigKey key) {
    page.append("\n### `").append(key.name).append("`\n\n");
    // a bare < would begin an HTML tag
    page.append(key.documentation.strip().replace("<", "&lt;")).append("\n\n");
    page.append("- type: ").append(key.type.name().toLowerCase(Locale.ROOT)).append("\n");
    if (key.hasDefault()) {
      page.append("- default: ").append(defaultOf(key)).append("\n");
    } else {
      page.append("- required\n");
    }
    if (key.validator != null) {
      page.append("- valid values: ").append(key.validator).append("\n");
    }
    page.append("- importance: ")
        .append(key.importance.name().toLowerCase(Locale.ROOT))
        .append("\n");
  }

  private static String defaultOf(ConfigKey key) {
    if (key.defaultValue instanceof Password secret) {
      return secret.value().isEmpty() ? "none" : "hidden";
    }
    String value =
        key.defaultValue == null ? "" : ConfigDef.convertToString(key.defaultValue, key.type);
    return value == null || value.isEmpty() ? "none" : "`" + value + "`";
  }
}
