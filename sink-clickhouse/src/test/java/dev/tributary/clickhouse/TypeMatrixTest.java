package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.map;
import static dev.tributary.clickhouse.Records.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.config.SinkConfig;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every column type with every kind of value that may come for it: what fits reads back as it was,
 * what does not is rejected, and nothing else happens. One table, one batch and one query per
 * column type.
 */
class TypeMatrixTest {
  private static final TopicPartition P0 = new TopicPartition("t", 0);
  private static final String REJECTED = "rejected";
  private static TestServer server;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  /** A value of a kind, and how ClickHouse shows it, or {@link #REJECTED}. */
  private record Pair(Schema schema, Object value, String shown) {}

  /** A column type and what is written to it. */
  private static final class Row {
    private final String type;
    private final List<Pair> pairs = new ArrayList<>();

    Row(String type) {
      this.type = type;
    }

    Row takes(Schema schema, Object value, String shown) {
      pairs.add(new Pair(schema, value, shown));
      return this;
    }

    Row takes(Object value, String shown) {
      return takes(null, value, shown);
    }

    Row refuses(Schema schema, Object... values) {
      for (Object value : values) {
        pairs.add(new Pair(schema, value, REJECTED));
      }
      return this;
    }

    @Override
    public String toString() {
      return type;
    }
  }

  private static Schema named(Schema.Type type, String name) {
    return SchemaBuilder.type(type).name(name).optional().build();
  }

  private static Schema debezium(Schema.Type type, String name) {
    return named(type, "io.debezium." + name);
  }

  private static final Schema MICRO_TIMESTAMP = debezium(Schema.Type.INT64, "time.MicroTimestamp");
  private static final Schema NANO_TIMESTAMP = debezium(Schema.Type.INT64, "time.NanoTimestamp");
  private static final Schema MILLIS = debezium(Schema.Type.INT64, "time.Timestamp");
  private static final Schema ZONED = debezium(Schema.Type.STRING, "time.ZonedTimestamp");
  private static final Schema DAYS = debezium(Schema.Type.INT32, "time.Date");
  private static final Schema MICRO_TIME = debezium(Schema.Type.INT64, "time.MicroTime");
  private static final Schema MILLI_TIME = debezium(Schema.Type.INT32, "time.Time");
  private static final Schema NANO_TIME = debezium(Schema.Type.INT64, "time.NanoTime");
  private static final Schema ZONED_TIME = debezium(Schema.Type.STRING, "time.ZonedTime");
  private static final Schema JSON = debezium(Schema.Type.STRING, "data.Json");
  private static final Schema BITS =
      SchemaBuilder.bytes().name("io.debezium.data.Bits").parameter("length", "10").build();
  private static final Schema POINT =
      SchemaBuilder.struct()
          .name("io.debezium.data.geometry.Point")
          .field("x", Schema.FLOAT64_SCHEMA)
          .field("y", Schema.FLOAT64_SCHEMA)
          .field("wkb", Schema.OPTIONAL_BYTES_SCHEMA)
          .field("srid", Schema.OPTIONAL_INT32_SCHEMA)
          .build();
  private static final Schema GEOMETRY =
      SchemaBuilder.struct()
          .name("io.debezium.data.geometry.Geometry")
          .field("wkb", Schema.BYTES_SCHEMA)
          .field("srid", Schema.OPTIONAL_INT32_SCHEMA)
          .build();
  private static final Schema VARIABLE =
      SchemaBuilder.struct()
          .name("io.debezium.data.VariableScaleDecimal")
          .field("scale", Schema.INT32_SCHEMA)
          .field("value", Schema.BYTES_SCHEMA)
          .build();
  private static final Schema ITEM =
      SchemaBuilder.struct()
          .field("a", Schema.INT32_SCHEMA)
          .field("b", Schema.OPTIONAL_STRING_SCHEMA)
          .build();

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Struct variable(String number) {
    BigDecimal decimal = new BigDecimal(number);
    return new Struct(VARIABLE)
        .put("scale", decimal.scale())
        .put("value", decimal.unscaledValue().toByteArray());
  }

