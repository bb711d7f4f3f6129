package dev.tributary.transforms;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import dev.tributary.transforms.chain.RestoreConfig;
import dev.tributary.transforms.chain.RestoreConfig.Choices;
import dev.tributary.transforms.chain.RestoreSettings;
import dev.tributary.transforms.features.Feature;
import dev.tributary.transforms.features.FeatureParser;
import dev.tributary.transforms.features.WindowPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The settings of {@link WindowedFeatures}. */
public final class WindowedFeaturesConfig extends AbstractConfig {
  static final String FEATURES = "features";
  static final String TILE = "tile";
  static final String GRACE = "grace";
  static final String LATE = "late";
  static final String LATE_FIELD = "late.field";
  static final String WINDOW_FIELD = "window.field";
  static final String OUTPUT = "output";

  private static final String GROUP = "Features";
  private static final ConfigDef.Validator DURATION_OR_EMPTY =
      Validators.parsedBy(
          "empty, or a duration such as 500ms, 30s, 5m, 1h or 7d", EventTimeConfig::durationOrNull);

  /** All settings. */
  public static final ConfigDef CONFIG_DEF =
      RestoreConfig.addTo(features(EventTimeConfig.addTo(EventConfig.addTo(new ConfigDef()))));

  /** What becomes of a late event. */
  enum Late {
    FLAG,
    DROP,
    PASS
  }

  /** What comes out. */
  enum Output {
    MERGED,
    FEATURES
  }

  WindowedFeaturesConfig(Map<String, ?> settings) {
    super(CONFIG_DEF, settings);
    checkTile(TILE, values());
    checkNames(FEATURES, values());
  }

  private static ConfigDef features(ConfigDef def) {
    def.define(
            FEATURES,
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            Validators.parsedBy(
                "features such as n_5m = count() over 5m, spent = sum(amount) over 1h where type ="
                    + " 'buy', n = count() over all",
                FeatureParser::parse),
            ConfigDef.Importance.HIGH,
            "What to compute per key, separated by commas: NAME = FUNCTION(...) over WINDOW,"
                + " then, if wanted, 'where' and a condition, and 'exclusive' to leave the event"
                + " in hand out. FUNCTION is one of "
                + String.join(", ", FeatureParser.signatures())
                + ". WINDOW is the length of a sliding window (30s, 5m, 1h, 7d), 'tumbling 1m',"
                + " 'hopping 1h by 5m', 'session 30m' (the longest pause) or 'all'; ratio,"
                + " seconds_since_last and the decayed ones have none.",
            GROUP,
            1,
            ConfigDef.Width.LONG,
            "Features",
            new Choices(List.of(), WindowedFeaturesConfig::checkNames))
        .define(
            TILE,
            ConfigDef.Type.STRING,
            "",
            DURATION_OR_EMPTY,
            ConfigDef.Importance.LOW,
            "Time is cut into tiles of this width, and a window begins with a whole tile: wider"
                + " tiles need less memory, 1ms makes exact windows. It must divide the lengths"
                + " and hops of tumbling and hopping windows. Empty for a 60th of the shortest"
                + " window.",
            GROUP,
            2,
            ConfigDef.Width.SHORT,
            "Tile",
            new Choices(List.of(), WindowedFeaturesConfig::checkTile))
        .define(
            GRACE,
            ConfigDef.Type.STRING,
            "",
            DURATION_OR_EMPTY,
            ConfigDef.Importance.MEDIUM,
            "An event that is older than the newest one of its partition by more than this is"
                + " late: it counts in no window. Empty for the length of the longest window.",
            GROUP,
            3,
            ConfigDef.Width.SHORT,
            "Grace")
        .define(
            LATE,
            ConfigDef.Type.STRING,
            "flag",
            Validators.oneOf(Late.class),
            ConfigDef.Importance.MEDIUM,
            "What becomes of a late event: 'flag' lets it out with null for the features of"
                + " windows and true in the field of late.field (false in all others), 'pass' the"
                + " same without that field, 'drop' drops it.",
            GROUP,
            4,
            ConfigDef.Width.SHORT,
            "Late events",
            Choices.of("flag", "drop", "pass"))
        .define(
            LATE_FIELD,
            ConfigDef.Type.STRING,
            "late",
            Validators.notBlank(),
            ConfigDef.Importance.LOW,
            "The field that late=flag adds. Several of these transforms in one chain need"
                + " different ones.",
            GROUP,
            5,
            ConfigDef.Width.SHORT,
            "Field for late")
        .define(
            WINDOW_FIELD,
            ConfigDef.Type.STRING,
            "window",
            Validators.notBlank(),
            ConfigDef.Importance.LOW,
            "What the names of the fields begin with that tumbling and hopping windows add:"
                + " window_start and window_end. Several of these transforms in one chain that have"
                + " such windows need different ones.",
            GROUP,
            6,
            ConfigDef.Width.SHORT,
            "Fields for windows")
        .define(
            OUTPUT,
            ConfigDef.Type.STRING,
            "merged",
            Validators.oneOf(Output.class),
            ConfigDef.Importance.MEDIUM,
            "What comes out: 'merged' is the row with the features merged in, 'features' only the"
                + " key fields, the features and event_time; what is no event is dropped then.",
            GROUP,
            7,
            ConfigDef.Width.SHORT,
            "Output",
            Choices.of("merged", "features"));
    return MaxKeysConfig.addTo(
        def,
        GROUP,
        8,
        "event",
        "Where no feature is over 'all', a session or without a window, keys are let go of by"
            + " themselves once their windows have passed.");
  }

