package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Structs;
import dev.tributary.redis.command.HashWrite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * A row's fields as the fields of a hash. What a schema decides is worked out once per schema.
 *
 * <p>Not thread-safe: one instance belongs to one task.
 */
final class RowEncoder {
  /** A task sees few schemas at once; past this many something makes them anew per record. */
  private static final int MAX_CACHED = 1_000;

  private static final byte[] EMPTY = new byte[0];

  private final HashMode mode;
  private final NullValues nulls;
  private final FieldSelection selection;
  private final ValueEncoder values;
  private final IdentityHashMap<Schema, List<Column>> layouts = new IdentityHashMap<>();
  private final Map<String, byte[]> names = new HashMap<>();
  private Schema lastSchema;
  private List<Column> lastLayout;

  RowEncoder(HashMode mode, NullValues nulls, FieldSelection selection, ValueEncoder values) {
    this.mode = mode;
    this.nulls = nulls;
    this.selection = selection;
    this.values = values;
  }

  HashWrite encode(byte[] key, ChangeEvent event) {
    Fields fields = new Fields();
    if (event.row() instanceof Struct row) {
      for (Column column : layout(event.form(), row.schema())) {
        fields.add(column, Structs.get(row, column.field));
      }
    } else if (event.row() instanceof Map<?, ?> row) {
      for (Map.Entry<?, ?> entry : row.entrySet()) {
        String name = String.valueOf(entry.getKey());
        if (selection.has(name, event.form())) {
          fields.add(name, entry.getValue());
        }
      }
    } else {
      throw new UnwritableRecordException("the change carries no row, neither a Struct nor a Map");
    }
    return new HashWrite(key, mode == HashMode.REPLACE, fields.pairs, fields.removed);
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
      layout =
          schema.fields().stream()
              .filter(field -> selection.has(field.name(), form))
              .map(
                  field ->
                      new Column(
                          field, field.name().getBytes(UTF_8), values.reader(field.schema())))
              .toList();
      layouts.put(schema, layout);
    }
    lastSchema = schema;
    lastLayout = layout;
    return layout;
  }

  private byte[] nameOf(String field) {
    byte[] bytes = names.get(field);
    if (bytes == null) {
      if (names.size() >= MAX_CACHED) {
        names.clear();
      }
      bytes = field.getBytes(UTF_8);
      names.put(field, bytes);
    }
    return bytes;
  }

  private static final class Column {
    private final Field field;
    private final byte[] name;
    private final UnaryOperator<Object> reader;

    Column(Field field, byte[] name, UnaryOperator<Object> reader) {
      this.field = field;
      this.name = name;
      this.reader = reader;
    }
  }

  private final class Fields {
    private final List<byte[]> pairs = new ArrayList<>(32);
    private List<byte[]> removed = List.of();

    void add(Column column, Object value) {
      if (value == null) {
        addNull(column.name);
        return;
      }
      if (isUnavailable(column.field.name(), value)) {
        return;
      }
      try {
        Object plain = column.reader == null ? value : column.reader.apply(value);
        set(column.name, values.encodePlain(column.field.schema(), plain));
      } catch (UnwritableRecordException e) {
        throw inField(column.field.name(), e);
      }
    }

    void add(String name, Object value) {
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
      if (mode == HashMode.REPLACE) {
        throw new UnwritableRecordException(
            "field '"
                + name
                + "' is not known, as Postgres did not send the unchanged large value, and would be"
                + " lost in the hash; set redis.hash.mode to merge, or REPLICA IDENTITY FULL on the"
                + " source table");
      }
      return true;
    }

    private void addNull(byte[] name) {
      if (nulls == NullValues.EMPTY) {
        set(name, EMPTY);
      } else if (nulls == NullValues.DELETE && mode == HashMode.MERGE) {
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
