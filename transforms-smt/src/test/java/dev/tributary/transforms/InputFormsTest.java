package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every form of a change, with a schema and without, means the same to every transform. */
class InputFormsTest {
  private static final Schema ROW =
      SchemaBuilder.struct()
          .optional()
          .name("row")
          .field("user", Schema.INT64_SCHEMA)
          .field("ts", Schema.INT64_SCHEMA)
          .field("amount", Schema.OPTIONAL_FLOAT64_SCHEMA)
          .build();
  private static final Schema ENVELOPE =
      SchemaBuilder.struct()
          .field("before", ROW)
          .field("after", ROW)
          .field("op", Schema.STRING_SCHEMA)
          .build();
  private static final Schema FLAT =
      SchemaBuilder.struct()
          .name("row")
          .field("user", Schema.INT64_SCHEMA)
          .field("ts", Schema.INT64_SCHEMA)
          .field("amount", Schema.OPTIONAL_FLOAT64_SCHEMA)
          .field("__op", Schema.OPTIONAL_STRING_SCHEMA)
          .field("__deleted", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  /** How a change is written. */
  private enum Form {
    ENVELOPE,
    ENVELOPE_WITHOUT_SCHEMA,
    FLAT,
    FLAT_WITHOUT_SCHEMA,
    PLAIN,
    PLAIN_WITHOUT_SCHEMA;

    boolean knowsOperations() {
      return this != PLAIN && this != PLAIN_WITHOUT_SCHEMA;
    }

    Object of(String operation, Map<String, Object> row) {
      boolean deleted = operation.equals("d");
      Map<String, Object> flat = new HashMap<>(row);
      flat.put("__op", operation);
      flat.put("__deleted", Boolean.toString(deleted));
      Map<String, Object> envelope = new HashMap<>();
      envelope.put("op", operation);
      envelope.put("before", deleted ? row : null);
      envelope.put("after", deleted ? null : row);
      return switch (this) {
        case PLAIN -> struct(ROW, row);
        case PLAIN_WITHOUT_SCHEMA -> row;
        case FLAT -> struct(InputFormsTest.FLAT, flat);
        case FLAT_WITHOUT_SCHEMA -> flat;
        case ENVELOPE_WITHOUT_SCHEMA -> envelope;
        case ENVELOPE ->
            new Struct(InputFormsTest.ENVELOPE)
                .put("op", operation)
                .put("before", deleted ? struct(ROW, row) : null)
                .put("after", deleted ? null : struct(ROW, row));
      };
    }
  }

  private static Struct struct(Schema schema, Map<String, Object> values) {
    Struct struct = new Struct(schema);
    schema.fields().forEach(field -> struct.put(field, values.get(field.name())));
    return struct;
  }

  private static List<Transformation<SinkRecord>> chain() {
    Map<String, String> common = Map.of("key", "user", "event.time", "ts", "restore", "none");
    WindowedFeatures<SinkRecord> windows = new WindowedFeatures<>();
    windows.configure(
        Rows.settings(
            common, "features", "n = count() over 1m, s = sum(after.amount) over 1m exclusive"));
    ZScoreFlag<SinkRecord> scores = new ZScoreFlag<>();
    scores.configure(
        Rows.settings(common, "fields", "amount", "min.samples", "2", "z.scores", "true"));
    SequenceFlag<SinkRecord> sequences = new SequenceFlag<>();
    sequences.configure(
        Rows.settings(
            common, "patterns", "p = a: amount < 0 then b: amount > 5 and n > 1 within 1m"));
    ModelScore<SinkRecord> model = new ModelScore<>();
    model.configure(
        Map.of("model", "linear", "weights", "n=10,total_sequences=1", "output.field", "risk"));
    return List.of(windows, scores, sequences, model);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void giveTheSame(Form form) {
    List<Transformation<SinkRecord>> chain = chain();
    List<String> results = new ArrayList<>();
    Object[][] events = {{"c", -1.0}, {"r", 1.0}, {"u", 500.0}, {"d", 500.0}, {"c", 10.0}};
    for (int i = 0; i < events.length; i++) {
      String operation = (String) events[i][0];
      if (!form.knowsOperations() && (operation.equals("u") || operation.equals("d"))) {
        continue;
      }
      Map<String, Object> row = new HashMap<>();
      row.put("user", 7L);
      row.put("ts", 1_795_208_400L + i);
      row.put("amount", events[i][1]);
      SinkRecord out = Rows.record(form.of(operation, row));
      for (Transformation<SinkRecord> transform : chain) {
        out = transform.apply(out);
      }
      StringBuilder result = new StringBuilder(operation);
      for (String field : List.of("n", "s", "amount_z", "is_anomalous", "total_sequences")) {
        Object value = get(out.value(), field);
        // a sum of none is a whole 0 where no schema says otherwise
        result.append(' ').append(field.equals("s") && value.equals(0L) ? 0.0 : value);
      }
      results.add(result.toString());
      Object risk = get(out.value(), "risk");
      boolean isEvent = operation.equals("c") || operation.equals("r");
      assertThat(risk != null && !risk.equals("none"))
          .as("%s: %s", result, risk)
          .isEqualTo(isEvent);
      if (form.knowsOperations()) {
        assertThat(get(out.value(), "__op")).isEqualTo(operation);
      }
    }
    List<String> expected =
        new ArrayList<>(
            List.of(
                "c 1 0.0 null false 0",
                "r 2 -1.0 null false 0",
                "u none none none none none",
                "d none none none none none",
                "c 3 0.0 10.0 true 1"));
    if (!form.knowsOperations()) {
      expected.subList(2, 4).clear();
    }
    assertThat(results).isEqualTo(expected);
    SinkRecord tombstone = Rows.record(null);
    chain.forEach(transform -> assertThat(transform.apply(tombstone)).isSameAs(tombstone));
    chain.forEach(Transformation::close);
  }

  /** "none" where there is no such field. */
  private static Object get(Object row, String field) {
    if (row instanceof Struct struct) {
      return struct.schema().field(field) == null ? "none" : struct.get(field);
    }
    Map<?, ?> map = (Map<?, ?>) row;
    return map.containsKey(field) ? map.get(field) : "none";
  }
}
