package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.common.event.Unavailable;
import dev.tributary.redis.Records;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.HashWrite;
import dev.tributary.redis.command.KeyChange;
import dev.tributary.redis.command.KeyDelete;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

class RecordEncoderTest {
  private static final Unavailable UNAVAILABLE = new Unavailable(Unavailable.DEFAULT);
  private static final KeyTemplate KEY = KeyTemplate.parse("k", ":");

  @Test
  void writesTheRowOfAnEnvelope() {
    HashWrite write = encode(Records.upsert(1, Records.row(42, "new", 1.5, true)));

    assertThat(fields(write))
        .containsExactly(
            Map.entry("user_id", "42"),
            Map.entry("status", "new"),
            Map.entry("score", "1.5"),
            Map.entry("active", "true"));
    assertThat(write.replace()).isFalse();
    assertThat(new String(write.key(), UTF_8)).isEqualTo("k");
  }

  @Test
  void writesNumbersInPlainNotation() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("big", 1.0e10);
    row.put("small", 1.5e-7);
    row.put("float", 1.0e10f);
    row.put("decimal", new BigDecimal("1E+3"));
    row.put("exact", new BigDecimal("12345678901234567890.1200"));
    row.put("min", Long.MIN_VALUE);
    row.put("nan", Double.NaN);
    row.put("byte", (byte) -1);