  @SuppressWarnings("JavaUtilDate") // what Connect's own logical types carry
  private static Date date(String instant) {
    return Date.from(Instant.parse(instant));
  }

  private static Object wkbPolygon() {
    ByteBuffer wkb = ByteBuffer.allocate(1 + 4 + 4 + 4 + 3 * 16).order(ByteOrder.LITTLE_ENDIAN);
    wkb.put((byte) 1).putInt(3).putInt(1).putInt(3);
    for (double each : new double[] {0, 0, 1.5, 0, 1, 1}) {
      wkb.putDouble(each);
    }
    return new Struct(GEOMETRY).put("wkb", wkb.array());
  }

  private static Row integers(int bits, boolean signed) {
    BigInteger span = BigInteger.TWO.pow(signed ? bits - 1 : bits);
    BigInteger max = span.subtract(BigInteger.ONE);
    BigInteger min = signed ? span.negate() : BigInteger.ZERO;
    Row row = new Row((signed ? "Int" : "UInt") + bits);
    for (BigInteger edge : List.of(min, max)) {
      row.takes(new BigDecimal(edge), edge.toString());
      row.takes(edge.toString(), edge.toString());
      row.takes(Decimal.schema(0), new BigDecimal(edge), edge.toString());
      row.takes(VARIABLE, variable(edge.toString()), edge.toString());
    }
    row.takes(Schema.INT8_SCHEMA, (byte) 7, "7");
    row.takes(Schema.INT16_SCHEMA, (short) 7, "7");
    row.takes(Schema.INT32_SCHEMA, 7, "7");
    row.takes(Schema.INT64_SCHEMA, 7L, "7");
    row.takes(Schema.FLOAT32_SCHEMA, 7f, "7");
    row.takes(Schema.FLOAT64_SCHEMA, 7d, "7");
    row.takes(Schema.BOOLEAN_SCHEMA, true, "1");
    row.takes(BITS, new byte[] {5, 0}, "5");
    row.refuses(
        null,
        max.add(BigInteger.ONE).toString(),
        min.subtract(BigInteger.ONE).toString(),
        1.5,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        "x",
        "",
        "1e400",
        map("a", 1),
        List.of(1));
    row.refuses(Schema.OPTIONAL_INT32_SCHEMA, (Object) null);
    return row;
  }

  private static Row decimals(int precision, int scale) {
    String whole = "9".repeat(precision - scale);
    String edge = (whole.isEmpty() ? "0" : whole) + (scale == 0 ? "" : "." + "9".repeat(scale));
    String unit = scale == 0 ? "1" : "0." + "0".repeat(scale - 1) + "1";
    Row row = new Row("Decimal(" + precision + ", " + scale + ")");
    for (String number : List.of(edge, "-" + edge, unit, "-" + unit)) {
      row.takes(Decimal.schema(scale), new BigDecimal(number), number);
      row.takes(VARIABLE, variable(number), number);
      row.takes(number, number);
    }
    row.refuses(
        null,
        "1" + "0".repeat(precision - scale),
        scale == 0 ? "0.1" : unit.replace("1", "01"),
        "NaN",
        "");
    row.refuses(Schema.FLOAT64_SCHEMA, Double.NaN, Double.NEGATIVE_INFINITY, 1e300);
    return row;
  }

