package dev.tributary.transforms;

import dev.tributary.common.config.Validators;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import dev.tributary.transforms.chain.RestoreConfig.Choices;
import dev.tributary.transforms.score.LinearModel;
import dev.tributary.transforms.score.Model;
import dev.tributary.transforms.score.OnnxModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** The settings of {@link ModelScore}. */
public final class ModelScoreConfig extends AbstractConfig {
  static final String MODEL = "model";
  static final String WEIGHTS = "weights";
  static final String INTERCEPT = "intercept";
  static final String FEATURES = "features";
  static final String FILE = "onnx.file";
  static final String OUTPUT_NAME = "onnx.output";
  static final String OUTPUT_ELEMENT = "onnx.output.element";
  static final String DEFAULTS = "defaults";
  static final String MISSING = "missing";
  static final String OUTPUT = "output.field";
  static final String MIN = "clamp.min";
  static final String MAX = "clamp.max";

  private static final String MODEL_GROUP = "Model";
  private static final String SCORE_GROUP = "Score";
  private static final ConfigDef.Validator PAIRS =
      Validators.parsedBy("FIELD=NUMBER,FIELD=NUMBER", ModelScoreConfig::pairs);

  /** All settings. */
  public static final ConfigDef CONFIG_DEF = score(model(new ConfigDef()));

  /** The kinds of models. */
  enum Kind {
    LINEAR,
    LOGISTIC,
    ONNX
  }

  /** What becomes of a record that lacks a feature without a default. */
  enum Missing {
    NULL,
    FAIL
  }

  ModelScoreConfig(Map<String, ?> settings) {
    super(CONFIG_DEF, settings);
    check(MODEL, values());
    if (!(getDouble(MIN) <= getDouble(MAX))) {
      throw new ConfigException(MIN, getDouble(MIN), "is more than " + MAX);
    }
  }

  private static ConfigDef model(ConfigDef def) {
    return def.define(
            MODEL,
            ConfigDef.Type.STRING,
            "linear",
            Validators.oneOf(Kind.class),
            ConfigDef.Importance.HIGH,
            "The kind of model: 'linear' (the weighted sum and the intercept), 'logistic' (the same"
                + " through 1 / (1 + e^-x)), or 'onnx' (a file that onnxruntime runs).",
            MODEL_GROUP,
            1,
            ConfigDef.Width.SHORT,
            "Model",
            new Choices(List.of("linear", "logistic", "onnx"), ModelScoreConfig::check))
        .define(
            WEIGHTS,
            ConfigDef.Type.STRING,
            "",
            PAIRS,
            ConfigDef.Importance.HIGH,
            "Of a linear or logistic model: the weight of each feature, as FIELD=NUMBER separated"
                + " by commas.",
            MODEL_GROUP,
            2,
            ConfigDef.Width.LONG,
            "Weights")
        .define(
            INTERCEPT,
            ConfigDef.Type.DOUBLE,
            0.0,
            ConfigDef.Importance.HIGH,
            "Of a linear or logistic model: what is added to the sum.",
            MODEL_GROUP,
            3,
            ConfigDef.Width.SHORT,
            "Intercept")
        .define(
            FILE,
            ConfigDef.Type.STRING,
            "",
            ConfigDef.Importance.HIGH,
            "The ONNX file, on every worker. Needs onnxruntime's jar"
                + " (com.microsoft.onnxruntime:onnxruntime) in the folder of this plugin.",
            MODEL_GROUP,
            4,
            ConfigDef.Width.LONG,
            "ONNX file")
        .define(
            FEATURES,
            ConfigDef.Type.STRING,
            "",
            Validators.parsedBy(
                "field paths separated by commas", text -> ModelScoreConfig.paths(text)),
            ConfigDef.Importance.HIGH,
            "Of an ONNX model: the fields that are its input, in its order.",
            MODEL_GROUP,
            5,
            ConfigDef.Width.LONG,
            "Features")
        .define(
            OUTPUT_NAME,
            ConfigDef.Type.STRING,
            "",
            ConfigDef.Importance.LOW,
            "Of an ONNX model: the name of the output with the score; empty for the last one.",
            MODEL_GROUP,
            6,
            ConfigDef.Width.SHORT,
            "ONNX output")
        .define(
            OUTPUT_ELEMENT,
            ConfigDef.Type.INT,
            -1,
            ConfigDef.Importance.LOW,
            "Of an ONNX model: which element of that output is the score, from 0; -1 for the last,"
                + " which of a classifier with two classes is the probability of the second.",
            MODEL_GROUP,
            7,
            ConfigDef.Width.SHORT,
            "ONNX output element");
  }

