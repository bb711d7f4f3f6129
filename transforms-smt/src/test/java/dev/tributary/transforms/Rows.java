package dev.tributary.transforms;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records for tests. */
final class Rows {
  static final Schema ROW =
      SchemaBuilder.struct()
          .optional()
          .name("shop.public.user_events.Value")
          .field("id", Schema.INT64_SCHEMA)
          .field("user_id", Schema.OPTIONAL_INT64_SCHEMA)
          .field("ts", Schema.OPTIONAL_STRING_SCHEMA)
          .field("amount", Schema.OPTIONAL_FLOAT64_SCHEMA)
          .build();
  static final Schema ENVELOPE =
      SchemaBuilder.struct()
          .name("shop.public.user_events.Envelope")
          .field("before", ROW)
          .field("after", ROW)
          .field("op", Schema.STRING_SCHEMA)
          .build();

  private static long nextOffset;

  private Rows() {}

  static Struct row(long id, Long user, String ts, Double amount) {
    return new Struct(ROW).put("id", id).put("user_id", user).put("ts", ts).put("amount", amount);
  }

  static Struct envelope(String op, Struct before, Struct after) {
    return new Struct(ENVELOPE).put("op", op).put("before", before).put("after", after);
  }

  static Map<String, String> settings(Map<String, String> first, String... more) {
    Map<String, String> settings = new HashMap<>(first);
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  /** The next record of topic t, partition 3. */
  static SinkRecord record(Object value) {
    Schema schema = value instanceof Struct struct ? struct.schema() : null;
    return new SinkRecord(
        "t",
        3,
        Schema.STRING_SCHEMA,
        "key",
        schema,
        value,
        nextOffset++,
        1_795_212_000_000L,
        TimestampType.CREATE_TIME);
  }
}
