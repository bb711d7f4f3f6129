package dev.tributary.transforms.change;

import java.util.IdentityHashMap;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** The shapes of unwrapped rows, made once per schema that comes in. Belongs to one task. */
public final class RowShapes {
  private static final String DELETED = "__deleted";

  /** A task sees few schemas at once; past this many something makes them anew per record. */
  private static final int MAX_SHAPES = 1_000;

  private final List<MetadataField> fields;
  private final boolean withDeleted;
  private final IdentityHashMap<Schema, IdentityHashMap<Schema, RowShape>> shapes =
      new IdentityHashMap<>();
  private int made;

  /**
   * None yet.
   *
   * @param fields what is added to a row
   * @param withDeleted whether {@code __deleted} is
   */
  public RowShapes(List<MetadataField> fields, boolean withDeleted) {
    this.fields = fields;
    this.withDeleted = withDeleted;
  }

  /** The shape of a row that comes in an envelope. */
  public RowShape of(Schema envelope, Schema row) {
    IdentityHashMap<Schema, RowShape> ofRow = shapes.get(envelope);
    RowShape shape = ofRow == null ? null : ofRow.get(row);
    if (shape == null) {
      if (++made > MAX_SHAPES) {
        shapes.clear();
        made = 1;
      }
      shape = make(envelope, row);
      shapes.computeIfAbsent(envelope, e -> new IdentityHashMap<>()).put(row, shape);
    }
    return shape;
  }

  private RowShape make(Schema envelope, Schema row) {
    SchemaBuilder builder = Schemas.extended(row);
    if (withDeleted) {
      builder.field(DELETED, Schema.OPTIONAL_STRING_SCHEMA);
    }
    Schema[] added = fields.stream().map(field -> field.schema(envelope)).toArray(Schema[]::new);
    for (int i = 0; i < added.length; i++) {
      if (added[i] != null) {
        builder.field(fields.get(i).name(), added[i]);
      }
    }
    Schema schema = builder.build();
    Field[] to = new Field[added.length];
    for (int i = 0; i < added.length; i++) {
      to[i] = added[i] == null ? null : schema.field(fields.get(i).name());
    }
    return new RowShape(
        schema,
        row.fields().toArray(Field[]::new),
        row.fields().stream().map(field -> schema.field(field.name())).toArray(Field[]::new),
        withDeleted ? schema.field(DELETED) : null,
        to);
  }
}
