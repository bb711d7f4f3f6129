package dev.tributary.clickhouse.config;

import dev.tributary.common.config.Choices;
import dev.tributary.common.config.Validators;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;

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
    add(
        key,
        ConfigDef.Type.STRING,
        defaultValue,
        Validators.oneOf(names),
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
}
