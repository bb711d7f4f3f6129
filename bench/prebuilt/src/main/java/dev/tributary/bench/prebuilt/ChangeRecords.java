package dev.tributary.bench.prebuilt;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;

/** Change events of a table, in the envelope that Debezium and the Postgres source write. */
final class ChangeRecords {
  private static final Map<String, ?> PARTITION = Map.of("server", "prebuilt");
  private static final Map<String, ?> OFFSET = Map.of("lsn", 123_456_789L);
  private static final long START_US = 1_700_000_000_000_000L;

  private final String topic;
  private final List<String> columns;
  private final boolean before;
  private final Schema row;
  private final Schema key;
  private final Schema source;
  private final Schema envelope;

  ChangeRecords(String topic, List<String> columns, boolean before) {
    this.topic = topic;
    this.columns = List.copyOf(columns);
    this.before = before;
    SchemaBuilder rowBuilder = SchemaBuilder.struct().optional();
    columns.forEach(column -> rowBuilder.field(name(column), schema(type(column))));
    row = rowBuilder.build();
    key = SchemaBuilder.struct().field(name(columns.get(0)), Schema.INT64_SCHEMA).build();
    source = sourceSchema();
    envelope = envelopeSchema();
  }

  private Schema envelopeSchema() {
    return SchemaBuilder.struct()
        .field("before", row)
        .field("after", row)
        .field("source", source)
        .field("transaction", Schema.OPTIONAL_STRING_SCHEMA)
        .field("op", Schema.STRING_SCHEMA)
        .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA)
        .field("ts_us", Schema.OPTIONAL_INT64_SCHEMA)
        .field("ts_ns", Schema.OPTIONAL_INT64_SCHEMA)
        .build();
  }

  private static Schema sourceSchema() {
    return SchemaBuilder.struct()
        .field("version", Schema.STRING_SCHEMA)
        .field("connector", Schema.STRING_SCHEMA)
        .field("name", Schema.STRING_SCHEMA)
        .field("ts_ms", Schema.INT64_SCHEMA)
        .field("snapshot", Schema.OPTIONAL_STRING_SCHEMA)
        .field("db", Schema.STRING_SCHEMA)
        .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
        .field("ts_us", Schema.OPTIONAL_INT64_SCHEMA)
        .field("ts_ns", Schema.OPTIONAL_INT64_SCHEMA)
        .field("schema", Schema.STRING_SCHEMA)
        .field("table", Schema.STRING_SCHEMA)
        .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
        .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
        .field("xmin", Schema.OPTIONAL_INT64_SCHEMA)
        .field("origin", Schema.OPTIONAL_STRING_SCHEMA)
        .field("origin_lsn", Schema.OPTIONAL_INT64_SCHEMA)
        .build();
  }

  List<List<SourceRecord>> batches(int count, int size) {
    List<List<SourceRecord>> batches = new ArrayList<>();
    for (int batch = 0; batch < count; batch++) {
      List<SourceRecord> records = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        records.add(record(1_000_000L + (long) batch * size + i));
      }
      batches.add(List.copyOf(records));
    }
    return batches;
  }

  private SourceRecord record(long id) {
    long us = START_US + id * 1_000;
    Struct value =
        new Struct(envelope)
            .put("before", before ? row(id - 1) : null)
            .put("after", row(id))
            .put("source", source(us))
            .put("op", before ? "u" : "c")
            .put("ts_ms", us / 1_000)
            .put("ts_us", us)
            .put("ts_ns", us * 1_000);
    Struct recordKey = new Struct(key).put(key.fields().get(0), id);
    return new SourceRecord(
        PARTITION, OFFSET, topic, null, key, recordKey, envelope, value, null, headers());
  }

  /** Those that both connectors write by default; the worker converts and sends them as well. */
  private static ConnectHeaders headers() {
    ConnectHeaders headers = new ConnectHeaders();
    headers.addString("__debezium.context.connectorLogicalName", "prebuilt");
    headers.addString("__debezium.context.taskId", "0");
    headers.addString("__debezium.context.connectorName", "postgresql");
    headers.addString("__debezium.context.runId", "3f1c2a9e-7d57-4c1b-9d0f-5b7f0c8f2a11");
    return headers;
  }

  private Struct source(long us) {
    return new Struct(source)
        .put("version", "3.7.0.Final")
        .put("connector", "postgresql")
        .put("name", "prebuilt")
        .put("ts_ms", us / 1_000)
        .put("snapshot", "false")
        .put("db", "postgres")
        .put("sequence", "[\"24023128\",\"24023128\"]")
        .put("ts_us", us)
        .put("ts_ns", us * 1_000)
        .put("schema", "public")
        .put("table", "events")
        .put("txId", 555L)
        .put("lsn", 24_023_128L);
  }

  private Struct row(long id) {
    Struct struct = new Struct(row);
    for (String column : columns) {
      struct.put(name(column), value(type(column), id));
    }
    return struct;
  }

  private static String name(String column) {
    return column.substring(0, column.indexOf(':'));
  }

  private static String type(String column) {
    return column.substring(column.indexOf(':') + 1);
  }

  private static Schema schema(String type) {
    return switch (type) {
      case "int64" -> Schema.INT64_SCHEMA;
      case "int32" -> Schema.OPTIONAL_INT32_SCHEMA;
      case "float64" -> Schema.OPTIONAL_FLOAT64_SCHEMA;
      case "boolean" -> Schema.OPTIONAL_BOOLEAN_SCHEMA;
      case "string", "timestamp" -> Schema.OPTIONAL_STRING_SCHEMA;
      case "decimal" -> Decimal.builder(2).optional().build();
      default -> throw new IllegalArgumentException("unknown type: " + type);
    };
  }

  private static Object value(String type, long id) {
    return switch (type) {
      case "int64" -> id;
      case "int32" -> (int) (id % 10_000);
      case "float64" -> id % 1_000 / 1_000.0;
      case "boolean" -> id % 2 == 0;
      case "timestamp" -> "2023-11-14T22:13:20.123456Z";
      case "decimal" -> BigDecimal.valueOf(id % 1_000_000, 2);
      case "string" -> "text of a row, number " + id;
      default -> throw new IllegalArgumentException("unknown type: " + type);
    };
  }
}
