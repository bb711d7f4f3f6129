package dev.tributary.transforms.change;

import java.util.IdentityHashMap;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** The schemas of rows with what changed in them, made once per schema that comes in. */
public final class ChangeShapes {
  /** The field of what was. */
  public static final String BEFORE = "before";

  /** The field of what is. */
  public static final String AFTER = "after";

  private static final Schema NAMES = SchemaBuilder.array(Schema.STRING_SCHEMA).optional().build();
  private static final int MAX_SHAPES = 1_000;

  private final RowChange.Watched watched;
  private final String namesField;
  private final String changesField;
  private final IdentityHashMap<Schema, Schema> shapes = new IdentityHashMap<>();

  /**
   * None yet.
   *
   * @param namesField the field with the names of changed fields, empty for none
   * @param changesField the field with the changes, empty for none
   */
  public ChangeShapes(RowChange.Watched watched, String namesField, String changesField) {
    this.watched = watched;
    this.namesField = namesField;
    this.changesField = changesField;
  }

  /**
   * The schema of a row with what changed in it.
   *
   * @throws IllegalArgumentException if the row has a field of one of these names
   */
  public Schema of(Schema row) {
    Schema shape = shapes.get(row);
    if (shape == null) {
      shape = make(row);
      if (shapes.size() >= MAX_SHAPES) {
        shapes.clear();
      }
      shapes.put(row, shape);
    }
    return shape;
  }

  private Schema make(Schema row) {
    SchemaBuilder builder = Schemas.extended(row);
    checkFree(row, namesField);
    checkFree(row, changesField);
    if (!namesField.isEmpty()) {
      builder.field(namesField, NAMES);
    }
    if (!changesField.isEmpty()) {
      SchemaBuilder changes = SchemaBuilder.struct().optional();
      for (Field field : row.fields()) {
        if (watched.includes(field.name())) {
          Schema value = Schemas.optional(field.schema());
          changes.field(
              field.name(),
              SchemaBuilder.struct().optional().field(BEFORE, value).field(AFTER, value).build());
        }
      }
      builder.field(changesField, changes.build());
    }
    if (row.field("__op") == null) {
      builder.field("__op", Schema.OPTIONAL_STRING_SCHEMA);
    }
    return builder.build();
  }

  private static void checkFree(Schema row, String name) {
    if (!name.isEmpty() && row.field(name) != null) {
      throw new IllegalArgumentException(
          "the row has a column '" + name + "' already; give the added field another name");
    }
  }
}
