package dev.tributary.bench.clickhouse;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.sink.SinkRecord;

/** Rows of ten columns, as records for the sink and as the RowBinary that a table takes. */
final class EventRows {
  static final TopicPartition PARTITION = new TopicPartition("events", 0);

  /** The table that holds them, with the columns of an append table. */
  static final String COLUMNS =
      """
      id Int64, user_id Int64, event_type String, ts DateTime64(3, 'UTC'), amount Decimal(12, 2),
      engagement Float64, page String, country String, quantity Int32, is_mobile Bool,
      _topic LowCardinality(String), _partition Int32, _offset Int64
      """;

  private static final Schema SCHEMA =
      SchemaBuilder.struct()
          .field("id", Schema.INT64_SCHEMA)
          .field("user_id", Schema.INT64_SCHEMA)
          .field("event_type", Schema.STRING_SCHEMA)
          .field("ts", Timestamp.SCHEMA)
          .field("amount", Decimal.builder(2).parameter("connect.decimal.precision", "12").build())
          .field("engagement", Schema.FLOAT64_SCHEMA)
          .field("page", Schema.STRING_SCHEMA)
          .field("country", Schema.STRING_SCHEMA)
          .field("quantity", Schema.INT32_SCHEMA)
          .field("is_mobile", Schema.BOOLEAN_SCHEMA)
          .build();

  private static final String[] TYPES = {"view", "click", "purchase"};
  private static final String[] COUNTRIES = {"CH", "DE", "FR", "IT", "US"};
  private static final long START_MS = 1_700_000_000_000L;

  private final Random random = new Random(1);
  private final Struct[] ready;
  private long offset;

  /** Rows that are all made anew. */
  EventRows() {
    this(0);
  }

  private EventRows(int ready) {
    this.ready = new Struct[ready];
    for (int i = 0; i < ready; i++) {
      this.ready[i] = row(i);
    }
  }

  /** So many rows are made beforehand, and come again and again under new offsets. */
  static EventRows readyMade(int different) {
    return new EventRows(different);
  }

  /** The next ones. */
  List<SinkRecord> next(int count) {
    List<SinkRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long number = offset++;
      records.add(
          new SinkRecord(
              PARTITION.topic(),
              PARTITION.partition(),
              null,
              null,
              SCHEMA,
              ready.length == 0 ? row(number) : ready[(int) (number % ready.length)],
              number,
              START_MS + number,
              TimestampType.CREATE_TIME));
    }
    return records;
  }

  private Struct row(long number) {
    long user = random.nextInt(10_000);
    return new Struct(SCHEMA)
        .put("id", number)
        .put("user_id", user)
        .put("event_type", TYPES[random.nextInt(TYPES.length)])
        .put("ts", Timestamp.toLogical(Timestamp.SCHEMA, START_MS + number))
        .put("amount", BigDecimal.valueOf(random.nextInt(1_000_000), 2))
        .put("engagement", random.nextDouble())
        .put("page", "/product/" + random.nextInt(1_000))
        .put("country", COUNTRIES[random.nextInt(COUNTRIES.length)])
        .put("quantity", random.nextInt(10))
        .put("is_mobile", random.nextBoolean());
  }

  /** The offset behind the last one. */
  long end() {
    return offset;
  }

  /** Rows as ClickHouse documents RowBinary ("Formats, RowBinary"). */
  static byte[] rowBinary(List<SinkRecord> records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(records.size() * 100);
    ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    for (SinkRecord record : records) {
      Struct row = (Struct) record.value();
      int64(out, number, row.getInt64("id"));
      int64(out, number, row.getInt64("user_id"));
      text(out, row.getString("event_type"));
      int64(out, number, START_MS + row.getInt64("id"));
      int64(out, number, ((BigDecimal) row.get("amount")).unscaledValue().longValueExact());
      int64(out, number, Double.doubleToRawLongBits(row.getFloat64("engagement")));
      text(out, row.getString("page"));
      text(out, row.getString("country"));
      int32(out, number, row.getInt32("quantity"));
      out.write(row.getBoolean("is_mobile") ? 1 : 0);
      text(out, record.topic());
      int32(out, number, record.kafkaPartition());
      int64(out, number, record.kafkaOffset());
    }
    return out.toByteArray();
  }

  private static void int64(ByteArrayOutputStream out, ByteBuffer buffer, long value) {
    buffer.putLong(0, value);
    for (int i = 0; i < Long.BYTES; i++) {
      out.write(buffer.get(i));
    }
  }

  private static void int32(ByteArrayOutputStream out, ByteBuffer buffer, int value) {
    buffer.putInt(0, value);
    for (int i = 0; i < Integer.BYTES; i++) {
      out.write(buffer.get(i));
    }
  }

  /** Of fewer than 128 bytes, so that the length is one byte. */
  private static void text(ByteArrayOutputStream out, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > Byte.MAX_VALUE) {
      throw new IllegalArgumentException("too long: " + bytes.length);
    }
    out.write(bytes.length);
    out.write(bytes, 0, bytes.length);
  }
}
