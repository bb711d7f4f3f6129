package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Structs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What a log (a stream, a channel) is told of a delete: the fields of the row that went, of a
 * tombstone those of the record's key, and {@code __deleted=true}.
 */
final class EventFields {
  private static final byte[] DELETED = "__deleted".getBytes(UTF_8);
  private static final byte[] TRUE = "true".getBytes(UTF_8);
  private static final byte[] KEY = "key".getBytes(UTF_8);

  private EventFields() {}

  static List<byte[]> ofDelete(
      SinkRecord record, ChangeEvent event, RowEncoder rows, ValueEncoder values) {
    List<byte[]> pairs = new ArrayList<>();
    if (event.row() != null) {
      pairs.addAll(rows.encode(event).pairs());
    } else if (record.key() instanceof Struct key) {
      for (Field field : key.schema().fields()) {
        Object value = Structs.get(key, field);
        if (value != null) {
          pairs.add(field.name().getBytes(UTF_8));
          pairs.add(values.encode(field.schema(), value));
        }
      }
    } else if (record.key() instanceof Map<?, ?> key) {
      key.forEach(
          (name, value) -> {
            if (value != null) {
              pairs.add(String.valueOf(name).getBytes(UTF_8));
              pairs.add(values.encode(null, value));
            }
          });
    } else if (record.key() != null) {
      pairs.add(KEY);
      pairs.add(values.encode(record.keySchema(), record.key()));
    }
    pairs.add(DELETED);
    pairs.add(TRUE);
    return pairs;
  }
}
