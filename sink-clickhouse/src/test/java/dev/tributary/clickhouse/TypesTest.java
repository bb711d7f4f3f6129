package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.map;
import static dev.tributary.clickhouse.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.config.SinkConfig;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Time;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TypesTest {
  private static final TopicPartition P0 = new TopicPartition("t", 0);
  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static Schema named(Schema.Type type, String name) {
    return SchemaBuilder.type(type).name(name).optional().build();
  }

  private static Schema decimal(int scale, String precision) {
    SchemaBuilder builder = Decimal.builder(scale).optional();
    return precision == null
        ? builder.build()
        : builder.parameter("connect.decimal.precision", precision).build();
  }

  private static Struct variable(String number) {
    Schema schema =
        SchemaBuilder.struct()
            .name("io.debezium.data.VariableScaleDecimal")
            .field("scale", Schema.INT32_SCHEMA)
            .field("value", Schema.BYTES_SCHEMA)
            .optional()
            .build();
    BigDecimal decimal = new BigDecimal(number);
    return new Struct(schema)
        .put("scale", decimal.scale())
        .put("value", decimal.unscaledValue().toByteArray());
  }

  @SuppressWarnings("JavaUtilDate") // what Connect's own logical types carry
  private static Date date(String instant) {
    return Date.from(Instant.parse(instant));
  }

  /** Schema, the column type it is to get, values, and how ClickHouse shows them. */
  static Stream<Arguments> created() {
    Schema anomaly =
        SchemaBuilder.struct()
            .field("feature", Schema.STRING_SCHEMA)
            .field("z score", Schema.OPTIONAL_FLOAT64_SCHEMA)
            .build();
    Schema point =
        SchemaBuilder.struct()
            .field("x", Schema.FLOAT64_SCHEMA)
            .field("label", Schema.STRING_SCHEMA)
            .optional()
            .build();
    Schema sparse =
        SchemaBuilder.struct()
            .name("io.debezium.data.SparseDoubleVector")
            .field("dimensions", Schema.INT16_SCHEMA)
            .field("vector", SchemaBuilder.map(Schema.INT16_SCHEMA, Schema.FLOAT64_SCHEMA).build())
            .optional()
            .build();
    Schema geometry =
        SchemaBuilder.struct()
            .name("io.debezium.data.geometry.Geometry")
            .field("wkb", Schema.BYTES_SCHEMA)
            .field("srid", Schema.OPTIONAL_INT32_SCHEMA)
            .field(
                "extensions",
                SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA).optional().build())
            .optional()
            .build();
    return Stream.of(
        Arguments.of(
            Schema.OPTIONAL_INT8_SCHEMA,
            "Nullable(Int8)",
            Arrays.asList((byte) -128, (byte) 127, null),
            List.of("-128", "127", "NULL")),
        Arguments.of(
            Schema.INT16_SCHEMA,
            "Int16",
            List.of((short) -32768, (short) 32767),
            List.of("-32768", "32767")),
        Arguments.of(
            Schema.INT32_SCHEMA,
            "Int32",
            List.of(Integer.MIN_VALUE, Integer.MAX_VALUE),
            List.of("-2147483648", "2147483647")),
        Arguments.of(
            Schema.INT64_SCHEMA,
            "Int64",
            List.of(Long.MIN_VALUE, Long.MAX_VALUE),
            List.of("-9223372036854775808", "9223372036854775807")),
        Arguments.of(
            Schema.OPTIONAL_FLOAT32_SCHEMA,
            "Nullable(Float32)",
            Arrays.asList(1.5f, Float.MAX_VALUE, Float.NaN, null),
            List.of("1.5", "3.4028235e38", "nan", "NULL")),
        Arguments.of(
            Schema.FLOAT64_SCHEMA,
            "Float64",
            List.of(0.1, -Double.MAX_VALUE, Double.NEGATIVE_INFINITY),
            List.of("0.1", "-1.7976931348623157e308", "-inf")),
        Arguments.of(
            Schema.OPTIONAL_BOOLEAN_SCHEMA,
            "Nullable(Bool)",
            Arrays.asList(true, false, null),
            List.of("true", "false", "NULL")),
        Arguments.of(
            Schema.OPTIONAL_STRING_SCHEMA,
            "Nullable(String)",
            Arrays.asList("", "grüße 🚀", "x".repeat(300), null),
            List.of("", "grüße 🚀", "x".repeat(300), "NULL")),
        Arguments.of(
            Schema.BYTES_SCHEMA,
            "String",
            List.of("abc".getBytes(StandardCharsets.UTF_8), new byte[0]),
            List.of("abc", "")),
        Arguments.of(
            decimal(2, "10"),
            "Nullable(Decimal(10, 2))",
            Arrays.asList(new BigDecimal("-99999999.99"), new BigDecimal("0.01"), null),
            List.of("-99999999.99", "0.01", "NULL")),
        Arguments.of(
            decimal(9, "9"),
            "Nullable(Decimal(9, 9))",
            List.of(new BigDecimal("-0.999999999")),
            List.of("-0.999999999")),
        Arguments.of(
            decimal(10, null),
            "Nullable(Decimal(38, 10))",
            List.of(new BigDecimal("-" + "9".repeat(28) + "." + "9".repeat(10))),
            List.of("-" + "9".repeat(28) + "." + "9".repeat(10))),
        Arguments.of(
            decimal(38, "76"),
            "Nullable(Decimal(76, 38))",
            List.of(new BigDecimal("-" + "9".repeat(38) + "." + "9".repeat(38))),
            List.of("-" + "9".repeat(38) + "." + "9".repeat(38))),
        Arguments.of(
            variable("1").schema(),
            "Nullable(String)",
            Arrays.asList(variable("-12345678901234567890.000100"), null),
            List.of("-12345678901234567890.000100", "NULL")),
        Arguments.of(
            named(Schema.Type.INT32, "io.debezium.time.Date"),
            "Nullable(Date32)",
            Arrays.asList(-25567, 0, 120529, null),
            List.of("1900-01-01", "1970-01-01", "2299-12-31", "NULL")),
        Arguments.of(
            org.apache.kafka.connect.data.Date.SCHEMA,
            "Date32",
            List.of(date("2026-11-20T00:00:00Z")),
            List.of("2026-11-20")),
        Arguments.of(
            Timestamp.SCHEMA,
            "DateTime64(3, 'UTC')",
            List.of(date("1969-12-31T23:59:59.999Z")),
            List.of("1969-12-31 23:59:59.999")),
        Arguments.of(
            Time.SCHEMA, "Int64", List.of(date("1970-01-01T00:00:01.002Z")), List.of("1002")),
        Arguments.of(
            named(Schema.Type.INT64, "io.debezium.time.Timestamp"),
            "Nullable(DateTime64(3, 'UTC'))",
            Arrays.asList(1L, null),
            List.of("1970-01-01 00:00:00.001", "NULL")),
        Arguments.of(
            named(Schema.Type.INT64, "io.debezium.time.MicroTimestamp"),
            "Nullable(DateTime64(6, 'UTC'))",
            List.of(-1L, 1_795_000_000_123_456L),
            List.of("1969-12-31 23:59:59.999999", "2026-11-18 11:06:40.123456")),
        Arguments.of(
            named(Schema.Type.INT64, "io.debezium.time.NanoTimestamp"),
            "Nullable(DateTime64(9, 'UTC'))",
            List.of(1L),
            List.of("1970-01-01 00:00:00.000000001")),
        Arguments.of(
            named(Schema.Type.STRING, "io.debezium.time.ZonedTimestamp"),
            "Nullable(DateTime64(6, 'UTC'))",
            Arrays.asList("2026-11-20T12:00:00.123456+02:00", "2026-11-20T12:00:00Z", null),
            List.of("2026-11-20 10:00:00.123456", "2026-11-20 12:00:00.000000", "NULL")),
        Arguments.of(
            named(Schema.Type.INT64, "io.debezium.time.MicroTime"),
            "Nullable(Int64)",
            List.of(86_399_999_999L),
            List.of("86399999999")),
        Arguments.of(
            named(Schema.Type.STRING, "io.debezium.data.Uuid"),
            "Nullable(UUID)",
            Arrays.asList("01234567-89ab-cdef-fedc-ba9876543210", null),
            List.of("01234567-89ab-cdef-fedc-ba9876543210", "NULL")),
        Arguments.of(
            named(Schema.Type.STRING, "io.debezium.data.Json"),
            "Nullable(String)",
            List.of("{\"a\": 1}"),
            List.of("{\"a\": 1}")),
        Arguments.of(
            named(Schema.Type.STRING, "io.debezium.data.Enum"),
            "LowCardinality(Nullable(String))",
            Arrays.asList("new", null, "new"),
            List.of("new", "NULL", "new")),
        Arguments.of(
            SchemaBuilder.array(Schema.OPTIONAL_INT32_SCHEMA).optional().build(),
            "Array(Nullable(Int32))",
            Arrays.asList(Arrays.asList(1, null, 3), List.of(), null),
            List.of("[1,NULL,3]", "[]", "[]")),
        Arguments.of(
            SchemaBuilder.array(anomaly).optional().build(),
            "Array(Tuple(feature String, `z score` Nullable(Float64)))",
            List.of(
                List.of(
                    new Struct(anomaly).put("feature", "a'b").put("z score", 3.5),
                    new Struct(anomaly).put("feature", "c"))),
            List.of("[('a\\'b',3.5),('c',NULL)]")),
        Arguments.of(
            SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_INT64_SCHEMA).build(),
            "Map(String, Nullable(Int64))",
            List.of(map("k", 5L)),
            List.of("{'k':5}")),
        Arguments.of(
            point,
            "Tuple(x Nullable(Float64), label Nullable(String))",
            Arrays.asList(new Struct(point).put("x", 1.5).put("label", "l"), null),
            List.of("(1.5,'l')", "(NULL,NULL)")),
        Arguments.of(
            SchemaBuilder.array(Schema.FLOAT64_SCHEMA)
                .name("io.debezium.data.DoubleVector")
                .optional()
                .build(),
            "Array(Float64)",
            Arrays.asList(List.of(1.5, -2e-7), null),
            List.of("[1.5,-2e-7]", "[]")),
        Arguments.of(
            sparse,
            "Tuple(dimensions Nullable(Int16), vector Map(Int16, Float64))",
            Arrays.asList(
                new Struct(sparse)
                    .put("dimensions", (short) 5)
                    .put("vector", Map.of((short) 2, 0.5)),
                null),
            List.of("(5,{2:0.5})", "(NULL,{})")),
        Arguments.of(
            geometry,
            "Tuple(wkb Nullable(String), srid Nullable(Int32), extensions Map(String, String))",
            Arrays.asList(
                new Struct(geometry)
                    .put("wkb", "w".getBytes(StandardCharsets.UTF_8))
                    .put("srid", 4326),
                null),
            List.of("('w',4326,{})", "(NULL,NULL,{})")));
  }

  @ParameterizedTest
  @MethodSource("created")
  void createsAColumnAndReadsBackWhatWasWritten(
      Schema schema, String type, List<Object> values, List<String> shown) {
    String database = server.newDatabase();
    Schema row = SchemaBuilder.struct().field("v", schema).build();
    List<SinkRecord> records = new ArrayList<>();
    for (Object value : values) {
      records.add(record("t", 0, records.size(), null, new Struct(row).put("v", value)));
    }
    write(database, records, false);

    assertThat(columnType(database)).isEqualTo(type);
    assertThat(server.query(database, "v", "FROM t ORDER BY _offset")).isEqualTo(shown);
  }

  /** An existing column's type, values (null schema: told by class), and how they are shown. */
  static Stream<Arguments> existing() {
    Schema micros = named(Schema.Type.INT64, "io.debezium.time.MicroTimestamp");
    return Stream.of(
        Arguments.of("UInt8", null, List.of(0L, 255L), List.of("0", "255")),
        Arguments.of("UInt32", null, List.of(4_294_967_295L), List.of("4294967295")),
        Arguments.of(
            "UInt64",
            null,
            List.of(new BigDecimal("18446744073709551615"), "18446744073709551615"),
            List.of("18446744073709551615", "18446744073709551615")),
        Arguments.of(
            "Int128",
            null,
            List.of(BigInteger.TWO.pow(127).negate()),
            List.of("-170141183460469231731687303715884105728")),
        Arguments.of(
            "UInt256",
            null,
            List.of(BigInteger.TWO.pow(256).subtract(BigInteger.ONE)),
            List.of(BigInteger.TWO.pow(256).subtract(BigInteger.ONE).toString())),
        Arguments.of(
            "Decimal(18, 4)",
            null,
            List.of("-12345678901234.5678", 0.25, 3L, variable("1.5")),
            List.of("-12345678901234.5678", "0.25", "3", "1.5")),
        Arguments.of(
            "LowCardinality(Nullable(String))",
            null,
            Arrays.asList("a", null, 5L, new BigDecimal("1E+3")),
            List.of("a", "NULL", "5", "1000")),
        Arguments.of("FixedString(4)", null, List.of("abcd"), List.of("abcd")),
        Arguments.of("Enum8('a' = -1, 'b\\'s' = 5)", null, List.of("b's", -1), List.of("b's", "a")),
        Arguments.of("Enum16('x' = 1000)", null, List.of("x"), List.of("x")),
        Arguments.of("Date", null, List.of("2026-11-20", 0), List.of("2026-11-20", "1970-01-01")),
        Arguments.of(
            "DateTime('UTC')", micros, List.of(1_999_999L), List.of("1970-01-01 00:00:01")),
        Arguments.of(
            "DateTime64(3, 'Europe/Berlin')",
            null,
            List.of("2026-07-01 12:00:00.5", "2026-07-01T12:00:00Z"),
            List.of("2026-07-01 12:00:00.500", "2026-07-01 14:00:00.000")),
        Arguments.of(
            "DateTime64(3, 'UTC')", micros, List.of(-1L), List.of("1969-12-31 23:59:59.999")),
        Arguments.of("IPv4", null, List.of("192.168.0.1"), List.of("192.168.0.1")),
        Arguments.of(
            "IPv6",
            null,
            List.of("2001:db8::1", "10.0.0.1"),
            List.of("2001:db8::1", "::ffff:10.0.0.1")),
        Arguments.of(
            "Map(LowCardinality(String), Array(UInt16))",
            null,
            List.of(map("k", List.of(1, 65535))),
            List.of("{'k':[1,65535]}")),
        Arguments.of(
            "Tuple(a Int8, b Nullable(String))",
            null,
            List.of(map("b", "x", "a", 1), List.of(2, "y")),
            List.of("(1,'x')", "(2,'y')")),
        Arguments.of("SimpleAggregateFunction(sum, UInt64)", null, List.of(7), List.of("7")),
        Arguments.of("Float32", null, List.of(0.5, 3), List.of("0.5", "3")));
  }

  @ParameterizedTest
  @MethodSource("existing")
  void writesToAColumnByItsType(
      String type, Schema schema, List<Object> values, List<String> shown) {
    String database = server.newDatabase();
    createTable(database, type);
    List<SinkRecord> records = new ArrayList<>();
    for (Object value : values) {
      records.add(record("t", 0, records.size(), null, row(schema, value)));
    }
    write(database, records, false);

    assertThat(server.query(database, "v", "FROM t ORDER BY _offset")).isEqualTo(shown);
  }

  static Stream<Arguments> unfit() {
    Schema micros = named(Schema.Type.INT64, "io.debezium.time.MicroTimestamp");
    return Stream.of(
        Arguments.of("Int8", null, List.of(128, -129, 1.5, Double.NaN, "x", map("a", 1))),
        Arguments.of("UInt64", null, List.of(-1, "18446744073709551616")),
        Arguments.of("Bool", null, List.of(2, "yes")),
        Arguments.of("Decimal(4, 2)", null, List.of("100", "0.001", "NaN", "1e999999999")),
        Arguments.of("Float32", null, List.of(1e300)),
        Arguments.of("String", null, Arrays.asList((Object) null)),
        Arguments.of("FixedString(2)", null, List.of("abc")),
        Arguments.of("Enum8('a' = 1)", null, List.of("b", 2)),
        Arguments.of("UUID", null, List.of("1-1-1-1-1", "x")),
        Arguments.of("Date", null, List.of(-1, "1969-12-31", "20 Nov")),
        Arguments.of("DateTime", micros, List.of(-1L, Long.MAX_VALUE)),
        Arguments.of("DateTime64(6)", micros, List.of(Long.MAX_VALUE, 9_223_371_331_200_000_000L)),
        Arguments.of("DateTime64(9)", micros, List.of(9_223_371_331_200_000_000L)),
        Arguments.of("DateTime64(3)", null, List.of("yesterday", true)),
        Arguments.of("IPv4", null, List.of("localhost", "1.2.3", "::1")),
        Arguments.of("Array(Int8)", null, List.of(List.of(1, 300), "x")),
        Arguments.of("Tuple(a Int8)", null, List.of(map("b", 1))));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void rejectsAValueThatDoesNotFit(String type, Schema schema, List<Object> values) {
    String database = server.newDatabase();
    createTable(database, type);
    List<SinkRecord> records = new ArrayList<>();
    for (Object value : values) {
      records.add(record("t", 0, records.size(), null, row(schema, value)));
    }
    TestTask.Context context = write(database, records, true);

    assertThat(context.rejected).hasSameSizeAs(values);
    assertThat(context.reasons).allSatisfy(reason -> assertThat(reason).contains("`v`"));
    assertThat(server.query(database, "v", "FROM t")).isEmpty();
  }

  @Test
  void writesWhatTheJsonConverterReads() {
    String database = server.newDatabase();
    String json =
        """
        {"schema": {"type": "struct", "fields": [
            {"field": "user_id", "type": "int64"},
            {"field": "price", "type": "bytes", "name": "org.apache.kafka.connect.data.Decimal",
             "version": 1, "optional": true,
             "parameters": {"scale": "2", "connect.decimal.precision": "12"}},
            {"field": "at", "type": "int64", "name": "io.debezium.time.MicroTimestamp"},
            {"field": "anomalies", "type": "array", "optional": true, "items":
              {"type": "struct", "fields": [
                {"field": "feature", "type": "string"}, {"field": "value", "type": "double"},
                {"field": "z_score", "type": "double"}, {"field": "threshold", "type": "double"}]}}
          ]},
         "payload": {"user_id": 7, "price": "/w==", "at": 1795000000123456, "anomalies":
           [{"feature": "event_count_1min", "value": 90, "z_score": 8.25, "threshold": 3}]}}
        """;
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "true"), false);
      Object value = converter.toConnectData("t", json.getBytes(StandardCharsets.UTF_8)).value();
      write(database, List.of(record("t", 0, 0, null, value)), false);
    }

    assertThat(server.query(database, "user_id,price,at,anomalies,anomalies.z_score[1]", "FROM t"))
        .containsExactly(
            "7|-0.01|2026-11-18 11:06:40.123456|[('event_count_1min',90,8.25,3)]|8.25");
  }

  private static Object row(Schema schema, Object value) {
    return schema == null
        ? map("v", value)
        : new Struct(SchemaBuilder.struct().field("v", schema).build()).put("v", value);
  }

  private static void createTable(String database, String type) {
    server.execute(
        database,
        "CREATE TABLE t (v "
            + type
            + ", _topic String, _partition Int32, _offset Int64) ENGINE = MergeTree ORDER BY"
            + " _offset");
  }

  private static TestTask.Context write(
      String database, List<SinkRecord> records, boolean deadLetters) {
    Map<String, String> settings = new HashMap<>(server.settings(database));
    settings.put(SinkConfig.FLUSH_MS, "1");
    settings.put(SinkConfig.AUTO_EVOLVE, "false");
    try (TestTask task = new TestTask(settings, deadLetters, P0)) {
      task.put(records);
      task.drain();
      return task.context;
    }
  }

  private static String columnType(String database) {
    return server
        .query(
            database,
            "type",
            "FROM system.columns WHERE database = currentDatabase() AND table = 't' AND name = 'v'")
        .get(0);
  }
}