  static Stream<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int bits : new int[] {8, 16, 32, 64, 128, 256}) {
      rows.add(integers(bits, true));
      rows.add(integers(bits, false));
    }
    for (int precision : new int[] {1, 9, 10, 18, 19, 38, 39, 76}) {
      rows.add(decimals(precision, 0));
      rows.add(decimals(precision, precision / 2));
      rows.add(decimals(precision, precision));
    }
    rows.add(
        new Row("Float64")
            .takes(Schema.FLOAT64_SCHEMA, Double.MIN_VALUE, "5e-324")
            .takes(Schema.FLOAT64_SCHEMA, -Double.MAX_VALUE, "-1.7976931348623157e308")
            .takes(Schema.FLOAT64_SCHEMA, Double.NaN, "nan")
            .takes(Schema.FLOAT32_SCHEMA, Float.POSITIVE_INFINITY, "inf")
            .takes(Schema.INT64_SCHEMA, 1L << 53, "9007199254740992")
            .takes(Decimal.schema(1), new BigDecimal("0.1"), "0.1")
            .refuses(Schema.INT64_SCHEMA, (1L << 53) + 1, Long.MAX_VALUE)
            .refuses(null, "1e400", "x", map("a", 1)));
    rows.add(
        new Row("Float32")
            .takes(Schema.FLOAT32_SCHEMA, Float.MAX_VALUE, "3.4028235e38")
            .takes(Schema.FLOAT64_SCHEMA, 0.1, "0.1")
            .takes(Schema.INT32_SCHEMA, 1 << 24, "16777216")
            .refuses(Schema.INT32_SCHEMA, (1 << 24) + 1)
            .refuses(Schema.FLOAT64_SCHEMA, 1e39));
    rows.add(
        new Row("BFloat16")
            .takes(Schema.FLOAT32_SCHEMA, 1.5f, "1.5")
            .takes(Schema.FLOAT64_SCHEMA, -256d, "-256")
            .takes(Schema.FLOAT64_SCHEMA, Double.NaN, "nan")
            .refuses(Schema.FLOAT32_SCHEMA, Float.MAX_VALUE)
            .refuses(Schema.INT32_SCHEMA, 257));
    rows.add(
        new Row("Bool")
            .takes(Schema.BOOLEAN_SCHEMA, true, "true")
            .takes(Schema.INT8_SCHEMA, (byte) 0, "false")
            .takes(Schema.STRING_SCHEMA, "True", "true")
            .refuses(null, 2, "yes", -1, 0.5));
    rows.add(
        new Row("String")
            .takes(Schema.STRING_SCHEMA, "", "")
            .takes(Schema.STRING_SCHEMA, "grüße 🚀", "grüße 🚀")
            .takes(Schema.STRING_SCHEMA, "é".repeat(200), "é".repeat(200))
            .takes(Schema.BYTES_SCHEMA, utf8("abc"), "abc")
            .takes(Schema.BYTES_SCHEMA, ByteBuffer.wrap(utf8("abc")), "abc")
            .takes(Schema.INT64_SCHEMA, -5L, "-5")
            .takes(Schema.FLOAT64_SCHEMA, 0.5, "0.5")
            .takes(Decimal.schema(3), new BigDecimal("1.500"), "1.500")
            .takes(VARIABLE, variable("-0.00100"), "-0.00100")
            .takes(BITS, new byte[] {5, 0}, "0000000101")
            .takes(JSON, "{\"a\": [1]}", "{\"a\": [1]}")
            .takes(debezium(Schema.Type.STRING, "data.Xml"), "<a/>", "<a/>")
            .takes(ZONED_TIME, "10:00:00Z", "10:00:00Z")
            .takes(null, map("k", List.of(1, "x")), "{\"k\":[1,\"x\"]}")
            .refuses(null, "half \ud800", "\udc00"));
    rows.add(
        new Row("FixedString(4)")
            .takes(Schema.STRING_SCHEMA, "abcd", "abcd")
            .takes(Schema.STRING_SCHEMA, "é12", "é12")
            .takes(Schema.BYTES_SCHEMA, utf8("wxyz"), "wxyz")
            .refuses(Schema.STRING_SCHEMA, "abcde", "ééé"));
    rows.add(
        new Row("UUID")
            .takes(
                debezium(Schema.Type.STRING, "data.Uuid"),
                "01234567-89ab-cdef-fedc-ba9876543210",
                "01234567-89ab-cdef-fedc-ba9876543210")
            .refuses(null, "", "1-1-1-1-1", 5, "01234567-89ab-cdef-fedc-ba987654321g"));
    rows.add(
        new Row("Enum8('a' = -128, 'b' = 127)")
            .takes(debezium(Schema.Type.STRING, "data.Enum"), "a", "a")
            .takes(Schema.INT32_SCHEMA, 127, "b")
            .refuses(null, "c", 0, "A"));
    rows.add(new Row("Enum16('a' = -32768, 'b' = 32767)").takes("b", "b").refuses(null, "c", 1));
    rows.add(
        new Row("Date")
            .takes(DAYS, 0, "1970-01-01")
            .takes(DAYS, 65_535, "2149-06-06")
            .takes(
                org.apache.kafka.connect.data.Date.SCHEMA,
                date("2026-11-20T00:00:00Z"),
                "2026-11-20")
            .takes(MICRO_TIMESTAMP, 86_400_000_000L - 1, "1970-01-01")
            .takes("2026-11-20T23:59:59-05:00", "2026-11-20")
            .takes(debezium(Schema.Type.STRING, "time.IsoDate"), "2026-11-20Z", "2026-11-20")
            .refuses(DAYS, -1, 65_536)
            .refuses(null, "2026-02-30", "2026-11-20 nonsense", "", true));
    rows.add(
        new Row("Date32")
            .takes(DAYS, -25_567, "1900-01-01")
            .takes(DAYS, 120_529, "2299-12-31")
            .refuses(DAYS, -25_568, 120_530, Integer.MAX_VALUE));
    rows.add(
        new Row("DateTime('UTC')")
            .takes(MICRO_TIMESTAMP, 0L, "1970-01-01 00:00:00")
            .takes(MILLIS, 4_294_967_295_999L, "2106-02-07 06:28:15")
            .takes(ZONED, "2026-11-20T12:00:00+02:00", "2026-11-20 10:00:00")
            .refuses(MICRO_TIMESTAMP, -1L, Long.MAX_VALUE)
            .refuses(MILLIS, 4_294_967_296_000L)
            .refuses(null, "yesterday", true));
    for (int scale = 0; scale <= 9; scale++) {
      rows.add(dateTime64(scale));
    }
    rows.add(
        new Row("DateTime64(3, 'America/New_York')")
            .takes("2026-07-01 12:00:00.5", "2026-07-01 12:00:00.500")
            .takes(ZONED, "2026-07-01T16:00:00Z", "2026-07-01 12:00:00.000")
            .takes(MILLIS, 0L, "1969-12-31 19:00:00.000"));
    rows.add(
        new Row("Time")
            .takes(MILLI_TIME, 86_399_999, "23:59:59")
            .takes(MICRO_TIME, -1_000_000L, "-00:00:01")
            .takes(ZONED_TIME, "10:15:30Z", "10:15:30")
            .takes(Schema.INT32_SCHEMA, 3_599_999, "999:59:59")
            .refuses(Schema.INT32_SCHEMA, 3_600_000)
            .refuses(null, "25:00", true));
    rows.add(
        new Row("Time64(6)")
            .takes(MICRO_TIME, 86_399_999_999L, "23:59:59.999999")
            .takes(NANO_TIME, 1_500L, "00:00:00.000001")
            .takes(
                org.apache.kafka.connect.data.Time.SCHEMA,
                date("1970-01-01T00:00:01.002Z"),
                "00:00:01.002000")
            .takes(ZONED_TIME, "12:00:00.25+02:00", "10:00:00.250000")
            .refuses(MICRO_TIME, Long.MAX_VALUE, 3_600_000_000_000L)
            .refuses(null, "noon"));
    rows.add(
        new Row("IPv4")
            .takes("255.255.255.255", "255.255.255.255")
            .refuses(null, "256.0.0.1", "::1", "localhost", ""));
    rows.add(
        new Row("IPv6")
            .takes(
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
            .takes("10.0.0.1", "::ffff:10.0.0.1")
            .refuses(null, "host", "12345::"));
    rows.add(
        new Row("Array(Nullable(Int8))")
            .takes(
                SchemaBuilder.array(Schema.OPTIONAL_INT32_SCHEMA).build(),
                java.util.Arrays.asList(1, null, -128),
                "[1,NULL,-128]")
            .takes(null, List.of(), "[]")
            .refuses(null, List.of(128), List.of("x"), "[]", 1));
    rows.add(
        new Row("Array(Float32)")
            .takes(
                SchemaBuilder.array(Schema.FLOAT32_SCHEMA)
                    .name("io.debezium.data.FloatVector")
                    .build(),
                List.of(0.5f, -1f),
                "[0.5,-1]"));
    rows.add(
        new Row("Map(String, UInt8)")
            .takes(null, map("k", 255), "{'k':255}")
            .takes(
                SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT32_SCHEMA).build(), map(), "{}")
            .refuses(null, map("k", 256), map("k", null), List.of()));
    rows.add(
        new Row("Tuple(a Int8, b Nullable(String))")
            .takes(ITEM, new Struct(ITEM).put("a", -1).put("b", "x"), "(-1,'x')")
            .takes(null, map("a", 1, "b", null), "(1,NULL)")
            .refuses(ITEM, new Struct(ITEM).put("a", 128))
            .refuses(null, List.of(1), "x"));
    rows.add(
        new Row("Variant(Array(Int64), Bool, Float64, Int64, String)")
            .takes(Schema.STRING_SCHEMA, "5", "5")
            .takes(Schema.INT64_SCHEMA, Long.MIN_VALUE, "-9223372036854775808")
            .takes(Schema.FLOAT64_SCHEMA, 0.5, "0.5")
            .takes(Schema.BOOLEAN_SCHEMA, true, "true")
            .takes(null, List.of(1, 2), "[1,2]")
            .takes(Schema.OPTIONAL_STRING_SCHEMA, null, "NULL")
            .refuses(null, map("a", 1), BigInteger.TWO.pow(70).add(BigInteger.ONE)));
    rows.add(
        new Row("JSON")
            .takes(JSON, "{\"a\": {\"b\": 1}, \"c\": \"x\"}", "{\"a\":{\"b\":1},\"c\":\"x\"}")
            .takes(
                ITEM,
                new Struct(ITEM).put("a", 1).put("b", "\"q\"\n"),
                "{\"a\":1,\"b\":\"\\\"q\\\"\\n\"}")
            .takes(null, map("k", List.of(1, 2)), "{\"k\":[1,2]}")
            .refuses(null, "[1]", "no json", 1)
            .refuses(JSON, "{\"a\": }"));
    rows.add(
        new Row("Nullable(Int8)")
            .takes(Schema.OPTIONAL_INT8_SCHEMA, null, "NULL")
            .takes(Schema.OPTIONAL_INT8_SCHEMA, (byte) 1, "1")
            .refuses(null, 128));
    rows.add(
        new Row("LowCardinality(Nullable(String))")
            .takes(Schema.OPTIONAL_STRING_SCHEMA, null, "NULL")
            .takes(Schema.OPTIONAL_STRING_SCHEMA, "x", "x"));
    rows.add(new Row("LowCardinality(FixedString(2))").takes("ab", "ab").refuses(null, "abc"));
    rows.add(new Row("SimpleAggregateFunction(sum, UInt64)").takes(7, "7").refuses(null, -1));
    rows.add(
        new Row("SimpleAggregateFunction(anyLast, Nullable(String))")
            .takes("x", "x")
            .takes(null, "NULL"));
    rows.add(
        new Row("Point")
            .takes(POINT, new Struct(POINT).put("x", 1.5).put("y", -2d), "(1.5,-2)")
            .takes(null, map("x", 1, "y", 2), "(1,2)")
            .refuses(GEOMETRY, wkbPolygon(), new Struct(GEOMETRY).put("wkb", new byte[] {1, 1})));
    rows.add(
        new Row("Polygon")
            .takes(GEOMETRY, wkbPolygon(), "[[(0,0),(1.5,0),(1,1)]]")
            .takes(null, List.of(List.of(List.of(0, 0), List.of(1, 1))), "[[(0,0),(1,1)]]"));
    return rows.stream();
  }

  private static Row dateTime64(int scale) {
    String zeros = scale == 0 ? "" : "." + "0".repeat(scale);
    String nines = scale == 0 ? "" : "." + "9".repeat(scale);
    Row row = new Row("DateTime64(" + scale + ", 'UTC')");
    row.takes(MICRO_TIMESTAMP, -2_208_988_800_000_000L, "1900-01-01 00:00:00" + zeros);
    row.takes(ZONED, "2026-11-20T10:00:00.999999999Z", "2026-11-20 10:00:00" + nines);
    row.takes(
        MILLIS, -1L, "1969-12-31 23:59:59" + (scale < 4 ? nines : ".999" + "0".repeat(scale - 3)));
    row.takes(
        NANO_TIMESTAMP,
        1L,
        scale == 9 ? "1970-01-01 00:00:00.000000001" : "1970-01-01 00:00:00" + zeros);
    row.takes(
        org.apache.kafka.connect.data.Timestamp.SCHEMA,
        date("2026-11-20T10:00:00Z"),
        "2026-11-20 10:00:00" + zeros);
    if (scale < 9) {
      row.takes("2299-12-31T23:59:59Z", "2299-12-31 23:59:59" + zeros);
    }
    row.refuses(MICRO_TIMESTAMP, -2_208_988_800_000_001L, Long.MAX_VALUE, Long.MIN_VALUE);
    row.refuses(null, "2300-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "soon", true);
    return row;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void writesWhatFitsAndRejectsWhatDoesNot(Row row) {
    String database = server.newDatabase();
    server.execute(
        database,
        "CREATE TABLE t (v "
            + row.type
            + ", _topic String, _partition Int32, _offset Int64) ENGINE = MergeTree ORDER BY"
            + " (_topic, _partition, _offset)");
    List<SinkRecord> records = new ArrayList<>();
    for (Pair pair : row.pairs) {
      records.add(record("t", 0, records.size(), null, value(pair)));
    }
    Map<String, String> settings = new HashMap<>(server.settings(database));
    settings.put(SinkConfig.FLUSH_MS, "1");
    settings.put(SinkConfig.AUTO_EVOLVE, "false");
    Map<Long, String> found = new LinkedHashMap<>();
    try (TestTask task = new TestTask(settings, true, P0)) {
      task.put(records);
      task.drain();
      task.context.rejected.forEach(record -> found.put(record.kafkaOffset(), REJECTED));
    }
    for (String line : server.query(database, "_offset,v", "FROM t")) {
      int bar = line.indexOf('|');
      found.put(Long.valueOf(line.substring(0, bar)), line.substring(bar + 1));
    }

    Map<Long, String> expected = new LinkedHashMap<>();
    for (Pair pair : row.pairs) {
      expected.put((long) expected.size(), pair.shown());
    }
    assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
  }

  private static Object value(Pair pair) {
    return pair.schema() == null
        ? map("v", pair.value())
        : new Struct(SchemaBuilder.struct().field("v", pair.schema()).build())
            .put("v", pair.value());
  }

  @Test
  void writesAListOfStructsToTheColumnsOfANested() {
    String database = server.newDatabase();
    server.execute(
        database,
        "CREATE TABLE t (id Int64, n Nested(a Int8, b Nullable(String))) ENGINE = MergeTree ORDER BY id");
    Schema row =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("n", SchemaBuilder.array(ITEM).optional().build())
            .build();
    Map<String, String> settings = new HashMap<>(server.settings(database));
    settings.put(SinkConfig.FLUSH_MS, "1");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(
          record(
              "t",
              0,
              0,
              null,
              new Struct(row)
                  .put("id", 1L)
                  .put(
                      "n",
                      List.of(
                          new Struct(ITEM).put("a", 1).put("b", "x"),
                          new Struct(ITEM).put("a", 2)))),
          record("t", 0, 1, null, new Struct(row).put("id", 2L)),
          record("t", 0, 2, null, map("id", 3, "n", List.of(map("a", 5, "b", "z")))));
      task.drain();
    }

    assertThat(server.query(database, "id,n.a,n.b", "FROM t ORDER BY id"))
        .containsExactly("1|[1,2]|['x',NULL]", "2|[]|[]", "3|[5]|['z']");
  }
}
