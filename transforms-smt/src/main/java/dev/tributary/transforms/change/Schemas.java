package dev.tributary.transforms.change;

import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Making schemas of others. */
public final class Schemas {
  private Schemas() {}

  /**
   * A struct with the name, version, doc and parameters of another, and its fields to begin with.
   */
  public static SchemaBuilder extended(Schema row) {
    SchemaBuilder builder =
        SchemaBuilder.struct().name(row.name()).version(row.version()).doc(row.doc());
    if (row.parameters() != null) {
      builder.parameters(row.parameters());
    }
    row.fields().forEach(field -> builder.field(field.name(), field.schema()));
    return builder;
  }

  /** The same schema, optional and without a default. */
  public static Schema optional(Schema schema) {
    if (schema.isOptional() && schema.defaultValue() == null) {
      return schema;
    }
    SchemaBuilder builder =
        switch (schema.type()) {
          case ARRAY -> SchemaBuilder.array(schema.valueSchema());
          case MAP -> SchemaBuilder.map(schema.keySchema(), schema.valueSchema());
          default -> new SchemaBuilder(schema.type());
        };
    if (schema.type() == Schema.Type.STRUCT) {
      schema.fields().forEach(field -> builder.field(field.name(), field.schema()));
    }
    if (schema.parameters() != null) {
      builder.parameters(schema.parameters());
    }
    return builder
        .name(schema.name())
        .version(schema.version())
        .doc(schema.doc())
        .optional()
        .build();
  }
}
