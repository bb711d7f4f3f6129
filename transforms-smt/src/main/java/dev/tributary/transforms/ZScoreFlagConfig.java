package dev.tributary.transforms;

import dev.tributary.common.config.Durations;
import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import dev.tributary.transforms.chain.RestoreConfig;
import dev.tributary.transforms.chain.RestoreConfig.Choices;
import dev.tributary.transforms.chain.RestoreSettings;
import dev.tributary.transforms.zscore.ZScoring;
import java.time.Duration;
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
  static final String METHOD = "method";
  static final String GRACE = "grace";
  static final String MAX_VALUES = "window.max.values";
  static final String TOLERANCE = "page.hinkley.tolerance";

  private static final String GROUP = "Scoring";

  /** All settings. */
  public static final ConfigDef CONFIG_DEF =
      RestoreConfig.addTo(
          methods(scoring(EventTimeConfig.addTo(EventConfig.addTo(new ConfigDef())))));

  /** What becomes of the first value that differs in a constant series. */
  enum ZeroDeviation {
    IGNORE,
    FLAG
  }

  ZScoreFlagConfig(Map<String, ?> settings) {
    super(CONFIG_DEF, settings);
    checkSamples(MIN_SAMPLES, values());
    checkMethod(METHOD, values());
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
            ConfigDef.Type.STRING,
            "100",
            Validators.parsedBy(
                "from 1 to 1000000 values, or a duration such as 10m", ZScoreFlagConfig::window),
            ConfigDef.Importance.MEDIUM,
            "What a value is scored against: a number for that many of the key's last values, or a"
                + " duration for the key's values of so much event time before it. With method"
                + " ewma the span in values (alpha = 2 / (N + 1)); page_hinkley uses all since the"
                + " last change.",
            GROUP,
            2,
            ConfigDef.Width.SHORT,
            "Window")
        .define(
            THRESHOLD,
            ConfigDef.Type.DOUBLE,
            null,
            Validators.of(
                "greater than 0; empty for the method's",
                (name, value) -> {
                  if (value instanceof Double threshold && !(threshold > 0)) {
                    throw new ConfigException(name, value, "must be greater than 0");
                  }
                }),
            ConfigDef.Importance.MEDIUM,
            "A value is an anomaly if its score is further from 0 than this. If it is not set: 3.0"
                + " with zscore and ewma, 3.5 with robust, 10 with page_hinkley.",
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

  private static ConfigDef methods(ConfigDef def) {
    def.define(
            METHOD,
            ConfigDef.Type.STRING,
            "zscore",
            Validators.parsedBy(
                "one of zscore, robust, ewma, page_hinkley", ZScoreFlagConfig::method),
            ConfigDef.Importance.MEDIUM,
            "How a value is scored. 'zscore': standard deviations from the mean. 'robust': the"
                + " modified z-score of median and MAD, which earlier anomalies hardly move."
                + " 'ewma': as zscore, with an exponentially weighted mean and deviation."
                + " 'page_hinkley': finds a level that has moved, by the sum of deviations to one"
                + " side (in standard deviations) since the last such change.",
            GROUP,
            7,
            ConfigDef.Width.SHORT,
            "Method",
            new Choices(
                List.of("zscore", "robust", "ewma", "page_hinkley"), ZScoreFlagConfig::checkMethod))
        .define(
            GRACE,
            ConfigDef.Type.STRING,
            "",
            Validators.parsedBy(
                "empty, or a duration such as 500ms, 30s, 5m, 1h or 7d",
                EventTimeConfig::durationOrNull),
            ConfigDef.Importance.LOW,
            "With a window of time: an event older than the newest one of its partition by more"
                + " than this is late, and neither scored nor kept. Empty for the length of the"
                + " window.",
            GROUP,
            8,
            ConfigDef.Width.SHORT,
            "Grace")
        .define(
            MAX_VALUES,
            ConfigDef.Type.INT,
            10_000,
            between(1, 1_000_000),
            ConfigDef.Importance.LOW,
            "With a window of time: how many values of a key's field are kept at most; the oldest"
                + " go first.",
            GROUP,
            9,
            ConfigDef.Width.SHORT,
            "Values of a window")
        .define(
            TOLERANCE,
            ConfigDef.Type.DOUBLE,
            0.5,
            Validators.of(
                "at least 0",
                (name, value) -> {
                  if (value instanceof Double tolerance && !(tolerance >= 0)) {
                    throw new ConfigException(name, value, "must be at least 0");
                  }
                }),
            ConfigDef.Importance.LOW,
            "With method page_hinkley: by how many standard deviations a value may be off without"
                + " counting.",
            GROUP,
            10,
            ConfigDef.Width.SHORT,
            "Tolerance");
    PrefixConfig.addTo(def, GROUP, 11);
    return MaxKeysConfig.addTo(
        def,
        GROUP,
        12,
        "value to score",
        "With a window of time, keys are let go of by themselves once it has passed.");
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
    ZScoring.Method method = method(getString(METHOD));
    return new ZScoring(
        method,
        window(),
        getInt(MIN_SAMPLES),
        getDouble(THRESHOLD) == null ? method.defaultThreshold() : getDouble(THRESHOLD),
        Validators.constant(ZeroDeviation.class, getString(ZERO_DEVIATION)) == ZeroDeviation.FLAG,
        getDouble(TOLERANCE));
  }

  EventClock clock() {
    return EventTimeConfig.clock(this);
  }

  private ZScoring.Window window() {
    Object window = window(getString(WINDOW));
    if (window instanceof Integer values) {
      return new ZScoring.Window.Last(values);
    }
    long length = ((Duration) window).toMillis();
    Duration grace = EventTimeConfig.durationOrNull(getString(GRACE));
    return new ZScoring.Window.Within(
        length, grace == null ? length : grace.toMillis(), getInt(MAX_VALUES));
  }

  /** An Integer or a Duration. */
  private static Object window(String text) {
    if (!text.trim().matches("[0-9]{1,9}")) {
      Duration length = Durations.parse(text);
      if (length.isZero()) {
        throw new IllegalArgumentException("a window of no length holds nothing");
      }
      return length;
    }
    int values = Integer.parseInt(text.trim());
    if (values < 1 || values > 1_000_000) {
      throw new IllegalArgumentException("must be from 1 to 1000000 values, or a duration");
    }
    return values;
  }

  private static ZScoring.Method method(String text) {
    try {
      return Validators.constant(ZScoring.Method.class, text.trim());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be one of zscore, robust, ewma, page_hinkley");
    }
  }

  boolean addsZScores() {
    return getBoolean(Z_SCORES);
  }

  String prefix() {
    return PrefixConfig.of(this);
  }

  int maxKeys() {
    return MaxKeysConfig.of(this);
  }

  RestoreSettings restore() {
    return RestoreConfig.of(this);
  }

  private static ConfigDef.Validator between(int min, int max) {
    return Validators.of("from " + min + " to " + max, ConfigDef.Range.between(min, max));
  }

  private static void checkSamples(String name, Map<String, ?> parsed) {
    if (parsed.get(MIN_SAMPLES) instanceof Integer samples
        && parsed.get(WINDOW) instanceof String text
        && window(text) instanceof Integer window
        && parsed.get(METHOD) instanceof String method
        && (method(method) == ZScoring.Method.ZSCORE || method(method) == ZScoring.Method.ROBUST)
        && samples > window) {
      throw new ConfigException(
          MIN_SAMPLES, samples, "no more values are kept than 'window' says (" + window + ")");
    }
  }

  private static void checkMethod(String name, Map<String, ?> parsed) {
    if (parsed.get(WINDOW) instanceof String text
        && window(text) instanceof Duration
        && parsed.get(METHOD) instanceof String method
        && method(method) == ZScoring.Method.EWMA) {
      throw new ConfigException(
          METHOD, method, "needs a number of values as 'window', which is " + text);
    }
  }
}
