package dev.tributary.postgres.config;

import dev.tributary.common.config.Choices;
import dev.tributary.common.config.Validators;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Adds keys to a definition in order, group by group. */
final class KeyDefinitions {
  private final ConfigDef def = new ConfigDef();
  private String group = "";
  private int order;

  KeyDefinitions group(String name) {
    group = name;
    order = 0;
    return this;
  }

  KeyDefinitions required(String key, String title, String doc) {
    return key(
        key, ConfigDef.Type.STRING, ConfigDef.NO_DEFAULT_VALUE, Validators.notBlank(), title, doc);
  }

  KeyDefinitions key(
      String key,
      ConfigDef.Type type,
      Object value,
      ConfigDef.Validator valid,
      String title,
      String doc) {
    if (type == ConfigDef.Type.BOOLEAN) {
      return choice(key, type, value, valid, title, doc, List.of(true, false));
    }
    def.define(
        key, type, value, valid, importance(value), doc, group, ++order, Width.MEDIUM, title);
    return this;
  }

  /** A key of whose values some are known. */
  KeyDefinitions choice(
      String key,
      ConfigDef.Type type,
      Object value,
      ConfigDef.Validator valid,
      String title,
      String doc,
      List<Object> values) {
    def.define(
        key,
        type,
        value,
        valid,
        importance(value),
        doc,
        group,
        ++order,
        Width.SHORT,
        title,
        new Choices(values));
    return this;
  }

  KeyDefinitions flag(String key, boolean value, String title, String doc) {
    return key(key, ConfigDef.Type.BOOLEAN, value, null, title, doc);
  }

  KeyDefinitions choice(String key, String value, List<String> choices, String title, String doc) {
    return choice(
        key,
        ConfigDef.Type.STRING,
        value,
        Validators.oneOf(choices),
        title,
        doc,
        List.copyOf(choices));
  }

  KeyDefinitions patterns(String key, String title, String doc) {
    ConfigDef.Validator valid =
        Validators.of(
            "regular expressions, separated by commas; \\, for a comma in one",
            (name, value) -> {
              for (String pattern : joined((List<?>) value)) {
                compile(name, pattern);
              }
            });
    def.define(
        key,
        ConfigDef.Type.LIST,
        List.of(),
        valid,
        Importance.HIGH,
        doc,
        group,
        ++order,
        Width.LONG,
        title);
    return this;
  }

  private static Pattern compile(String name, Object pattern) {
    try {
      return Pattern.compile(pattern.toString().strip(), Pattern.CASE_INSENSITIVE);
    } catch (PatternSyntaxException e) {
      throw new ConfigException(name, pattern, "is no regular expression: " + e.getDescription());
    }
  }

  /** A list whose items may have commas in them, which stand behind a backslash. */
  static List<String> joined(List<?> parts) {
    List<String> items = new ArrayList<>();
    StringBuilder item = new StringBuilder();
    for (Object part : parts) {
      item.append(part);
      if (isEscaped(item)) {
        item.append(',');
      } else {
        items.add(item.toString());
        item.setLength(0);
      }
    }
    if (!item.isEmpty()) {
      items.add(item.toString());
    }
    return items;
  }

  /** Whether what comes next is escaped: there is an odd number of backslashes in front of it. */
  private static boolean isEscaped(CharSequence text) {
    int backslashes = 0;
    while (backslashes < text.length() && text.charAt(text.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  /** Anchored patterns that know no case. */
  static List<Pattern> compileAll(String name, List<String> patterns) {
    return joined(patterns).stream()
        .filter(pattern -> !pattern.isBlank())
        .map(pattern -> compile(name, pattern))
        .toList();
  }

  private static Importance importance(Object value) {
    return value == ConfigDef.NO_DEFAULT_VALUE ? Importance.HIGH : Importance.MEDIUM;
  }

  static ConfigDef.Validator matching(String regex, String description) {
    return Validators.of(
        description,
        (name, value) -> {
          if (value != null && !value.toString().matches(regex)) {
            throw new ConfigException(name, value, "must be " + description);
          }
        });
  }

  ConfigDef built() {
    return def;
  }
}
