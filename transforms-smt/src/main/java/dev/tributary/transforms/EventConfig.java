package dev.tributary.transforms;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import dev.tributary.transforms.chain.RestoreConfig.Choices;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The settings that say which records are events and whose they are. */
final class EventConfig {
  static final String KEY = "key";
  static final String OPERATIONS = "operations";
  static final String MISSING_KEY = "missing.key";
  static final String GROUP = "Events";

  private EventConfig() {}

  /** What becomes of an event without a key. */
  enum MissingKey {
    FAIL,
    PASS
  }

  static ConfigDef addTo(ConfigDef def) {
    return def.define(
            KEY,
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            Validators.parsedBy(
                "field paths separated by commas, such as user_id", EventConfig::paths),
            ConfigDef.Importance.HIGH,
            "The field that says whose event a record is, such as user_id; several, separated by"
                + " commas, for a composite key. All events of a key must be in one partition of"
                + " the topic (a source's message.key.columns sees to that).",
            GROUP,
            1,
            ConfigDef.Width.MEDIUM,
            "Key fields")
        .define(
            OPERATIONS,
            ConfigDef.Type.STRING,
            "c,r",
            Validators.parsedBy(
                "operations (" + Operation.codes() + ") separated by commas",
                EventConfig::operations),
            ConfigDef.Importance.MEDIUM,
            "Which change events are events: c (insert), r (read by a snapshot), u (update),"
                + " d (delete). Records that are no change events are inserts. Others come out"
                + " without new fields, in the same flat form.",
            GROUP,
            2,
            ConfigDef.Width.SHORT,
            "Operations")
        .define(
            MISSING_KEY,
            ConfigDef.Type.STRING,
            "fail",
            Validators.oneOf(MissingKey.class),
            ConfigDef.Importance.LOW,
            "What becomes of an event whose key field is missing or null: 'fail' is an error of"
                + " this record, 'pass' lets it out without new fields.",
            GROUP,
            3,
            ConfigDef.Width.SHORT,
            "Without a key",
            Choices.of("fail", "pass"));
  }

  static List<FieldPath> paths(AbstractConfig config, String key) {
    return paths(config.getString(key));
  }

  static Set<Operation> operations(AbstractConfig config) {
    return operations(config.getString(OPERATIONS));
  }

  static MissingKey missingKey(AbstractConfig config) {
    return Validators.constant(MissingKey.class, config.getString(MISSING_KEY));
  }

  static List<FieldPath> paths(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::trim).map(FieldPath::parse).toList();
  }

  static Set<Operation> operations(String text) {
    Set<Operation> operations = EnumSet.noneOf(Operation.class);
    for (String code : text.split(",", -1)) {
      operations.add(
          Operation.ofCode(code.trim())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "'"
                              + code.trim()
                              + "' is no operation; known are "
                              + Operation.codes())));
    }
    return operations;
  }
}
