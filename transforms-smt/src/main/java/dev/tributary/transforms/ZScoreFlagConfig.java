package dev.tributary.transforms;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import dev.tributary.transforms.chain.RestoreConfig;
import dev.tributary.transforms.chain.RestoreConfig.Choices;
import dev.tributary.transforms.chain.RestoreSettings;
import dev.tributary.transforms.zscore.ZScoring;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The settings of {@link ZScoreFlag}. */
public final class ZScoreFlagConfig extends AbstractConfig {
  static final String FIELDS = "fields";
  static final String WINDOW = "window";
  static final String THRESHOLD = "threshold";
  static final String MIN_SAMPLES = "min.samples";
  static final String ZERO_DEVIATION = "zero.deviation";
  static final String Z_SCORES = "z.scores";

  private static final String GROUP = "Scoring";

  /** All settings. */
  public static final ConfigDef CONFIG_DEF =
      RestoreConfig.addTo(scoring(EventConfig.addTo(new ConfigDef())));

  /** What becomes of the first value that differs in a constant series. */
  enum ZeroDeviation {
    IGNORE,
    FLAG
  }

  ZScoreFlagConfig(Map<String, ?> settings) {
    super(CONFIG_DEF, settings);
    checkSamples(MIN_SAMPLES, values());
  }

  private static ConfigDef scoring(ConfigDef def) {
    return def.define(
            FIELDS,
            ConfigDef.Type.STRING,
            ConfigDef.NO_DEFAULT_VALUE,
            Validators.parsedBy(
                "field paths separated by commas, such as amount", EventConfig::paths),
            ConfigDef.Importance.HIGH,
            "The numeric fields to score, separated by commas; those too that a WindowedFeatures"
                + " before this one adds.",
            GROUP,
            1,
            ConfigDef.Width.LONG,
            "Fields")
        .define(
            WINDOW,
            ConfigDef.Type.INT,
            100,
            between(1, 1_000_000),
            ConfigDef.Importance.MEDIUM,
            "How many of the key's last values a value is scored against.",
            GROUP,
            2,
            ConfigDef.Width.SHORT,
            "Window")
        .define(
            THRESHOLD,
            ConfigDef.Type.DOUBLE,
            3.0,
            Validators.of(
                "greater than 0",
                (name, value) -> {
                  if (value instanceof Double threshold && !(threshold > 0)) {
                    throw new ConfigException(name, value, "must be greater than 0");
                  }
                }),
            ConfigDef.Importance.MEDIUM,
            "A value is an anomaly if it lies more than this many standard deviations from the"
                + " mean.",
            GROUP,
            3,
            ConfigDef.Width.SHORT,
            "Threshold")
        .define(
            MIN_SAMPLES,
            ConfigDef.Type.INT,
            10,
            between(1, 1_000_000),
            ConfigDef.Importance.MEDIUM,
            "A value is not scored before its key has had this many.",
            GROUP,
            4,
            ConfigDef.Width.SHORT,
            "Minimum of samples",
            new Choices(List.of(), ZScoreFlagConfig::checkSamples))
        .define(
            ZERO_DEVIATION,
            ConfigDef.Type.STRING,
            "ignore",
            Validators.oneOf(ZeroDeviation.class),
            ConfigDef.Importance.LOW,
            "The first value that differs in a constant series has no finite z-score: 'ignore'"
                + " does not flag it, 'flag' does (with null for its z-score).",
            GROUP,
            5,
            ConfigDef.Width.SHORT,
            "Change of a constant",
            Choices.of("ignore", "flag"))
        .define(
            Z_SCORES,
            ConfigDef.Type.BOOLEAN,
            false,
            ConfigDef.Importance.LOW,
            "Whether to add each field's z-score as FIELD_z; null where there is none.",
            GROUP,
            6,
            ConfigDef.Width.SHORT,
            "Add z-scores",
            Choices.of());
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

  List<FieldPath> fields() {
    return EventConfig.paths(this, FIELDS);
  }

  ZScoring scoring() {
    return new ZScoring(
        getInt(WINDOW),
        getInt(MIN_SAMPLES),
        getDouble(THRESHOLD),
        Validators.constant(ZeroDeviation.class, getString(ZERO_DEVIATION)) == ZeroDeviation.FLAG);
  }

  boolean addsZScores() {
    return getBoolean(Z_SCORES);
  }

  RestoreSettings restore() {
    return RestoreConfig.of(this);
  }

  private static ConfigDef.Validator between(int min, int max) {
    return Validators.of("from " + min + " to " + max, ConfigDef.Range.between(min, max));
  }

  private static void checkSamples(String name, Map<String, ?> parsed) {
    if (parsed.get(MIN_SAMPLES) instanceof Integer samples
        && parsed.get(WINDOW) instanceof Integer window
        && window >= 1
        && samples > window) {
      throw new ConfigException(
          MIN_SAMPLES, samples, "no more values are kept than 'window' says (" + window + ")");
    }
  }
}
