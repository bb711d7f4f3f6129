package dev.tributary.postgres.types;

import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Schemas of semantic types, and copies of schemas. */
public final class Schemas {
  static final Schema POINT = point().build();
  static final Schema VARIABLE_SCALE_DECIMAL = variableScaleDecimal().build();

  private Schemas() {}

  /** A new builder each time for a semantic type, by its name behind {@code io.debezium.}. */
  static Supplier<SchemaBuilder> semantic(Supplier<SchemaBuilder> schema, String name) {
    return () -> schema.get().name("io.debezium." + name).version(1);
  }

  /** A builder of the same schema, but without parameters and default, and not optional. */
  public static SchemaBuilder bare(Schema schema) {
    SchemaBuilder copy =
        switch (schema.type()) {
          case ARRAY -> SchemaBuilder.array(schema.valueSchema());
          case MAP -> SchemaBuilder.map(schema.keySchema(), schema.valueSchema());
          default -> new SchemaBuilder(schema.type());
        };
    if (schema.type() == Schema.Type.STRUCT) {
      schema.fields().forEach(field -> copy.field(field.name(), field.schema()));
    }
    return copy.name(schema.name()).version(schema.version()).doc(schema.doc());
  }

  /** The same schema, but optional and without default. */
  static Schema optional(Schema schema) {
    SchemaBuilder optional = bare(schema).optional();
    if (schema.parameters() != null) {
      optional.parameters(schema.parameters());
    }
    return optional.build();
  }

  static SchemaBuilder variableScaleDecimal() {
    return semantic(SchemaBuilder::struct, "data.VariableScaleDecimal")
        .get()
        .doc("Variable scaled decimal")
        .field("scale", Schema.INT32_SCHEMA)
        .field("value", Schema.BYTES_SCHEMA);
  }

  static SchemaBuilder point() {
    return semantic(SchemaBuilder::struct, "data.geometry.Point")
        .get()
        .doc("Geometry (POINT)")
        .field("x", Schema.FLOAT64_SCHEMA)
        .field("y", Schema.FLOAT64_SCHEMA)
        .field("wkb", Schema.OPTIONAL_BYTES_SCHEMA)
        .field("srid", Schema.OPTIONAL_INT32_SCHEMA);
  }

  static SchemaBuilder line() {
    return semantic(SchemaBuilder::struct, "data.geometry.Line")
        .get()
        .doc("Geometry (LINE)")
        .field("a", Schema.FLOAT64_SCHEMA)
        .field("b", Schema.FLOAT64_SCHEMA)
        .field("c", Schema.FLOAT64_SCHEMA);
  }

  static SchemaBuilder circle() {
    return semantic(SchemaBuilder::struct, "data.geometry.Circle")
        .get()
        .doc("Geometry (CIRCLE)")
        .field("center", POINT)
        .field("radius", Schema.FLOAT64_SCHEMA);
  }

  /** Of a type of PostGIS, {@code geometry} or {@code geography}. */
  static SchemaBuilder postgis(String name) {
    if (name.equals("geometry")) {
      return geometry();
    }
    return semantic(SchemaBuilder::struct, "data.geometry.Geography")
        .get()
        .doc("Geography")
        .field("wkb", Schema.BYTES_SCHEMA)
        .field("srid", Schema.OPTIONAL_INT32_SCHEMA);
  }

  static SchemaBuilder geometry() {
    return SchemaBuilder.struct()
        .name("io.debezium.data.geometry.Geometry")
        .version(2)
        .doc("Geometry")
        .field("wkb", Schema.BYTES_SCHEMA)
        .field("srid", Schema.OPTIONAL_INT32_SCHEMA)
        .field(
            "extensions",
            SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.STRING_SCHEMA).optional().build());
  }
}
