package dev.tributary.postgres.types;

import dev.tributary.postgres.catalog.TypeInfo;
import java.io.ByteArrayOutputStream;
import java.time.DateTimeException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;

/**
 * Composite types as Structs, named {@code schema.type}; every field is optional.
 *
 * <p>A type can be altered without notice in the stream. A value that has more or fewer fields is
 * told by {@link AlteredException}; where the type is known to be altered, the fields of such a
 * value are read place by place, and are NULL where they are missing or do not fit.
 *
 * <p>A value that has as many fields must be readable in any case. What is no value of its field
 * then is not told from what is of a former attribute in its place, and to write NULL would lose
 * the one, and to read on would put the other's neighbours under wrong names: to stop loses
 * neither.
 *
 * @see <a href="https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX">Composite
 *     Type Input and Output Syntax</a>
 */
public final class CompositeTypes {
  private CompositeTypes() {}

  /** A value is of the type as it was before it was altered, or as it is since. */
  public static final class AlteredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AlteredException() {
      super("a row of another type", null, false, false);
    }
  }

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
            schema,
            column -> decoder(column, members, info.kind() == TypeInfo.Kind.COMPOSITE),
            new Struct(schema.get().build()))
        .withoutDefault();
  }

  private static ValueDecoder decoder(Schema schema, List<Member> members, boolean strict) {
    Field[] fields = schema.fields().toArray(Field[]::new);
    ValueDecoder[] decoders = new ValueDecoder[fields.length];
    for (int i = 0; i < fields.length; i++) {
      decoders[i] = members.get(i).type().decoder(fields[i].schema());
    }
    return (data, start, length) ->
        read(schema, fields, decoders, strict, data, start, start + length);
  }

  private static Struct read(
      Schema schema,
      Field[] fields,
      ValueDecoder[] decoders,
      boolean strict,
      byte[] data,
      int start,
      int end) {
    if (start == end || data[start] != '(' || data[end - 1] != ')') {
      throw new IllegalArgumentException("not a row");
    }
    int last = end - 1;
    boolean fits = hasFields(data, start + 1, last, fields.length);
    if (strict && !fits) {
      throw new AlteredException();
    }
    Struct struct = new Struct(schema);
    int at = start + 1;
    for (int i = 0; i < fields.length && at <= last; i++) {
      int stop = end(data, at, last);
      if (stop > at) {
        put(struct, fields[i], decoders[i], fits, data, at, stop);
      }
      at = stop + 1;
    }
    return struct;
  }

  /** Whether there are so many fields; nothing at all is none, or one that is NULL. */
  private static boolean hasFields(byte[] data, int start, int end, int count) {
    int fields = start == end && count == 0 ? 0 : 1;
    for (int at = end(data, start, end); at < end; at = end(data, at + 1, end)) {
      fields++;
    }
    return fields == count;
  }

  private static void put(
      Struct struct,
      Field field,
      ValueDecoder decoder,
      boolean fits,
      byte[] data,
      int start,
      int end) {
    try {
      struct.put(field, value(decoder, data, start, end));
    } catch (VectorTypes.LongVectorException e) {
      if (fits) { // no type with another modifier can be had in here
        throw new IllegalArgumentException("a sparse vector that is longer than its type");
      }
    } catch (EnumLabels.AddedException // which may be what another attribute had
        | IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException
        | DateTimeException
        | DataException e) {
      if (fits) {
        throw e;
      }
    }
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
