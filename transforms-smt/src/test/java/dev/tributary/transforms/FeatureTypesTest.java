package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The types of features in the output: of every aggregate, and of every type of field. */
@SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
class FeatureTypesTest {
  private static final Schema VARIABLE_SCALE =
      SchemaBuilder.struct()
          .name("io.debezium.data.VariableScaleDecimal")
          .version(1)
          .optional()
          .field("scale", Schema.INT32_SCHEMA)
          .field("value", Schema.BYTES_SCHEMA)
          .build();
  private static final Schema MICROS =
      SchemaBuilder.int64().name("io.debezium.time.MicroTimestamp").version(1).optional().build();
  private static final Schema DECIMAL = Decimal.builder(2).optional().build();
  private static final Schema TIMESTAMP = Timestamp.builder().optional().build();

  /** Field, its type, and its values in two events. */
  private record Column(String name, Schema schema, Object first, Object second) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("i8", Schema.INT8_SCHEMA, (byte) 3, (byte) 4),
          new Column("i16", Schema.OPTIONAL_INT16_SCHEMA, (short) 3, (short) 4),
          new Column("i32", SchemaBuilder.int32().defaultValue(9).build(), 3, 4),
          new Column("i64", Schema.INT64_SCHEMA, 3L, 4L),
          new Column("f32", Schema.FLOAT32_SCHEMA, 1.5f, 2.25f),
          new Column("f64", Schema.OPTIONAL_FLOAT64_SCHEMA, 0.25, 0.5),
          new Column("dec", Decimal.schema(2), new BigDecimal("0.10"), new BigDecimal("0.25")),
          new Column("var", VARIABLE_SCALE, scaled("0.1"), scaled("0.255")),
          new Column("txt", Schema.STRING_SCHEMA, "1.50", "2"),
          new Column("yes", Schema.BOOLEAN_SCHEMA, false, true),
          new Column("at", Timestamp.SCHEMA, new Date(1_000), new Date(2_000)),
          new Column("us", MICROS, 1_000L, 2_000L),
          new Column("raw", Schema.BYTES_SCHEMA, bytes(1), bytes(2)));

  private WindowedFeatures<SinkRecord> transform;

  @AfterEach
  void close() {
    transform.close();
  }

  private static Struct scaled(String number) {
    BigDecimal decimal = new BigDecimal(number);
    return new Struct(VARIABLE_SCALE)
        .put("scale", decimal.scale())
        .put("value", decimal.unscaledValue().toByteArray());
  }

  private static ByteBuffer bytes(int content) {
    return ByteBuffer.wrap(new byte[] {(byte) content});
  }

  /** What comes out of the second of two events. */
  private Struct second(String features) {
    transform = new WindowedFeatures<>();
    transform.configure(Map.of("key", "user", "features", features, "restore", "none"));
    SchemaBuilder builder = SchemaBuilder.struct().name("row").field("user", Schema.INT64_SCHEMA);
    COLUMNS.forEach(column -> builder.field(column.name(), column.schema()));
    Schema schema = builder.build();
    Struct first = new Struct(schema).put("user", 7L);
    Struct second = new Struct(schema).put("user", 7L);
    for (Column column : COLUMNS) {
      first.put(column.name(), column.first());
      second.put(column.name(), column.second());
    }
    transform.apply(Rows.record(first));
    Struct out = (Struct) transform.apply(Rows.record(second)).value();
    out.validate();
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of(), false);
      byte[] json = converter.fromConnectData("t", out.schema(), out);
      assertThat(((Struct) converter.toConnectData("t", json).value()).schema().fields())
          .hasSameSizeAs(out.schema().fields());
    }
    return out;
  }

  private static void assertField(Struct out, String name, Schema schema, Object value) {
    assertThat(out.schema().field(name).schema()).as(name).isEqualTo(schema);
    assertThat(out.get(name)).as(name).isEqualTo(value);
  }

  @Test
  void keepTheTypeOfTheFieldWhereTheyAreOneOfItsValues() {
    StringBuilder features = new StringBuilder();
    for (Column column : COLUMNS) {
      for (String aggregate : List.of("first", "last", "min", "max")) {
        features.append(
            "%s_%s = %s(%s) over 1m, "
                .formatted(aggregate, column.name(), aggregate, column.name()));
      }
      features.append("list_%1$s = last_n(%1$s, 2) over 1m, ".formatted(column.name()));
      features.append("top_%1$s = top_k(%1$s, 1) over 1m, ".formatted(column.name()));
    }
    Struct out = second(features + "n = count() over 1m");
    for (Column column : COLUMNS) {
      Schema schema = FieldTypes.optional(column.schema());
      assertThat(schema.isOptional()).isTrue();
      assertThat(schema.type()).isEqualTo(column.schema().type());
      assertThat(schema.name()).isEqualTo(column.schema().name());
      assertThat(schema.version()).isEqualTo(column.schema().version());
      assertThat(schema.parameters()).isEqualTo(column.schema().parameters());
      assertThat(schema.defaultValue()).isNull();
      assertField(out, "first_" + column.name(), schema, column.first());
      assertField(out, "last_" + column.name(), schema, column.second());
      if (!column.name().equals("raw")) {
        assertField(out, "min_" + column.name(), schema, column.first());
        assertField(out, "max_" + column.name(), schema, column.second());
      }
      assertField(
          out,
          "list_" + column.name(),
          SchemaBuilder.array(schema).optional().build(),
          List.of(column.first(), column.second()));
      Struct top = (Struct) out.getArray("top_" + column.name()).get(0);
      assertThat(top.schema().name()).isEqualTo("dev.tributary.TopValue");
      assertField(top, "count", Schema.INT64_SCHEMA, 1L);
      assertThat(top.schema().field("value").schema()).isEqualTo(schema);
    }
  }

  @Test
  void sumsStayWhatTheyAreSumsOf() {
    Struct out =
        second(
            "i8_s = sum(i8) over 1m, i16_s = sum(i16) over 1m, i32_s = sum(i32) over 1m,"
                + " i64_s = sum(i64) over 1m, f32_s = sum(f32) over 1m, f64_s = sum(f64) over all,"
                + " dec_s = sum(dec) over session 1m, var_s = sum(var) over tumbling 1m,"
                + " txt_s = sum(txt) over hopping 2m by 1m, yes_s = sum(yes) over 1m,"
                + " none_s = sum(nowhere) over 1m");
    for (String whole : List.of("i8_s", "i16_s", "i32_s", "i64_s")) {
      assertField(out, whole, Schema.OPTIONAL_INT64_SCHEMA, 7L);
    }
    assertField(out, "f32_s", Schema.OPTIONAL_FLOAT64_SCHEMA, 3.75);
    assertField(out, "f64_s", Schema.OPTIONAL_FLOAT64_SCHEMA, 0.75);
    assertField(out, "dec_s", DECIMAL, new BigDecimal("0.35"));
    assertField(out, "var_s", VARIABLE_SCALE, scaled("0.355"));
    assertField(out, "txt_s", Schema.OPTIONAL_STRING_SCHEMA, "3.50");
    assertField(out, "yes_s", Schema.OPTIONAL_INT64_SCHEMA, 1L);
    assertField(out, "none_s", Schema.OPTIONAL_FLOAT64_SCHEMA, 0.0);
  }

  @Test
  void areNumbersOrTimesWhereTheyAreNoneOfTheFieldsValues() {
    String[] counts = {"count()", "count(dec)", "distinct(txt)", "approx_distinct(raw)"};
    String[] doubles = {
      "avg(dec)",
      "stddev(i32)",
      "stddev_samp(f32)",
      "variance(yes)",
      "variance_samp(txt)",
      "percentile(var, 50)",
      "duration()",
    };
    String[] times = {"first_seen()", "last_seen()"};
    StringBuilder features = new StringBuilder();
    Map<String, Schema> expected = new LinkedHashMap<>();
    for (String window : List.of("1m", "tumbling 1m", "hopping 2m by 1m", "session 1m", "all")) {
      for (String aggregate : counts) {
        expected.put(declare(features, aggregate, window), Schema.OPTIONAL_INT64_SCHEMA);
      }
      for (String aggregate : doubles) {
        expected.put(declare(features, aggregate, window), Schema.OPTIONAL_FLOAT64_SCHEMA);
      }
      for (String aggregate : times) {
        expected.put(declare(features, aggregate, window), TIMESTAMP);
      }
    }
    String others =
        "rate = rate() over 1m, hist = histogram(dec, 0.2) over 1m, ratio = ratio(n0, n1),"
            + " since = seconds_since_last(), dc = decayed_count(1m), ds = decayed_sum(dec, 1m),"
            + " da = decayed_avg(txt, 1m)";
    Struct out = second(features + others);
    expected.forEach(
        (name, schema) -> {
          assertThat(out.schema().field(name).schema()).as(name).isEqualTo(schema);
          assertThat(out.get(name)).as(name).isNotNull();
        });
    for (String name : List.of("rate", "ratio", "since", "dc", "ds", "da")) {
      assertThat(out.schema().field(name).schema()).isEqualTo(Schema.OPTIONAL_FLOAT64_SCHEMA);
      assertThat(out.get(name)).as(name).isNotNull();
    }
    assertField(
        out, "hist", SchemaBuilder.array(Schema.INT64_SCHEMA).optional().build(), List.of(1L, 1L));
  }

  private static String declare(StringBuilder features, String aggregate, String window) {
    String name = "n" + features.chars().filter(c -> c == '=').count();
    features.append("%s = %s over %s, ".formatted(name, aggregate, window));
    return name;
  }

  @Test
  void areOfTypesThatJsonHasWithoutASchema() {
    transform = new WindowedFeatures<>();
    transform.configure(
        Map.of(
            "key", "user",
            "features",
                "s = sum(x) over 1m, l = last(x) over 1m, list = last_n(x, 2) over 1m, top ="
                    + " top_k(x, 1) over 1m, seen = first_seen() over 1m, n = count() over"
                    + " tumbling 1m, big = sum(y) over 1m",
            "restore", "none"));
    Map<String, Object> row = new HashMap<>();
    row.put("user", 7);
    row.put("x", new BigDecimal("0.10"));
    row.put("y", new BigInteger("9223372036854775807"));
    transform.apply(Rows.record(row));
    Map<?, ?> out = (Map<?, ?>) transform.apply(Rows.record(row)).value();
    assertThat(out.get("s")).isEqualTo("0.20");
    assertThat(out.get("l")).isEqualTo("0.10");
    assertThat(out.get("list")).isEqualTo(List.of("0.10", "0.10"));
    assertThat(out.get("top")).isEqualTo(List.of(Map.of("value", "0.1", "count", 2L)));
    assertThat(out.get("big")).isEqualTo("18446744073709551614");
    assertThat(out.get("seen")).isEqualTo(1_795_212_000_000L);
    assertThat(out.get("window_start")).isEqualTo(1_795_212_000_000L);
    List<Object> values = new ArrayList<>(out.values());
    values.removeAll(row.values());
    assertThat(values)
        .allMatch(
            v ->
                v instanceof String
                    || v instanceof Number
                    || v instanceof List
                    || v instanceof Boolean);
  }
}
