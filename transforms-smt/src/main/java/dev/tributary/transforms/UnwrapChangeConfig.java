package dev.tributary.transforms;

import dev.tributary.common.config.Validators;
import dev.tributary.transforms.chain.RestoreConfig.Choices;
import dev.tributary.transforms.change.MetadataField;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/** The settings of {@link UnwrapChange}; those that Debezium has too are named as Debezium's. */
public final class UnwrapChangeConfig extends AbstractConfig {
  static final String DELETES = "delete.tombstone.handling.mode";
  static final String OLD_DELETES = "delete.handling.mode";
  static final String OLD_DROP_TOMBSTONES = "drop.tombstones";
  static final String ADD_FIELDS = "add.fields";
  static final String ADD_FIELDS_PREFIX = "add.fields.prefix";
  static final String ADD_HEADERS = "add.headers";
  static final String ADD_HEADERS_PREFIX = "add.headers.prefix";
  static final String ROUTE_BY_FIELD = "route.by.field";
  static final String NULL_TO_DEFAULT = "replace.null.with.default";

  private static final String DELETE_GROUP = "Deletes";
  private static final String METADATA_GROUP = "Metadata";
  private static final ConfigDef.Validator METADATA =
      Validators.parsedBy(
          "fields of a change event separated by commas, such as op,lsn,source.ts_ms",
          text -> MetadataField.parseAll(text, ""));

  /** All settings. */
  public static final ConfigDef CONFIG_DEF = metadata(deletes(new ConfigDef()));

  /** What becomes of deletes and of the tombstones behind them. */
  enum Deletes {
    DROP,
    TOMBSTONE,
    DELETE_TO_TOMBSTONE,
    REWRITE,
    REWRITE_WITH_TOMBSTONE
  }

  /** What becomes of a delete. */
  enum Delete {
    DROP,
    NONE,
    REWRITE
  }

  UnwrapChangeConfig(Map<String, ?> settings) {
    super(CONFIG_DEF, settings);
  }

  private static ConfigDef deletes(ConfigDef def) {
    return def.define(
            DELETES,
            ConfigDef.Type.STRING,
            "tombstone",
            Validators.oneOf(Deletes.class),
            ConfigDef.Importance.HIGH,
            "What becomes of a delete and of the tombstone behind it. 'tombstone': the delete comes"
                + " out with a null value (and the schema of the row), the tombstone is dropped."
                + " 'delete-to-tombstone': the same without a schema. 'drop': both are dropped."
                + " 'rewrite': the delete comes out as the old row with __deleted = \"true\" (all"
                + " others with \"false\"), the tombstone is dropped. 'rewrite-with-tombstone':"
                + " the same, and the tombstone passes.",
            DELETE_GROUP,
            1,
            ConfigDef.Width.MEDIUM,
            "Deletes",
            Choices.of(
                "drop", "tombstone", "delete-to-tombstone", "rewrite", "rewrite-with-tombstone"))
        .define(
            OLD_DELETES,
            ConfigDef.Type.STRING,
            "",
            Validators.parsedBy("empty, drop, none or rewrite", UnwrapChangeConfig::oldDeletes),
            ConfigDef.Importance.LOW,
            "For configs written for Debezium before 3.0: 'drop' drops deletes, 'none' lets them"
                + " out with a null value, 'rewrite' as the old row with __deleted. If it is set, "
                + OLD_DROP_TOMBSTONES
                + " says what becomes of tombstones, and "
                + DELETES
                + " is not used.",
            DELETE_GROUP,
            2,
            ConfigDef.Width.SHORT,
            "Deletes, the old way",
            Choices.of("", "drop", "none", "rewrite"))
        .define(
            OLD_DROP_TOMBSTONES,
            ConfigDef.Type.BOOLEAN,
            true,
            ConfigDef.Importance.LOW,
            "With " + OLD_DELETES + ": whether tombstones are dropped.",
            DELETE_GROUP,
            3,
            ConfigDef.Width.SHORT,
            "Drop tombstones",
            Choices.of());
  }

