package dev.tributary.clickhouse.config;

import dev.tributary.common.config.Validators;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Adds the keys of one group to a definition, in order. */
final class KeyGroup {
  /** Any value of the key's type. */
  static final Validator ANY = null;

  private final ConfigDef def;
  private final String name;
  private int order;

  KeyGroup(ConfigDef def, String name) {
    this.def = def;
    this.name = name;
  }

  void add(
      String key,
      ConfigDef.Type type,
      Object defaultValue,
      Validator validator,
      Importance importance,
      Width width,
      String shown,
      String doc) {
    if (type == ConfigDef.Type.BOOLEAN) {
      add(key, type, defaultValue, validator, importance, width, shown, doc, List.of(true, false));
    } else {
      def.define(key, type, defaultValue, validator, importance, doc, name, ++order, width, shown);
    }
  }

  /** A choice among an enum's constants. */
  <E extends Enum<E>> void add(
      String key, E defaultValue, Importance importance, String shown, String doc) {
    Class<E> type = defaultValue.getDeclaringClass();
    add(
        key,
        ConfigDef.Type.STRING,
        Validators.choice(defaultValue),
        Validators.oneOf(type),
        importance,
        Width.SHORT,
        shown,
        doc,
        Arrays.stream(type.getEnumConstants()).<Object>map(Validators::choice).toList());
  }

  /** A choice among names, in upper or lower case. */
  void add(
      String key,
      String defaultValue,
      List<String> names,
      Importance importance,
      String shown,
      String doc) {
    Validator validator =
        Validators.of(
            "one of " + String.join(", ", names),
            (given, value) -> {
              if (names.stream().noneMatch(each -> each.equalsIgnoreCase(String.valueOf(value)))) {
                throw new ConfigException(
                    given,
                    value,
                    "must be one of " + String.join(", ", names).toLowerCase(Locale.ROOT));
              }
            });
    add(
        key,
        ConfigDef.Type.STRING,
        defaultValue,
        validator,
        importance,
        Width.SHORT,
        shown,
        doc,
        List.copyOf(names));
  }

  private void add(
      String key,
      ConfigDef.Type type,
      Object defaultValue,
      Validator validator,
      Importance importance,
      Width width,
      String shown,
      String doc,
      List<Object> values) {
    def.define(
        key,
        type,
        defaultValue,
        validator,
        importance,
        doc,
        name,
        ++order,
        width,
        shown,
        new Choices(values));
  }

  /** Offers the values of a key to UIs. */
  private record Choices(List<Object> values) implements ConfigDef.Recommender {
    @Override
    public List<Object> validValues(String key, Map<String, Object> parsedConfig) {
      return values;
    }

    @Override
    public boolean visible(String key, Map<String, Object> parsedConfig) {
      return true;
    }
  }
}
