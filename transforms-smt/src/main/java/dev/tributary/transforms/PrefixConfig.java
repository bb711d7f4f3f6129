package dev.tributary.transforms;

import dev.tributary.common.config.Validators;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The setting that keeps apart the fields which several of a transform add in one chain. */
final class PrefixConfig {
  static final String PREFIX = "prefix";

  private static final String IN_FRONT =
      "What the names of the fields that are added begin with. Several of these transforms in one"
          + " chain need different ones.";
  private static final String OF_TRANSFORM =
      "The transform's 'prefix', if it has one: what the name of the field begins with.";

  private PrefixConfig() {}

  static ConfigDef addTo(ConfigDef def, String group, int order) {
    return define(def, IN_FRONT, group, order);
  }

  /** For the predicate that reads such a field. */
  static ConfigDef ofPredicate() {
    return define(new ConfigDef(), OF_TRANSFORM, null, -1);
  }

  private static ConfigDef define(ConfigDef def, String doc, String group, int order) {
    return def.define(
        PREFIX,
        ConfigDef.Type.STRING,
        "",
        Validators.of("letters, digits and underscores, or empty", PrefixConfig::check),
        ConfigDef.Importance.LOW,
        doc,
        group,
        order,
        ConfigDef.Width.SHORT,
        "Prefix");
  }

  private static void check(String name, Object value) {
    if (value != null && !value.toString().matches("\\w*")) {
      throw new ConfigException(name, value, "must be letters, digits and underscores");
    }
  }

  static String of(AbstractConfig config) {
    return config.getString(PREFIX);
  }

  static String ofPredicate(Map<String, ?> settings) {
    return of(new AbstractConfig(ofPredicate(), settings));
  }
}
