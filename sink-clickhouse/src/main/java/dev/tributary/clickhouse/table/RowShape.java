package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.record.RowChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * The fields that records of one row schema and one key schema bring along.
 *
 * @param fields the row's fields, then those that only the key has
 * @param keyFields the names of the key's fields; empty where the key is no Struct
 */
record RowShape(Map<String, Schema> fields, List<String> keyFields) {

  /** Null schemas bring no fields. */
  static RowShape of(Schema row, Schema key, boolean mirror) {
    Map<String, Schema> fields = new LinkedHashMap<>();
    if (row != null) {
      for (Field field : row.fields()) {
        if (!mirror || !Metadata.isBookkeeping(field.name())) {
          fields.put(field.name(), field.schema());
        }
      }
    }
    List<String> keys = new ArrayList<>();
    if (mirror && key != null && key.type() == Schema.Type.STRUCT) {
      for (Field field : key.fields()) {
        keys.add(field.name());
        fields.putIfAbsent(field.name(), field.schema());
      }
    }
    return new RowShape(fields, keys);
  }

  static RowShape of(RowChange.Write change, boolean mirror) {
    return of(schema(change.row()), schema(change.key()), mirror);
  }

  static Schema schema(Object value) {
    return value instanceof Struct struct ? struct.schema() : null;
  }
}
