package dev.tributary.clickhouse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/** Records of a table {@code orders(id, status, amount)} in every form. */
final class Records {
  static final Schema KEY =
      SchemaBuilder.struct().name("Key").field("id", Schema.INT64_SCHEMA).build();
  static final Schema ROW =
      SchemaBuilder.struct()
          .name("Value")
          .optional()
          .field("id", Schema.INT64_SCHEMA)
          .field("status", Schema.OPTIONAL_STRING_SCHEMA)
          .field("amount", Schema.INT32_SCHEMA)
          .build();
  static final Schema SOURCE =
      SchemaBuilder.struct()
          .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
          .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
          .build();
  static final Schema ENVELOPE =
      SchemaBuilder.struct()
          .name("Envelope")
          .field("before", ROW)
          .field("after", ROW)
          .field("source", SOURCE)
          .field("op", Schema.STRING_SCHEMA)
          .build();

  private Records() {}

  static Struct key(long id) {
    return new Struct(KEY).put("id", id);
  }

  static Struct row(long id, String status, int amount) {
    return new Struct(ROW).put("id", id).put("status", status).put("amount", amount);
  }

  static Struct envelope(String op, Struct before, Struct after, Long lsn, Long lastCommit) {
    String sequence = lastCommit == null ? null : "[\"" + lastCommit + "\",\"" + lsn + "\"]";
    return new Struct(ENVELOPE)
        .put("before", before)
        .put("after", after)
        .put("source", new Struct(SOURCE).put("lsn", lsn).put("sequence", sequence))
        .put("op", op);
  }

  static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** Plain rows of topic {@code events}, partition 0, with their offsets as id and amount. */
  static List<SinkRecord> events(int from, int to) {
    List<SinkRecord> events = new ArrayList<>();
    for (int i = from; i < to; i++) {
      events.add(record("events", 0, i, null, row(i, "s", i)));
    }
    return events;
  }

  static SinkRecord record(String topic, int partition, long offset, Object key, Object value) {
    return new SinkRecord(
        topic,
        partition,
        key instanceof Struct struct ? struct.schema() : null,
        key,
        value instanceof Struct struct ? struct.schema() : null,
        value,
        offset);
  }
}
