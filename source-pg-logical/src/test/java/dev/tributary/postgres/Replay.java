package dev.tributary.postgres;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** What a table holds by the records of its topic, applied in order: the slow, obvious consumer. */
final class Replay {
  private static final String UNAVAILABLE = "__debezium_unavailable_value";

  private final String topic;
  private final Map<Object, Map<String, Object>> rows = new HashMap<>();
  private int doubles;

  Replay(String topic) {
    this.topic = topic;
  }

  void apply(List<SourceRecord> records) {
    records.stream().filter(record -> record.topic().equals(topic)).forEach(this::apply);
  }

  private void apply(SourceRecord record) {
    if (!(record.value() instanceof Struct value)) {
      return; // a tombstone
    }
    Object key = ((Struct) record.key()).get("id");
    String operation = value.getString("op");
    if (operation.equals("d")) {
      rows.remove(key);
      return;
    }
    Map<String, Object> before = rows.getOrDefault(key, Map.of());
    if ("rc".contains(operation) && rows.containsKey(key)) {
      doubles++;
    }
    Map<String, Object> row = new HashMap<>();
    Struct after = value.getStruct("after");
    for (Field field : after.schema().fields()) {
      Object now = after.getWithoutDefault(field.name());
      row.put(field.name(), UNAVAILABLE.equals(now) ? before.get(field.name()) : now);
    }
    rows.put(key, row);
  }

  /** The rows by key. */
  Map<Object, Map<String, Object>> rows() {
    return rows;
  }

  /** How often a row was read or created that was there already. */
  int doubles() {
    return doubles;
  }

  Optional<Map<String, Object>> row(Object key) {
    return Optional.ofNullable(rows.get(key));
  }
}
