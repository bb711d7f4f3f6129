package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Structs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * A row's fields as names and values in bytes. What a schema decides is worked out once per schema.
 *
 * <p>Not thread-safe: one instance belongs to one task.
 */
final class RowEncoder {
  /** A task sees few schemas at once; past this many something makes them anew per record. */
  private static final int MAX_CACHED = 1_000;

  private static final byte[] EMPTY = new byte[0];

  private final Shape shape;
  private final NullValues nulls;
  private final boolean keepsUnknown;
  private final ValueEncoder values;
  private final IdentityHashMap<Schema, List<Column>> layouts = new IdentityHashMap<>();
  private final Map<String, byte[]> names = new HashMap<>();
  private Schema lastSchema;
  private List<Column> lastLayout;

  /**
   * Which fields there are and what they are called.
   *
   * @param separator between the names of nested fields
   */
  record Shape(FieldSelection selection, Renames renames, Nested nested, String separator) {
    private boolean has(String top, String full, ChangeEvent.Form form) {
      boolean withTop =
          selection.has(top, form) && (full.equals(top) || !selection.excluded().contains(full));
      return withTop || selection.names(full);
    }
  }

  /**
   * An encoder of rows.
   *
   * @param keepsUnknown whether a field that is left out keeps the value it has in Redis; if not, a
   *     row with a value that is not known cannot be written
   */
  RowEncoder(Shape shape, NullValues nulls, boolean keepsUnknown, ValueEncoder values) {
    this.shape = shape;
    this.nulls = nulls;
    this.keepsUnknown = keepsUnknown;
    this.values = values;
  }

  /** Names and values, and the names of fields that are to go. */
  Fields encode(ChangeEvent event) {
    Fields fields = new Fields();
    if (event.row() instanceof Struct row) {
      for (Column column : layout(event.form(), row.schema())) {
        fields.add(column, column.get(row));
      }
    } else if (event.row() instanceof Map<?, ?> row) {
      addAll(fields, event.form(), row, null, null);
    } else {
      throw new UnwritableRecordException("the change carries no row, neither a Struct nor a Map");
    }
    return fields;
  }

  private void addAll(
      Fields fields, ChangeEvent.Form form, Map<?, ?> map, String top, String prefix) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String own = String.valueOf(entry.getKey());
      String full = prefix == null ? own : prefix + shape.separator() + own;
      String first = top == null ? own : top;
      if (shape.nested() == Nested.FLATTEN && entry.getValue() instanceof Map<?, ?> inner) {
        addAll(fields, form, inner, first, full);
      } else if (shape.has(first, full, form)) {
        fields.add(full, entry.getValue());
      }
    }
  }

  private List<Column> layout(ChangeEvent.Form form, Schema schema) {
    if (schema == lastSchema) {
      return lastLayout;
    }
    List<Column> layout = layouts.get(schema);
    if (layout == null) {
      if (layouts.size() >= MAX_CACHED) {
        layouts.clear();
      }
      layout = new ArrayList<>();
      addColumns(layout, form, schema, new Field[0], "");
      layouts.put(schema, layout);
    }
    lastSchema = schema;
    lastLayout = layout;
    return layout;
  }

  private void addColumns(
      List<Column> layout, ChangeEvent.Form form, Schema schema, Field[] path, String prefix) {
    for (Field field : schema.fields()) {
      String full = prefix + field.name();
      String top = path.length == 0 ? full : path[0].name();
      Field[] way = Arrays.copyOf(path, path.length + 1);
      way[path.length] = field;
      UnaryOperator<Object> reader = values.reader(field.schema());
      if (shape.nested() == Nested.FLATTEN
          && field.schema().type() == Schema.Type.STRUCT
          && reader == null) {
        addColumns(layout, form, field.schema(), way, full + shape.separator());
      } else if (shape.has(top, full, form)) {
        layout.add(new Column(way, full, shape.renames().of(full).getBytes(UTF_8), field, reader));
      }
    }
  }

  private byte[] nameOf(String field) {
    byte[] bytes = names.get(field);
    if (bytes == null) {
      if (names.size() >= MAX_CACHED) {
        names.clear();
      }
      bytes = shape.renames().of(field).getBytes(UTF_8);
      names.put(field, bytes);
    }
    return bytes;
  }

  private static final class Column {
    private final Field[] path;
    private final String fullName;
    private final byte[] name;
    private final Field field;
    private final UnaryOperator<Object> reader;

    Column(Field[] path, String fullName, byte[] name, Field field, UnaryOperator<Object> reader) {
      this.path = path;
      this.fullName = fullName;
      this.name = name;
      this.field = field;
      this.reader = reader;
    }

    /** Null also where something on the way is. */
    Object get(Struct row) {
      Object at = row;
      for (Field step : path) {
        if (!(at instanceof Struct struct)) {
          return null;
        }
        at = Structs.get(struct, step);
      }
      return at;
    }
  }

  /** The fields of one row. */
  final class Fields {
    private final List<byte[]> pairs = new ArrayList<>(32);
    private List<byte[]> removed = List.of();

    /** Name, value, name, value and so on. */
    List<byte[]> pairs() {
      return pairs;
    }

    /** Names of fields to remove. */
    List<byte[]> removed() {
      return removed;
    }

    private void add(Column column, Object value) {
      if (value == null) {
        addNull(column.name);
        return;
      }
      if (isUnavailable(column.fullName, value)) {
        return;
      }
      try {
        if (column.reader == null && column.field.schema().type() == Schema.Type.MAP) {
          addMap(column.fullName, column.name, column.field.schema(), value);
          return;
        }
        Object plain = column.reader == null ? value : column.reader.apply(value);
        set(column.name, values.encodePlain(column.field.schema(), plain));
      } catch (UnwritableRecordException e) {
        throw inField(column.fullName, e);
      }
    }

    private void addMap(String full, byte[] name, Schema schema, Object value) {
      if (shape.nested() == Nested.FLATTEN && value instanceof Map<?, ?> map) {
        map.forEach(
            (key, inner) -> {
              byte[] at = nameOf(full + shape.separator() + key);
              if (inner == null) {
                addNull(at);
              } else {
                set(at, values.encode(schema.valueSchema(), inner));
              }
            });
      } else {
        set(name, values.encodePlain(schema, value));
      }
    }

    private void add(String name, Object value) {
      if (value == null) {
        addNull(nameOf(name));
        return;
      }
      if (isUnavailable(name, value)) {
        return;
      }
      try {
        set(nameOf(name), values.encode(null, value));
      } catch (UnwritableRecordException e) {
        throw inField(name, e);
      }
    }

    /** What has not changed, and so is not known, stays as it is where the rest stays too. */
    private boolean isUnavailable(String name, Object value) {
      if (!values.isUnavailable(value)) {
        return false;
      }
      if (!keepsUnknown) {
        throw UnwritableRecordException.unavailable(name);
      }
      return true;
    }

    private void addNull(byte[] name) {
      if (nulls == NullValues.EMPTY) {
        set(name, EMPTY);
      } else if (nulls == NullValues.DELETE) {
        if (removed.isEmpty()) {
          removed = new ArrayList<>();
        }
        removed.add(name);
      }
    }

    private void set(byte[] name, byte[] value) {
      pairs.add(name);
      pairs.add(value);
    }

    private UnwritableRecordException inField(String name, UnwritableRecordException e) {
      return new UnwritableRecordException("field '" + name + "': " + e.getMessage());
    }
  }
}
