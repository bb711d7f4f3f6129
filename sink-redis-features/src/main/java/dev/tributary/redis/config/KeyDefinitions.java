package dev.tributary.redis.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;

import dev.tributary.common.config.Choices;
import dev.tributary.common.config.Validators;
import dev.tributary.redis.encode.KeyTemplate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/** Adds keys to a definition in order, group by group. */
final class KeyDefinitions {
  private final ConfigDef def = new ConfigDef();
  private String group = "";
  private int order;

  void group(String name) {
    group = name;
    order = 0;
  }

  void text(
      String key,
      String value,
      ConfigDef.Validator validator,
      Importance importance,
      Width width,
      String displayName,
      String doc) {
    define(
        key,
        ConfigDef.Type.STRING,
        value,
        validator,
        importance,
        width,
        displayName,
        doc,
        List.of());
  }

  void password(String key, Importance importance, String displayName, String doc) {
    define(
        key,
        ConfigDef.Type.PASSWORD,
        new Password(""),
        null,
        importance,
        Width.MEDIUM,
        displayName,
        doc,
        List.of());
  }

  void bool(String key, boolean value, Importance importance, String displayName, String doc) {
    define(
        key,
        ConfigDef.Type.BOOLEAN,
        value,
        null,
        importance,
        Width.SHORT,
        displayName,
        doc,
        List.of());
  }

  void list(
      String key,
      ConfigDef.Validator validator,
      Importance importance,
      String displayName,
      String doc) {
    define(
        key,
        ConfigDef.Type.LIST,
        List.of(),
        validator,
        importance,
        Width.LONG,
        displayName,
        doc,
        List.of());
  }

  void number(
      String key,
      int value,
      int min,
      int max,
      Importance importance,
      String displayName,
      String doc) {
    define(
        key,
        ConfigDef.Type.INT,
        value,
        ConfigDef.Range.between(min, max),
        importance,
        Width.SHORT,
        displayName,
        doc,
        List.of());
  }

  void longNumber(String key, long value, String displayName, String doc) {
    define(
        key,
        ConfigDef.Type.LONG,
        value,
        ConfigDef.Range.between(1, 86_400_000),
        LOW,
        Width.SHORT,
        displayName,
        doc,
        List.of());
  }

  <E extends Enum<E>> void choice(
      String key, E value, Importance importance, String displayName, String doc) {
    define(
        key,
        ConfigDef.Type.STRING,
        Validators.choice(value),
        Validators.oneOf(value.getDeclaringClass()),
        importance,
        Width.SHORT,
        displayName,
        doc,
        Arrays.stream(value.getDeclaringClass().getEnumConstants())
            .map(Validators::choice)
            .toList());
  }

  void define(
      String key,
      ConfigDef.Type type,
      Object value,
      ConfigDef.Validator validator,
      Importance importance,
      Width width,
      String displayName,
      String doc,
      List<String> choices) {
    def.define(
        key,
        type,
        value,
        validator,
        importance,
        doc,
        group,
        ++order,
        width,
        displayName,
        choices.isEmpty() ? null : new Choices(List.copyOf(choices)));
  }

  static ConfigDef.Validator pairs(String description, Consumer<String> values) {
    return Validators.of(
        description + ", " + description + " and so on",
        (name, value) -> {
          for (Object pair : (List<?>) value) {
            try {
              Map.Entry<String, String> entry = RedisSinkConfig.pair(pair.toString());
              values.accept(entry.getValue());
            } catch (IllegalArgumentException e) {
              throw new ConfigException(
                  name, pair, "must be " + description + ": " + e.getMessage());
            }
          }
        });
  }

  static ConfigDef.Validator template(String description) {
    return Validators.parsedBy(
        description,
        text -> {
          if (!text.isBlank()) {
            KeyTemplate.parse(text, "");
          }
        });
  }

  ConfigDef built() {
    return def;
  }
}