    assertThat(fields(encode(Records.schemaless(1, null, row))))
        .containsExactly(
            Map.entry("big", "10000000000"),
            Map.entry("small", "0.00000015"),
            Map.entry("float", "10000000000"),
            Map.entry("decimal", "1000"),
            Map.entry("exact", "12345678901234567890.1200"),
            Map.entry("min", "-9223372036854775808"),
            Map.entry("nan", "NaN"),
            Map.entry("byte", "-1"));
  }

  @Test
  void writesTimesAndDecimalsByTheirSemanticType() {
    assertThat(semantic("io.debezium.time.Date", Schema.Type.INT32, 20_777))
        .isEqualTo("2026-11-20");
    assertThat(semantic("io.debezium.time.MicroTime", Schema.Type.INT64, 36_930_000_001L))
        .isEqualTo("10:15:30.000001");
    assertThat(semantic("io.debezium.time.MicroTime", Schema.Type.INT64, 86_400_000_000L))
        .isEqualTo("24:00:00");
    assertThat(semantic("io.debezium.time.Timestamp", Schema.Type.INT64, 1_795_169_730_000L))
        .isEqualTo("2026-11-20T10:15:30");
    assertThat(
            semantic("io.debezium.time.MicroTimestamp", Schema.Type.INT64, 1_795_169_730_123_456L))
        .isEqualTo("2026-11-20T10:15:30.123456");
    assertThat(semantic("io.debezium.time.MicroTimestamp", Schema.Type.INT64, -1L))
        .isEqualTo("1969-12-31T23:59:59.999999");
    assertThat(
            semantic(
                "io.debezium.time.ZonedTimestamp", Schema.Type.STRING, "2026-11-20T10:15:30.5Z"))
        .isEqualTo("2026-11-20T10:15:30.5Z");
    assertThat(
            one(
                TimeFormat.ISO,
                Timestamp.SCHEMA,
                Date.from(Instant.ofEpochMilli(1_795_169_730_123L))))
        .isEqualTo("2026-11-20T10:15:30.123Z");
    assertThat(one(TimeFormat.ISO, Decimal.schema(2), new BigDecimal("10.50"))).isEqualTo("10.50");

    Schema variable =
        SchemaBuilder.struct()
            .name("io.debezium.data.VariableScaleDecimal")
            .field("scale", Schema.INT32_SCHEMA)
            .field("value", Schema.BYTES_SCHEMA)
            .build();
    Struct decimal = new Struct(variable).put("scale", 3).put("value", new byte[] {4, -46});
    assertThat(one(TimeFormat.ISO, variable, decimal)).isEqualTo("1.234");
  }

  @Test
  void writesSpansOfTimeBeyondADay() {
    assertThat(semantic("io.debezium.time.MicroTime", Schema.Type.INT64, -3_600_000_000L))
        .isEqualTo("-01:00:00");
    assertThat(semantic("io.debezium.time.MicroTime", Schema.Type.INT64, 108_000_500_000L))
        .isEqualTo("30:00:00.5");
    assertThat(semantic("io.debezium.time.MicroTime", Schema.Type.INT64, -3_020_399_000_000L))
        .isEqualTo("-838:59:59");
    assertThat(semantic("io.debezium.time.NanoTime", Schema.Type.INT64, -1L))
        .isEqualTo("-00:00:00.000000001");
  }

  @Test
  void refusesAValueThatCannotBeEncodedWithoutQuotingIt() {
    assertThatThrownBy(
            () -> semantic("io.debezium.time.MicroTime", Schema.Type.INT64, Long.MIN_VALUE + 1))
        .isInstanceOf(UnwritableRecordException.class)
        .hasNoCause()
        .hasMessageContaining("ArithmeticException");
    assertThatThrownBy(
            () ->
                encode(
                    Records.schemaless(1, null, Map.of("d", java.sql.Date.valueOf("1999-12-31")))))
        .isInstanceOf(UnwritableRecordException.class)
        .hasMessageNotContaining("1999");
  }

  @Test
  void leavesAFieldAsItIsWhoseUnchangedValueIsUnknown() {
    SinkRecord record =
        Records.upsert(1, Records.row(42, "__debezium_unavailable_value", 1.0, true));
    SinkRecord schemaless =
        Records.schemaless(1, null, Map.of("id", 1, "s", "__debezium_unavailable_value"));

    HashWrite write = encode(record);
    assertThat(fields(write)).containsOnlyKeys("user_id", "score", "active");
    assertThat(write.removed()).isEmpty();
    assertThat(fields(encode(schemaless))).containsOnlyKeys("id");
    assertThatThrownBy(
            () -> encode(record, HashMode.REPLACE, NullValues.SKIP, FieldSelection.all()))
        .isInstanceOf(UnwritableRecordException.class)
        .hasMessageContainingAll("'status'", "REPLICA IDENTITY FULL");
  }

  @Test
  void writesTimesAsEpochMillisecondsWhereAsked() {
    assertThat(epoch("io.debezium.time.Date", Schema.Type.INT32, 1)).isEqualTo("86400000");
    assertThat(epoch("io.debezium.time.MicroTimestamp", Schema.Type.INT64, -1L)).isEqualTo("-1");
    assertThat(
            epoch(
                "io.debezium.time.ZonedTimestamp", Schema.Type.STRING, "1970-01-01T01:00:01+01:00"))
        .isEqualTo("1000");
    assertThat(one(TimeFormat.EPOCH_MS, Timestamp.SCHEMA, Date.from(Instant.ofEpochMilli(5))))
        .isEqualTo("5");
    assertThatThrownBy(
            () -> epoch("io.debezium.time.ZonedTimestamp", Schema.Type.STRING, "infinity"))
        .isInstanceOf(UnwritableRecordException.class)
        .hasMessageContaining("field 'f'")
        .hasMessageNotContaining("infinity");
  }

  @Test
  void writesNestedValuesAsJson() {
    Schema anomaly =
        SchemaBuilder.struct()
            .field("field", Schema.STRING_SCHEMA)
            .field("z_score", Schema.FLOAT64_SCHEMA)
            .field("at", Timestamp.builder().optional().build())
            .field("raw", Schema.OPTIONAL_BYTES_SCHEMA)
            .build();
    Struct first =
        new Struct(anomaly)
            .put("field", "amount \"x\" \u20ac")
            .put("z_score", 1.25e12)
            .put("at", Date.from(Instant.ofEpochMilli(0)))
            .put("raw", ByteBuffer.wrap(new byte[] {1, 2}));
    Struct second = new Struct(anomaly).put("field", "n").put("z_score", Double.NaN);

    assertThat(one(TimeFormat.ISO, SchemaBuilder.array(anomaly).build(), List.of(first, second)))
        .isEqualTo(
            "[{\"field\":\"amount \\\"x\\\" \u20ac\",\"z_score\":1250000000000,"
                + "\"at\":\"1970-01-01T00:00:00Z\",\"raw\":\"AQI=\"},"
                + "{\"field\":\"n\",\"z_score\":\"NaN\",\"at\":null,\"raw\":null}]");
    assertThat(
            fields(encode(Records.schemaless(1, null, Map.of("m", Map.of("a", List.of(1, true)))))))
        .containsEntry("m", "{\"a\":[1,true]}");
  }

  @Test
  void writesVectorsAndGeometriesOfDebeziumAsJson() {
    Schema vector =
        SchemaBuilder.array(Schema.FLOAT64_SCHEMA).name("io.debezium.data.DoubleVector").build();
    Schema sparse =
        SchemaBuilder.struct()
            .name("io.debezium.data.SparseDoubleVector")
            .field("dimensions", Schema.INT16_SCHEMA)
            .field("vector", SchemaBuilder.map(Schema.INT16_SCHEMA, Schema.FLOAT64_SCHEMA).build())
            .build();
    Schema geometry =
        SchemaBuilder.struct()
            .name("io.debezium.data.geometry.Geometry")
            .field("wkb", Schema.BYTES_SCHEMA)
            .field("srid", Schema.OPTIONAL_INT32_SCHEMA)
            .field(
                "extensions",
                SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA).optional().build())
            .build();

    assertThat(one(TimeFormat.ISO, vector, List.of(1.5, -0.25, 3.0))).isEqualTo("[1.5,-0.25,3.0]");
    assertThat(
            one(
                TimeFormat.ISO,
                sparse,
                new Struct(sparse)
                    .put("dimensions", (short) 5)
                    .put("vector", Map.of((short) 2, 0.5))))
        .isEqualTo("{\"dimensions\":5,\"vector\":{\"2\":0.5}}");
    assertThat(
            one(
                TimeFormat.ISO,
                geometry,
                new Struct(geometry).put("wkb", new byte[] {1, 2}).put("srid", 4326)))
        .isEqualTo("{\"wkb\":\"AQI=\",\"srid\":4326,\"extensions\":null}");
  }

  @Test
  void writesBytesAsTheyAre() {
    byte[] bytes = {0, -1, 13, 10};
    HashWrite write = encode(Records.schemaless(1, null, Map.of("b", bytes)));

    assertThat(write.pairs().get(1)).isEqualTo(bytes);
  }

  @Test
  void treatsNullsAsAsked() {
    SinkRecord record = Records.upsert(1, Records.row(42, null, 1.0, null));

    HashWrite skip = encode(record, HashMode.MERGE, NullValues.SKIP, FieldSelection.all());
    assertThat(fields(skip)).containsOnlyKeys("user_id", "score");
    assertThat(skip.removed()).isEmpty();

    HashWrite empty = encode(record, HashMode.MERGE, NullValues.EMPTY, FieldSelection.all());
    assertThat(fields(empty)).containsEntry("status", "").containsEntry("active", "");

    HashWrite delete = encode(record, HashMode.MERGE, NullValues.DELETE, FieldSelection.all());
    assertThat(fields(delete)).containsOnlyKeys("user_id", "score");
    assertThat(delete.removed())
        .extracting(name -> new String(name, UTF_8))
        .containsExactly("status", "active");
  }

  @Test
  void keepsANullInAFieldWithADefaultNull() {
    Schema schema =
        SchemaBuilder.struct()
            .field("f", SchemaBuilder.string().optional().defaultValue("preset").build())
            .build();
    HashWrite write =
        encode(new SinkRecord("t", 0, null, null, schema, new Struct(schema).put("f", null), 1));

    assertThat(write.pairs()).isEmpty();
    assertThat(write.removed()).hasSize(1);
  }

  @Test
  void writesChosenFieldsOnly() {
    SinkRecord record = Records.upsert(1, Records.row(42, "new", 1.0, true));

    assertThat(
            fields(
                encode(
                    record,
                    HashMode.MERGE,
                    NullValues.SKIP,
                    new FieldSelection(Set.of("status", "score"), Set.of("score")))))
        .containsOnlyKeys("status");
  }

  @Test
  void leavesTheMarksOfAFlattenedRowOut() {
    SinkRecord flat =
        Records.schemaless(1, null, Map.of("id", 1, "__op", "c", "__deleted", "false"));

    assertThat(fields(encode(flat))).containsOnlyKeys("id");
  }

  @Test
  void deletesForTombstonesCdcDeletesAndFlattenedDeletes() {
    assertThat(change(Records.tombstone(1, 42))).isInstanceOf(KeyDelete.class);
    assertThat(change(Records.delete(1, 42))).isInstanceOf(KeyDelete.class);
    assertThat(change(Records.schemaless(1, null, Map.of("id", 1, "__deleted", "true"))))
        .isInstanceOf(KeyDelete.class);
  }

  @Test
  void ignoresDeletesWhereTheyAreOffAndTruncatesAlways() {
    RecordEncoder encoder =
        hashes(
            KeyTemplate.parse("u:${status}", ":"),
            false,
            HashMode.MERGE,
            NullValues.SKIP,
            FieldSelection.all(),
            TimeFormat.ISO);

    assertThat(encoder.encode(Records.tombstone(1, 42))).isEmpty();
    Map<String, Object> truncate = new LinkedHashMap<>();
    truncate.put("op", "t");
    truncate.put("before", null);
    truncate.put("after", null);
    assertThat(encoder.encode(Records.schemaless(1, null, truncate))).isEmpty();
  }

  @Test
  void refusesAValueThatIsNoObject() {
    SinkRecord record = new SinkRecord("t", 0, null, null, null, "secret", 1);

    assertThatThrownBy(() -> encode(record))
        .isInstanceOf(DataException.class)
        .hasMessageNotContaining("secret");
  }

  private static String semantic(String name, Schema.Type type, Object value) {
    return one(TimeFormat.ISO, SchemaBuilder.type(type).name(name).build(), value);
  }

  private static String epoch(String name, Schema.Type type, Object value) {
    return one(TimeFormat.EPOCH_MS, SchemaBuilder.type(type).name(name).build(), value);
  }

  private static String one(TimeFormat format, Schema schema, Object value) {
    Schema row = SchemaBuilder.struct().field("f", schema).build();
    Struct struct = new Struct(row).put("f", value);
    RecordEncoder encoder =
        hashes(KEY, true, HashMode.MERGE, NullValues.DELETE, FieldSelection.all(), format);
    SinkRecord record = new SinkRecord("t", 0, null, null, row, struct, 1);
    return fields((HashWrite) encoder.encode(record).orElseThrow().change()).get("f");
  }

  private static HashWrite encode(SinkRecord record) {
    return encode(record, HashMode.MERGE, NullValues.DELETE, FieldSelection.all());
  }

  private static HashWrite encode(
      SinkRecord record, HashMode mode, NullValues nulls, FieldSelection selection) {
    RecordEncoder encoder = hashes(KEY, true, mode, nulls, selection, TimeFormat.ISO);
    return (HashWrite) encoder.encode(record).orElseThrow().change();
  }

  private static KeyChange change(SinkRecord record) {
    return hashes(KEY, true, HashMode.MERGE, NullValues.SKIP, FieldSelection.all(), TimeFormat.ISO)
        .encode(record)
        .orElseThrow()
        .change();
  }

  private static RecordEncoder hashes(
      KeyTemplate key,
      boolean deletes,
      HashMode mode,
      NullValues nulls,
      FieldSelection selection,
      TimeFormat times) {
    return new Encoders(
            key,
            new ExpiryRule(Expiry.NEVER, Optional.empty(), Optional.empty(), text -> Duration.ZERO),
            new RecordEncoder.Deletes(deletes, deletes),
            selection,
            Renames.none(),
            Nested.JSON,
            ".",
            nulls,
            times,
            UNAVAILABLE,
            Optional.empty())
        .hash(mode);
  }

  private static Map<String, String> fields(HashWrite write) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < write.pairs().size(); i += 2) {
      fields.put(
          new String(write.pairs().get(i), UTF_8), new String(write.pairs().get(i + 1), UTF_8));
    }
    return fields;
  }
}
