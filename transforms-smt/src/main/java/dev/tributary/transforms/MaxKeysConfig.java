package dev.tributary.transforms;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The setting that bounds how many keys a transform holds. */
final class MaxKeysConfig {
  static final String MAX_KEYS = "max.keys";

  private MaxKeysConfig() {}

  /**
   * Adds it.
   *
   * @param event what keeps a key from being idle
   * @param otherwise when keys are let go of by themselves
   */
  static ConfigDef addTo(ConfigDef def, String group, int order, String event, String otherwise) {
    return def.define(
        MAX_KEYS,
        ConfigDef.Type.INT,
        0,
        ConfigDef.Range.atLeast(0),
        ConfigDef.Importance.MEDIUM,
        "How many keys to hold per partition of the topic: one more, and the key that has had no "
            + event
            + " for longest is forgotten, as if it had never had any. 0 for as many as there are. "
            + otherwise,
        group,
        order,
        ConfigDef.Width.SHORT,
        "Keys at most");
  }

  static int of(AbstractConfig config) {
    return config.getInt(MAX_KEYS);
  }
}