  private static ConfigDef metadata(ConfigDef def) {
    return def.define(
            ADD_FIELDS,
            ConfigDef.Type.STRING,
            "",
            METADATA,
            ConfigDef.Importance.MEDIUM,
            "What of the change event is added to the row: its own fields (op, ts_ms, ...), the"
                + " source's (lsn, table, txId, ...), or STRUCT.FIELD (source.ts_ms, which becomes"
                + " __source_ts_ms); FIELD:NAME gives another name. What an event does not have is"
                + " left out.",
            METADATA_GROUP,
            1,
            ConfigDef.Width.LONG,
            "Added fields")
        .define(
            ADD_FIELDS_PREFIX,
            ConfigDef.Type.STRING,
            "__",
            ConfigDef.Importance.LOW,
            "What the names of added fields begin with.",
            METADATA_GROUP,
            2,
            ConfigDef.Width.SHORT,
            "Prefix of fields")
        .define(
            ADD_HEADERS,
            ConfigDef.Type.STRING,
            "",
            METADATA,
            ConfigDef.Importance.MEDIUM,
            "What of the change event is added to the record's headers; written as "
                + ADD_FIELDS
                + ". A tombstone gets op alone, which is d.",
            METADATA_GROUP,
            3,
            ConfigDef.Width.LONG,
            "Added headers")
        .define(
            ADD_HEADERS_PREFIX,
            ConfigDef.Type.STRING,
            "__",
            ConfigDef.Importance.LOW,
            "What the names of added headers begin with.",
            METADATA_GROUP,
            4,
            ConfigDef.Width.SHORT,
            "Prefix of headers")
        .define(
            ROUTE_BY_FIELD,
            ConfigDef.Type.STRING,
            "",
            ConfigDef.Importance.LOW,
            "The row's field that holds the topic the record goes to; empty to leave the topic.",
            METADATA_GROUP,
            5,
            ConfigDef.Width.MEDIUM,
            "Topic field")
        .define(
            NULL_TO_DEFAULT,
            ConfigDef.Type.BOOLEAN,
            true,
            ConfigDef.Importance.LOW,
            "Where rows are rewritten with __deleted: whether a NULL in a column that has a DEFAULT"
                + " becomes that default. Debezium's is true; false keeps the NULL.",
            METADATA_GROUP,
            6,
            ConfigDef.Width.SHORT,
            "NULL to default",
            Choices.of());
  }

  Delete deletes() {
    if (!getString(OLD_DELETES).isBlank()) {
      return oldDeletes(getString(OLD_DELETES));
    }
    return switch (mode()) {
      case DROP -> Delete.DROP;
      case TOMBSTONE, DELETE_TO_TOMBSTONE -> Delete.NONE;
      case REWRITE, REWRITE_WITH_TOMBSTONE -> Delete.REWRITE;
    };
  }

  boolean keepsSchemaOfNull() {
    return !getString(OLD_DELETES).isBlank() || mode() != Deletes.DELETE_TO_TOMBSTONE;
  }

  boolean dropsTombstones() {
    return getString(OLD_DELETES).isBlank()
        ? mode() != Deletes.REWRITE_WITH_TOMBSTONE
        : getBoolean(OLD_DROP_TOMBSTONES);
  }

  List<MetadataField> addedFields() {
    return MetadataField.parseAll(getString(ADD_FIELDS), getString(ADD_FIELDS_PREFIX));
  }

  List<MetadataField> addedHeaders() {
    return MetadataField.parseAll(getString(ADD_HEADERS), getString(ADD_HEADERS_PREFIX));
  }

  String routeByField() {
    return getString(ROUTE_BY_FIELD);
  }

  boolean replacesNullWithDefault() {
    return getBoolean(NULL_TO_DEFAULT);
  }

  private Deletes mode() {
    return Validators.constant(Deletes.class, getString(DELETES));
  }

  private static Delete oldDeletes(String text) {
    return switch (text.trim().toLowerCase(java.util.Locale.ROOT)) {
      case "", "drop" -> Delete.DROP;
      case "none" -> Delete.NONE;
      case "rewrite" -> Delete.REWRITE;
      default -> throw new IllegalArgumentException("must be empty, drop, none or rewrite");
    };
  }
}
