package dev.tributary.redis;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records of one topic for tests. */
public final class Records {
  public static final String TOPIC = "shop.public.user_events";

  public static final Schema KEY =
      SchemaBuilder.struct().name("Key").field("user_id", Schema.INT64_SCHEMA).build();

  public static final Schema ROW =
      SchemaBuilder.struct()
          .name("Value")
          .optional()
          .field("user_id", Schema.INT64_SCHEMA)
          .field("status", Schema.OPTIONAL_STRING_SCHEMA)
          .field("score", Schema.OPTIONAL_FLOAT64_SCHEMA)
          .field("active", Schema.OPTIONAL_BOOLEAN_SCHEMA)
          .build();

  public static final Schema ENVELOPE =
      SchemaBuilder.struct()
          .name("Envelope")
          .field("before", ROW)
          .field("after", ROW)
          .field("op", Schema.STRING_SCHEMA)
          .build();

  private Records() {}

  public static Struct row(long user, String status, Double score, Boolean active) {
    return new Struct(ROW)
        .put("user_id", user)
        .put("status", status)
        .put("score", score)
        .put("active", active);
  }

  /** A CDC create or update. */
  public static SinkRecord upsert(long offset, Struct row) {
    Struct value = new Struct(ENVELOPE).put("after", row).put("op", "u");
    return record(0, offset, key(row.getInt64("user_id")), value);
  }

  /** A CDC delete. */
  public static SinkRecord delete(long offset, long user) {
    Struct value = new Struct(ENVELOPE).put("before", row(user, null, null, null)).put("op", "d");
    return record(0, offset, key(user), value);
  }

  public static SinkRecord tombstone(long offset, long user) {
    return record(0, offset, key(user), null);
  }

  public static Struct key(long user) {
    return new Struct(KEY).put("user_id", user);
  }

  public static SinkRecord record(int partition, long offset, Struct key, Struct value) {
    return new SinkRecord(
        TOPIC,
        partition,
        key == null ? null : key.schema(),
        key,
        value == null ? null : value.schema(),
        value,
        offset,
        0L,
        TimestampType.CREATE_TIME,
        List.of());
  }

  /** A record without schemas, as JsonConverter makes it. */
  public static SinkRecord schemaless(long offset, Object key, Map<String, Object> value) {
    return new SinkRecord(TOPIC, 0, null, key, null, value, offset);
  }
}
