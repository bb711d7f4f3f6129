package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Structs;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * Merges new fields into the row. The value that comes out is flat: the row's fields and the new
 * ones; of an envelope {@code __op} too, its operation. Of what is no event an envelope becomes its
 * row and {@code __op}; what has no row (a tombstone, a truncate) passes untouched, and so does
 * what is flat already.
 *
 * <p>The schema that comes out has the name and version of the row's schema, and is made once per
 * schema that comes in.
 */
final class MergedRows implements RowWriter {
  private static final String OP = "__op";

  /** A task sees few schemas at once; past this many something makes them anew per record. */
  private static final int MAX_SHAPES = 1_000;

  private final List<AddedField> added;
  private final String[] addedNames;
  private final IdentityHashMap<Schema, Shape> merged = new IdentityHashMap<>();
  private final IdentityHashMap<Schema, Shape> mergedFromEnvelope = new IdentityHashMap<>();
  private final IdentityHashMap<Schema, Shape> passed = new IdentityHashMap<>();
  private Schema lastSchema;
  private ChangeEvent.Form lastForm;
  private Shape lastShape;

  /** What comes out for a schema. */
  private static final class Shape {
    final Schema schema;
    final Field[] from;

    /** As those below without names: the values are known to fit. */
    final Field[] to;

    /** The field of the operation, or null if it has none. */
    final Field op;

    final Field[] added;

    Shape(Schema schema, Field[] from, Field[] to, Field op, Field[] added) {
      this.schema = schema;
      this.from = from;
      this.to = to;
      this.op = op;
      this.added = added;
    }
  }

  MergedRows(List<AddedField> added) {
    this.added = List.copyOf(added);
    this.addedNames = added.stream().map(AddedField::name).toArray(String[]::new);
  }

  @Override
  public <R extends ConnectRecord<R>> R write(R record, ChangeEvent event, Object[] values) {
    if (event.row() instanceof Struct row) {
      Shape shape = shape(row.schema(), event, record);
      Struct result = copy(row, shape, event);
      for (int i = 0; i < values.length; i++) {
        result.put(shape.added[i], values[i]);
      }
      return with(record, shape.schema, result);
    }
    Map<?, ?> row = (Map<?, ?>) event.row();
    Map<Object, Object> result = copy(row, event);
    for (int i = 0; i < values.length; i++) {
      if (row.containsKey(addedNames[i])) {
        throw clash(record, addedNames[i]);
      }
      result.put(addedNames[i], values[i]);
    }
    return with(record, null, result);
  }

  @Override
  public <R extends ConnectRecord<R>> R pass(R record, ChangeEvent event) {
    if (event.form() != ChangeEvent.Form.ENVELOPE || event.row() == null) {
      return record;
    }
    if (event.row() instanceof Struct row) {
      Shape shape = passed.get(row.schema());
      if (shape == null) {
        shape = make(row.schema(), true, List.of(), event);
        keep(passed, row.schema(), shape);
      }
      return with(record, shape.schema, copy(row, shape, event));
    }
    return with(record, null, copy((Map<?, ?>) event.row(), event));
  }

  private Shape shape(Schema schema, ChangeEvent event, ConnectRecord<?> record) {
    ChangeEvent.Form form = event.form();
    if (schema == lastSchema && form == lastForm) {
      return lastShape;
    }
    boolean envelope = form == ChangeEvent.Form.ENVELOPE;
    IdentityHashMap<Schema, Shape> shapes = envelope ? mergedFromEnvelope : merged;
    Shape shape = shapes.get(schema);
    if (shape == null) {
      for (AddedField field : added) {
        if (schema.field(field.name()) != null) {
          throw clash(record, field.name());
        }
      }
      shape = make(schema, envelope, added, event);
      keep(shapes, schema, shape);
    }
    lastSchema = schema;
    lastForm = form;
    lastShape = shape;
    return shape;
  }

  private static void keep(IdentityHashMap<Schema, Shape> shapes, Schema schema, Shape shape) {
    if (shapes.size() >= MAX_SHAPES) {
      shapes.clear();
    }
    shapes.put(schema, shape);
  }

  private static Shape make(
      Schema row, boolean envelope, List<AddedField> added, ChangeEvent event) {
    SchemaBuilder builder =
        SchemaBuilder.struct().name(row.name()).version(row.version()).doc(row.doc());
    row.fields().forEach(field -> builder.field(field.name(), field.schema()));
    added.forEach(field -> builder.field(field.name(), field.schema(event)));
    boolean withOp = envelope && row.field(OP) == null;
    if (withOp) {
      builder.field(OP, Schema.OPTIONAL_STRING_SCHEMA);
    }
    Schema schema = builder.build();
    return new Shape(
        schema,
        row.fields().toArray(Field[]::new),
        row.fields().stream().map(field -> field(schema, field.name())).toArray(Field[]::new),
        withOp ? field(schema, OP) : null,
        added.stream().map(field -> field(schema, field.name())).toArray(Field[]::new));
  }

  private static Field field(Schema schema, String name) {
    return Structs.unnamed(schema.field(name));
  }

  private static Struct copy(Struct row, Shape shape, ChangeEvent event) {
    Struct result = new Struct(shape.schema);
    Field[] from = shape.from;
    Field[] to = shape.to;
    for (int i = 0; i < from.length; i++) {
      result.put(to[i], Structs.get(row, from[i]));
    }
    if (shape.op != null) {
      result.put(shape.op, event.operation().code());
    }
    return result;
  }

  private static Map<Object, Object> copy(Map<?, ?> row, ChangeEvent event) {
    Map<Object, Object> result = new LinkedHashMap<>(row);
    if (event.form() == ChangeEvent.Form.ENVELOPE) {
      result.putIfAbsent(OP, event.operation().code());
    }
    return result;
  }

  private static RuntimeException clash(ConnectRecord<?> record, String name) {
    return EventReader.refused(
        record,
        "the row has a column '"
            + name
            + "' already, and a field that is added here has the same name; give it another name in"
            + " this transform's settings");
  }

  static <R extends ConnectRecord<R>> R with(R record, Schema schema, Object value) {
    return record.newRecord(
        record.topic(),
        record.kafkaPartition(),
        record.keySchema(),
        record.key(),
        schema,
        value,
        record.timestamp());
  }
}