  private static ConfigDef score(ConfigDef def) {
    return def.define(
            DEFAULTS,
            ConfigDef.Type.STRING,
            "",
            PAIRS,
            ConfigDef.Importance.MEDIUM,
            "What a feature is that is null or missing, as FIELD=NUMBER separated by commas.",
            SCORE_GROUP,
            1,
            ConfigDef.Width.LONG,
            "Defaults")
        .define(
            MISSING,
            ConfigDef.Type.STRING,
            "null",
            Validators.oneOf(Missing.class),
            ConfigDef.Importance.MEDIUM,
            "What becomes of a record that lacks a feature without a default: 'null' gives it no"
                + " score, 'fail' is an error of this record.",
            SCORE_GROUP,
            2,
            ConfigDef.Width.SHORT,
            "Missing features",
            Choices.of("null", "fail"))
        .define(
            OUTPUT,
            ConfigDef.Type.STRING,
            "score",
            Validators.notBlank(),
            ConfigDef.Importance.MEDIUM,
            "The field that gets the score (FLOAT64, or null).",
            SCORE_GROUP,
            3,
            ConfigDef.Width.SHORT,
            "Field for the score")
        .define(
            MIN,
            ConfigDef.Type.DOUBLE,
            Double.NEGATIVE_INFINITY,
            ConfigDef.Importance.LOW,
            "A lower score becomes this one.",
            SCORE_GROUP,
            4,
            ConfigDef.Width.SHORT,
            "Least score")
        .define(
            MAX,
            ConfigDef.Type.DOUBLE,
            Double.POSITIVE_INFINITY,
            ConfigDef.Importance.LOW,
            "A higher score becomes this one.",
            SCORE_GROUP,
            5,
            ConfigDef.Width.SHORT,
            "Greatest score")
        .define(
            EventConfig.OPERATIONS,
            ConfigDef.Type.STRING,
            "c,r,u",
            Validators.parsedBy(
                "operations (" + Operation.codes() + ") separated by commas",
                text -> EventConfig.operations(text)),
            ConfigDef.Importance.LOW,
            "Which change events get a score; others come out without one.",
            SCORE_GROUP,
            6,
            ConfigDef.Width.SHORT,
            "Operations");
  }

  Set<Operation> operations() {
    return EventConfig.operations(this);
  }

  List<FieldPath> features() {
    return kind() == Kind.ONNX
        ? paths(getString(FEATURES))
        : pairs(getString(WEIGHTS)).keySet().stream().map(FieldPath::parse).toList();
  }

  /** Per feature; NaN where there is none. */
  double[] defaults() {
    Map<String, Double> given = pairs(getString(DEFAULTS));
    double[] defaults =
        features().stream()
            .mapToDouble(
                path ->
                    given.containsKey(path.toString()) ? given.remove(path.toString()) : Double.NaN)
            .toArray();
    if (!given.isEmpty()) {
      throw new ConfigException(
          DEFAULTS, getString(DEFAULTS), "names what is no feature: " + given.keySet());
    }
    return defaults;
  }

  boolean failsOnMissing() {
    return Validators.constant(Missing.class, getString(MISSING)) == Missing.FAIL;
  }

  String output() {
    return getString(OUTPUT);
  }

  double min() {
    return getDouble(MIN);
  }

  double max() {
    return getDouble(MAX);
  }

  Model model() {
    if (kind() != Kind.ONNX) {
      double[] weights = pairs(getString(WEIGHTS)).values().stream().mapToDouble(w -> w).toArray();
      return new LinearModel(weights, getDouble(INTERCEPT), kind() == Kind.LOGISTIC);
    }
    try {
      return new OnnxModel(
          Path.of(getString(FILE)),
          features().size(),
          getString(OUTPUT_NAME),
          getInt(OUTPUT_ELEMENT));
    } catch (NoClassDefFoundError e) {
      throw new ConfigException(MODEL, "onnx", NO_RUNTIME);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(FILE, getString(FILE), e.getMessage());
    }
  }

  private static final String NO_RUNTIME =
      "needs onnxruntime: put com.microsoft.onnxruntime:onnxruntime's jar into the folder of this"
          + " plugin on every worker";

  private Kind kind() {
    return Validators.constant(Kind.class, getString(MODEL));
  }

  private static void check(String name, Map<String, ?> parsed) {
    if (!(parsed.get(MODEL) instanceof String model)) {
      return;
    }
    boolean onnx = Validators.constant(Kind.class, model) == Kind.ONNX;
    if (!onnx && String.valueOf(parsed.get(WEIGHTS)).isBlank()) {
      throw new ConfigException(MODEL, model, "needs 'weights'");
    }
    if (onnx && String.valueOf(parsed.get(FEATURES)).isBlank()) {
      throw new ConfigException(MODEL, model, "needs 'features', in the order of its input");
    }
    if (onnx && !Files.isReadable(Path.of(String.valueOf(parsed.get(FILE))))) {
      throw new ConfigException(MODEL, model, "needs a file that can be read as 'onnx.file'");
    }
  }

  private static List<FieldPath> paths(String text) {
    return text.isBlank() ? List.of() : EventConfig.paths(text);
  }

  private static Map<String, Double> pairs(String text) {
    Map<String, Double> pairs = new LinkedHashMap<>();
    List<String> entries =
        text.isBlank() ? List.of() : new ArrayList<>(List.of(text.split(",", -1)));
    for (String pair : entries) {
      int equals = pair.lastIndexOf('=');
      try {
        if (equals < 1
            || pairs.put(
                    FieldPath.parse(pair.substring(0, equals).trim()).toString(),
                    Double.valueOf(pair.substring(equals + 1).trim()))
                != null) {
          throw new IllegalArgumentException(
              "'" + pair.trim() + "': write FIELD=NUMBER, once each");
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + pair.trim() + "': write FIELD=NUMBER", e);
      }
    }
    return pairs;
  }
}
