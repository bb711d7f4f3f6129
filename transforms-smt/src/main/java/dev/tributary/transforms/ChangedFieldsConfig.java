package dev.tributary.transforms;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.Unavailable;
import dev.tributary.transforms.chain.RestoreConfig.Choices;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The settings of {@link ChangedFields}. */
public final class ChangedFieldsConfig extends AbstractConfig {
  static final String FIELDS = "fields";
  static final String IGNORE = "ignore";
  static final String NAMES_FIELD = "names.field";
  static final String CHANGES_FIELD = "changes.field";
  static final String CHANGED_HEADER = "header.changed.name";
  static final String UNCHANGED_HEADER = "header.unchanged.name";
  static final String UNCHANGED = "unchanged";
  static final String PLACEHOLDER = "unavailable.value.placeholder";

  private static final String GROUP = "Changes";

  /** All settings. */
  public static final ConfigDef CONFIG_DEF = output(watched(new ConfigDef()));

  /** What becomes of an update that changed nothing of what is watched. */
  enum Unchanged {
    PASS,
    DROP
  }

  ChangedFieldsConfig(Map<String, ?> settings) {
    super(CONFIG_DEF, settings);
  }

  private static ConfigDef watched(ConfigDef def) {
    return def.define(
            FIELDS,
            ConfigDef.Type.LIST,
            List.of(),
            null,
            ConfigDef.Importance.MEDIUM,
            "The fields to compare, separated by commas; empty for all of the row.",
            GROUP,
            1,
            ConfigDef.Width.LONG,
            "Fields")
        .define(
            IGNORE,
            ConfigDef.Type.LIST,
            List.of(),
            null,
            ConfigDef.Importance.MEDIUM,
            "Fields not to compare, such as updated_at.",
            GROUP,
            2,
            ConfigDef.Width.LONG,
            "Ignored fields")
        .define(
            UNCHANGED,
            ConfigDef.Type.STRING,
            "pass",
            Validators.oneOf(Unchanged.class),
            ConfigDef.Importance.MEDIUM,
            "What becomes of an update that changed none of these fields: 'pass' or 'drop'. An"
                + " update that does not tell the row before it always passes.",
            GROUP,
            3,
            ConfigDef.Width.SHORT,
            "Updates without a change",
            Choices.of("pass", "drop"))
        .define(
            PLACEHOLDER,
            ConfigDef.Type.STRING,
            Unavailable.DEFAULT,
            ConfigDef.Importance.LOW,
            "What the source writes for a large value that it was not sent, as the update left it"
                + " alone; it counts as unchanged.",
            GROUP,
            4,
            ConfigDef.Width.MEDIUM,
            "Placeholder");
  }

  private static ConfigDef output(ConfigDef def) {
    return def.define(
            NAMES_FIELD,
            ConfigDef.Type.STRING,
            "changed_fields",
            ConfigDef.Importance.MEDIUM,
            "The field that is added to the row with the names of the changed fields (an array of"
                + " text); empty for none.",
            GROUP,
            5,
            ConfigDef.Width.MEDIUM,
            "Field for names")
        .define(
            CHANGES_FIELD,
            ConfigDef.Type.STRING,
            "changes",
            ConfigDef.Importance.MEDIUM,
            "The field that is added to the row with a struct of the compared fields: each holds"
                + " before and after, or null if it did not change; empty for none.",
            GROUP,
            6,
            ConfigDef.Width.MEDIUM,
            "Field for changes")
        .define(
            CHANGED_HEADER,
            ConfigDef.Type.STRING,
            "",
            ConfigDef.Importance.LOW,
            "A header that is added with the names of the changed fields, as Debezium's"
                + " ExtractChangedRecordState does; empty for none. If both fields above are empty"
                + " too, the change event stays as it is.",
            GROUP,
            7,
            ConfigDef.Width.MEDIUM,
            "Header for changed")
        .define(
            UNCHANGED_HEADER,
            ConfigDef.Type.STRING,
            "",
            ConfigDef.Importance.LOW,
            "The same with the names of the others.",
            GROUP,
            8,
            ConfigDef.Width.MEDIUM,
            "Header for unchanged");
  }

  Set<String> fields() {
    return names(FIELDS);
  }

  Set<String> ignored() {
    return names(IGNORE);
  }

  boolean dropsUnchanged() {
    return Validators.constant(Unchanged.class, getString(UNCHANGED)) == Unchanged.DROP;
  }

  Unavailable unavailable() {
    return new Unavailable(getString(PLACEHOLDER));
  }

  String name(String key) {
    return getString(key).trim();
  }

  private Set<String> names(String key) {
    return getList(key).stream()
        .flatMap(names -> Arrays.stream(names.split(",")))
        .map(String::trim)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
