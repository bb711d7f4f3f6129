package dev.tributary.postgres.types;

import dev.tributary.postgres.catalog.TypeInfo;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * Composite types as Structs, named {@code schema.type}; every field is optional.
 *
 * @see <a href="https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX">Composite
 *     Type Input and Output Syntax</a>
 */
final class CompositeTypes {
  private CompositeTypes() {}

  /** A field of the type, in the type's order. */
  record Member(String name, ValueType type) {}

  static ValueType of(TypeInfo info, List<Member> members) {
    Supplier<SchemaBuilder> schema =
        () -> {
          SchemaBuilder struct = SchemaBuilder.struct().name(info.schema() + "." + info.name());
          members.forEach(
              member ->
                  struct.field(member.name(), member.type().schema().get().optional().build()));
          return struct;
        };
    return ValueType.reading(
            schema, column -> decoder(column, members), new Struct(schema.get().build()))
        .withoutDefault();
  }

  private static ValueDecoder decoder(Schema schema, List<Member> members) {
    Field[] fields = schema.fields().toArray(Field[]::new);
    ValueDecoder[] decoders = new ValueDecoder[fields.length];
    for (int i = 0; i < fields.length; i++) {
      decoders[i] = members.get(i).type().decoder(fields[i].schema());
    }
    return (data, start, length) -> read(schema, fields, decoders, data, start, start + length);
  }

  private static Struct read(
      Schema schema, Field[] fields, ValueDecoder[] decoders, byte[] data, int start, int end) {
    if (start == end || data[start] != '(' || data[end - 1] != ')') {
      throw new IllegalArgumentException("not a row");
    }
    Struct struct = new Struct(schema);
    int at = start + 1;
    for (int i = 0; i < fields.length; i++) {
      int stop = end(data, at, end - 1);
      if (stop > at) {
        struct.put(fields[i], value(decoders[i], data, at, stop));
      }
      at = stop + 1;
    }
    if (fields.length > 0 && at != end) {
      throw new IllegalArgumentException("a row of another type");
    }
    return struct;
  }

  /** Where the field that starts here ends: at the next comma outside of quotes. */
  private static int end(byte[] data, int start, int end) {
    boolean quoted = false;
    int at = start;
    while (at < end && (quoted || data[at] != ',')) {
      if (data[at] == '\\') {
        at++;
      } else if (data[at] == '"') {
        quoted = !quoted;
      }
      at++;
    }
    return Math.min(at, end);
  }

  /** Two quotes inside of quotes are one, a backslash takes what follows as it is. */
  private static Object value(ValueDecoder decoder, byte[] data, int start, int end) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(end - start);
    boolean quoted = false;
    for (int i = start; i < end; i++) {
      if (data[i] == '\\' && i + 1 < end) {
        plain.write(data[++i]);
      } else if (data[i] != '"') {
        plain.write(data[i]);
      } else if (quoted && i + 1 < end && data[i + 1] == '"') {
        plain.write(data[++i]);
      } else {
        quoted = !quoted;
      }
    }
    return decoder.decode(plain.toByteArray(), 0, plain.size());
  }
}
