package dev.tributary.clickhouse.types;

import dev.tributary.common.event.Structs;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Writers of arrays, maps and tuples. ClickHouse has no NULL for these: a null array or map is
 * written empty, a null tuple with every element null.
 */
final class Containers {
  private Containers() {}

  static ValueWriter of(ColumnType type, Schema schema, TimeTexts texts) {
    if (type instanceof ColumnType.Array array) {
      return array(array, schema, texts);
    }
    if (type instanceof ColumnType.MapOf map) {
      return map(map, schema, texts);
    }
    return tuple((ColumnType.Tuple) type, schema, texts);
  }

  private static ValueWriter array(ColumnType.Array type, Schema schema, TimeTexts texts) {
    Schema elements =
        schema != null && schema.type() == Schema.Type.ARRAY ? schema.valueSchema() : null;
    ValueWriter element = Writers.of(type.element(), elements, texts);
    return (out, value) -> {
      if (value == null) {
        out.varint(0);
        return;
      }
      if (!(value instanceof List<?> list)) {
        throw Writers.mismatch(value, "Array");
      }
      out.varint(list.size());
      for (Object item : list) {
        element.write(out, item);
      }
    };
  }

  private static ValueWriter map(ColumnType.MapOf type, Schema schema, TimeTexts texts) {
    boolean known = schema != null && schema.type() == Schema.Type.MAP;
    ValueWriter key = Writers.of(type.key(), known ? schema.keySchema() : null, texts);
    ValueWriter item = Writers.of(type.value(), known ? schema.valueSchema() : null, texts);
    return (out, value) -> {
      if (value == null) {
        out.varint(0);
        return;
      }
      if (!(value instanceof Map<?, ?> map)) {
        throw Writers.mismatch(value, "Map");
      }
      out.varint(map.size());
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        key.write(out, entry.getKey());
        item.write(out, entry.getValue());
      }
    };
  }

  private static ValueWriter tuple(ColumnType.Tuple type, Schema schema, TimeTexts texts) {
    int count = type.elements().size();
    boolean known = schema != null && schema.type() == Schema.Type.STRUCT;
    Field[] fields = new Field[count];
    ValueWriter[] writers = new ValueWriter[count];
    for (int i = 0; i < count; i++) {
      if (known) {
        fields[i] = field(schema, type, i);
      }
      writers[i] =
          Writers.of(type.elements().get(i), fields[i] == null ? null : fields[i].schema(), texts);
    }
    return (out, value) -> {
      for (int i = 0; i < count; i++) {
        writers[i].write(out, element(value, type, fields, i));
      }
    };
  }

  private static Object element(Object value, ColumnType.Tuple type, Field[] fields, int index) {
    if (value == null) {
      return null;
    }
    if (value instanceof Struct struct) {
      return fields[index] == null ? null : Structs.get(struct, fields[index]);
    }
    if (value instanceof Map<?, ?> map && !type.names().isEmpty()) {
      return map.get(type.names().get(index));
    }
    if (value instanceof List<?> list && list.size() == type.elements().size()) {
      return list.get(index);
    }
    throw Writers.mismatch(value, "Tuple");
  }

  /** By name where the tuple has names, else by position. */
  private static Field field(Schema schema, ColumnType.Tuple type, int index) {
    if (!type.names().isEmpty()) {
      return schema.field(type.names().get(index));
    }
    return index < schema.fields().size() ? schema.fields().get(index) : null;
  }
}
