package dev.tributary.transforms;

import dev.tributary.common.Versions;
import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import dev.tributary.transforms.score.Model;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Scores a record from its features: by weights in the settings, or by a model in an ONNX file.
 *
 * <p><b>What comes out</b> is flat, as with {@link WindowedFeatures}: the row, {@code score}
 * (FLOAT64, clamped; null where a feature without a default is null or missing, or the score is not
 * a number) and {@code __op} of an envelope. An ONNX model gets floats where its input is of
 * floats, and its score is onnxruntime's own number.
 *
 * <p><b>Errors.</b> A feature that is no number is an error of this record.
 *
 * @param <R> a sink's or a source's records
 */
public final class ModelScore<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {
  private Set<Operation> operations;
  private List<FieldPath> features;
  private double[] defaults;
  private boolean failsOnMissing;
  private double min;
  private double max;
  private RowWriter rows;
  private Model model;

  /** Filled anew for each record. */
  private double[] values;

  private final Object[] score = new Object[1];

  /** For Connect. */
  public ModelScore() {}

  @Override
  public void configure(Map<String, ?> settings) {
    ModelScoreConfig config = new ModelScoreConfig(settings);
    operations = config.operations();
    features = config.features();
    defaults = config.defaults();
    failsOnMissing = config.failsOnMissing();
    min = config.min();
    max = config.max();
    values = new double[features.size()];
    rows = new MergedRows(List.of(new AddedField(config.output(), Schema.OPTIONAL_FLOAT64_SCHEMA)));
    model = config.model();
  }

  @Override
  public R apply(R record) {
    ChangeEvent event = read(record);
    if (event.row() == null || !operations.contains(event.operation())) {
      return rows.pass(record, event);
    }
    score[0] = readFeatures(event, record) ? score() : null;
    return rows.write(record, event, score);
  }

  private ChangeEvent read(R record) {
    try {
      return ChangeEvent.of(record);
    } catch (DataException e) {
      throw EventReader.refused(record, e.getMessage());
    }
  }

  /** Null if it is not a number. */
  private Double score() {
    double made = model.score(values);
    return Double.isNaN(made) ? null : Double.valueOf(Math.min(max, Math.max(min, made)));
  }

  /** Whether all are there. */
  private boolean readFeatures(ChangeEvent event, R record) {
    for (int i = 0; i < values.length; i++) {
      FieldPath path = features.get(i);
      Object value = path.get(event);
      values[i] =
          value == null
              ? defaults[i]
              : value instanceof Boolean bool
                  ? (bool ? 1 : 0)
                  : Numbers.toDouble(value, path, record);
      if (value == null && Double.isNaN(defaults[i])) {
        if (failsOnMissing) {
          throw EventReader.refused(
              record, "the feature '" + path + "' is null or missing; give it a default");
        }
        return false;
      }
    }
    return true;
  }

  @Override
  public ConfigDef config() {
    return ModelScoreConfig.CONFIG_DEF;
  }

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public void close() {
    if (model != null) {
      model.close();
    }
  }
}
