package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.transforms.zscore.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** The fields that {@link ZScoreFlag} adds. */
final class AnomalyFields {
  static final String IS_ANOMALOUS = "is_anomalous";

  private static final Schema ANOMALY =
      SchemaBuilder.struct()
          .name("dev.tributary.Anomaly")
          .field("feature", Schema.STRING_SCHEMA)
          .field("value", Schema.FLOAT64_SCHEMA)
          .field("z_score", Schema.OPTIONAL_FLOAT64_SCHEMA)
          .field("threshold", Schema.FLOAT64_SCHEMA)
          .build();
  private static final int FIXED = 3;

  private final List<FieldPath> fields;
  private final String prefix;
  private final double threshold;
  private final Object[] added;

  AnomalyFields(List<FieldPath> fields, String prefix, double threshold, boolean withZScores) {
    this.fields = fields;
    this.prefix = prefix;
    this.threshold = threshold;
    this.added = new Object[FIXED + (withZScores ? fields.size() : 0)];
  }

  List<AddedField> declared() {
    List<AddedField> declared = new ArrayList<>();
    declared.add(new AddedField(prefix + IS_ANOMALOUS, Schema.BOOLEAN_SCHEMA));
    declared.add(new AddedField(prefix + "anomalies", SchemaBuilder.array(ANOMALY).build()));
    declared.add(new AddedField(prefix + "total_anomalies", Schema.INT32_SCHEMA));
    for (int i = FIXED; i < added.length; i++) {
      declared.add(
          new AddedField(
              prefix + fields.get(i - FIXED).leaf() + "_z", Schema.OPTIONAL_FLOAT64_SCHEMA));
    }
    return declared;
  }

  /** Their values, valid until the next call. */
  Object[] of(ChangeEvent event, double[] values, Verdict verdict) {
    int flagged = verdict.flagged();
    added[0] = flagged > 0;
    added[1] = flagged == 0 ? List.of() : anomalies(event.row() instanceof Struct, values, verdict);
    added[2] = flagged;
    for (int i = FIXED; i < added.length; i++) {
      added[i] = zScore(verdict, i - FIXED);
    }
    return added;
  }

  private List<Object> anomalies(boolean withSchema, double[] values, Verdict verdict) {
    List<Object> anomalies = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (verdict.isFlagged(i)) {
        String name = fields.get(i).toString();
        anomalies.add(
            withSchema
                ? new Struct(ANOMALY)
                    .put("feature", name)
                    .put("value", values[i])
                    .put("z_score", zScore(verdict, i))
                    .put("threshold", threshold)
                : map(name, values[i], zScore(verdict, i)));
      }
    }
    return anomalies;
  }

  private Map<String, Object> map(String name, double value, Double zScore) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("feature", name);
    map.put("value", value);
    map.put("z_score", zScore);
    map.put("threshold", threshold);
    return map;
  }

  private static Double zScore(Verdict verdict, int field) {
    double z = verdict.zScore(field);
    return Double.isNaN(z) ? null : z;
  }
}
