package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.ColumnInfo;
import dev.tributary.postgres.types.Schemas;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Tells in a column's schema which type it has in the server. Length and scale are those that
 * pgjdbc gives, as Debezium has them.
 */
final class SourceTypes {
  private static final String PREFIX = "__debezium.source.column.";
  private static final int HEADER = 4; // of a type modifier
  private static final int FINEST = 6; // digits behind the second

  private SourceTypes() {}

  static void mark(SchemaBuilder schema, ColumnInfo column) {
    String type = column.type().name();
    int modifier = column.typeModifier();
    schema.parameter(PREFIX + "type", type.toUpperCase(Locale.ROOT));
    length(type, modifier)
        .ifPresent(length -> schema.parameter(PREFIX + "length", Integer.toString(length)));
    scale(type, modifier)
        .ifPresent(scale -> schema.parameter(PREFIX + "scale", Integer.toString(scale)));
    schema.parameter(PREFIX + "name", column.name());
  }

  /** A column's schema as keys have it, which do not tell. */
  static Schema without(Schema schema) {
    if (schema.parameters() == null || !schema.parameters().containsKey(PREFIX + "type")) {
      return schema;
    }
    SchemaBuilder plain = Schemas.bare(schema);
    schema
        .parameters()
        .forEach(
            (name, value) -> {
              if (!name.startsWith(PREFIX)) {
                plain.parameter(name, value);
              }
            });
    if (schema.isOptional()) {
      plain.optional();
    }
    return schema.defaultValue() == null
        ? plain.build()
        : plain.defaultValue(schema.defaultValue()).build();
  }

  private static OptionalInt length(String type, int modifier) {
    return switch (type) {
      case "vector", "halfvec", "sparsevec" ->
          modifier < 0 ? OptionalInt.empty() : OptionalInt.of(modifier);
      default -> OptionalInt.of(sizeOf(type, modifier));
    };
  }

  private static int sizeOf(String type, int modifier) {
    return switch (type) {
      case "bool", "char" -> 1;
      case "int2" -> 5;
      case "int4", "oid" -> 10;
      case "int8" -> 19;
      case "float4" -> 8;
      case "float8" -> 17;
      case "numeric" -> modifier < HEADER ? 0 : (modifier - HEADER) >> 16 & 0xFFFF;
      case "varchar", "bpchar" -> modifier < HEADER ? Integer.MAX_VALUE : modifier - HEADER;
      case "bit", "varbit" -> modifier < 0 ? type.equals("bit") ? 1 : Integer.MAX_VALUE : modifier;
      case "date" -> 13;
      case "time" -> 8 + fraction(modifier);
      case "timetz" -> 14 + fraction(modifier);
      case "timestamp" -> 22 + fraction(modifier);
      case "timestamptz" -> 28 + fraction(modifier);
      case "interval" -> 49;
      default -> Integer.MAX_VALUE;
    };
  }

  private static int fraction(int modifier) {
    return modifier < 0 ? FINEST + 1 : modifier == 0 ? 0 : modifier == 1 ? 3 : modifier + 1;
  }

  private static OptionalInt scale(String type, int modifier) {
    return switch (type) {
      case "float4" -> OptionalInt.of(8);
      case "float8" -> OptionalInt.of(17);
      case "numeric" ->
          modifier < HEADER
              ? OptionalInt.empty()
              : OptionalInt.of(((modifier - HEADER & 0x7FF) ^ 0x400) - 0x400);
      case "time", "timetz", "timestamp", "timestamptz" ->
          OptionalInt.of(modifier < 0 ? FINEST : modifier);
      case "interval" ->
          OptionalInt.of(modifier < 0 || (modifier & 0xFFFF) > FINEST ? FINEST : modifier & 0xFFFF);
      default -> OptionalInt.of(0);
    };
  }
}