  List<FieldPath> key() {
    return EventConfig.paths(this, EventConfig.KEY);
  }

  Set<Operation> operations() {
    return EventConfig.operations(this);
  }

  EventConfig.MissingKey missingKey() {
    return EventConfig.missingKey(this);
  }

  EventClock clock() {
    return EventTimeConfig.clock(this);
  }

  WindowPlan plan() {
    return WindowPlan.of(
        FeatureParser.parse(getString(FEATURES)),
        EventTimeConfig.durationOrNull(getString(TILE)),
        EventTimeConfig.durationOrNull(getString(GRACE)));
  }

  Late late() {
    return Validators.constant(Late.class, getString(LATE));
  }

  String lateField() {
    return getString(LATE_FIELD);
  }

  String windowField() {
    return getString(WINDOW_FIELD);
  }

  Output output() {
    return Validators.constant(Output.class, getString(OUTPUT));
  }

  int maxKeys() {
    return MaxKeysConfig.of(this);
  }

  RestoreSettings restore() {
    return RestoreConfig.of(this);
  }

  private static void checkTile(String name, Map<String, ?> parsed) {
    if (parsed.get(TILE) instanceof String tile
        && parsed.get(FEATURES) instanceof String features) {
      List<Feature> declared = FeatureParser.parse(features);
      Duration width = EventTimeConfig.durationOrNull(tile);
      try {
        WindowPlan.of(declared, width, null);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(TILE, tile, e.getMessage());
      }
    }
  }

  private static void checkNames(String name, Map<String, ?> parsed) {
    if (!(parsed.get(FEATURES) instanceof String features)
        || !(parsed.get(EventConfig.KEY) instanceof String key)) {
      return;
    }
    Set<String> taken = new HashSet<>();
    if ("flag".equalsIgnoreCase(String.valueOf(parsed.get(LATE)))) {
      taken.add(String.valueOf(parsed.get(LATE_FIELD)));
    }
    if ("features".equalsIgnoreCase(String.valueOf(parsed.get(OUTPUT)))) {
      taken.add(FeatureRows.EVENT_TIME);
      EventConfig.paths(key).forEach(path -> taken.add(path.leaf()));
    }
    List<Feature> declared = FeatureParser.parse(features);
    List<String> names = new ArrayList<>(declared.stream().map(Feature::name).toList());
    names.addAll(FeatureOutput.namesBesides(declared, String.valueOf(parsed.get(WINDOW_FIELD))));
    for (String added : names) {
      if (!taken.add(added)) {
        throw new ConfigException(
            FEATURES,
            features,
            "the output has a field '" + added + "' already; give the feature another name");
      }
    }
  }
}
