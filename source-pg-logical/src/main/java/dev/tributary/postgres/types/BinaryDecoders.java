package dev.tributary.postgres.types;

import dev.tributary.postgres.catalog.TypeInfo;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;

/**
 * Values that the server sent in binary. Which decoder a column has follows from its type and from
 * the schema that its text is read into, so that both give the same value; where there is none, the
 * value is asked for as text.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-overview.html">Formats and Format
 *     Codes</a>; the formats themselves are those of the types' send functions
 */
public final class BinaryDecoders {
  /** Types whose binary form is their text in UTF-8. */
  private static final Set<String> SENT_AS_TEXT =
      Set.of("text", "varchar", "bpchar", "name", "json", "citext");

  private BinaryDecoders() {}

  /**
   * The decoder of a column.
   *
   * @param column the schema of the column
   * @param text what reads the column's values where they come as text
   * @return empty if values of the type have to be asked for as text
   */
  public static Optional<ValueDecoder> of(
      TypeInfo type, int modifier, Schema column, ValueDecoder text) {
    return Optional.ofNullable(decoder(type, modifier, column, text));
  }

  private static ValueDecoder decoder(
      TypeInfo type, int modifier, Schema column, ValueDecoder text) {
    return switch (type.kind()) {
      case DOMAIN ->
          type.base() == null
              ? null
              : decoder(
                  type.base(),
                  type.baseModifier() >= 0 ? type.baseModifier() : modifier,
                  column,
                  text);
      case ENUM -> text == null ? null : EnumLabels.of(type.labels());
      case ARRAY -> array(type, modifier, column);
      case BASE -> base(type, modifier, column, text);
      default -> null;
    };
  }

  private static ValueDecoder array(TypeInfo type, int modifier, Schema column) {
    if (type.element() == null || column.type() != Schema.Type.ARRAY) {
      return null;
    }
    Schema of = column.valueSchema();
    ValueDecoder text = of.type() == Schema.Type.STRING ? TextDecoders::text : null;
    ValueDecoder element = decoder(type.element(), modifier, of, text);
    return element == null ? null : BinaryArrays.of(element);
  }

  private static ValueDecoder base(TypeInfo type, int modifier, Schema column, ValueDecoder text) {
    String name = type.name();
    if (SENT_AS_TEXT.contains(name)) {
      return text;
    }
    if (!type.schema().equals("pg_catalog")) {
      return null;
    }
    String semantic = column.name() == null ? "" : column.name();
    return switch (column.type()) {
      case BOOLEAN -> name.equals("bool") ? BinaryDecoders::bool : null;
      case INT16 -> name.equals("int2") && semantic.isEmpty() ? BinaryDecoders::int2 : null;
      case INT32 -> int32(name, semantic);
      case INT64 -> int64(name, semantic);
      case FLOAT32 -> name.equals("float4") ? BinaryDecoders::float4 : null;
      case FLOAT64 -> name.equals("float8") ? BinaryDecoders::float8 : null;
      case BYTES -> bytes(name, semantic, column);
      case STRING -> string(name, semantic, modifier, text);
      default -> null;
    };
  }

  private static ValueDecoder int32(String type, String semantic) {
    return switch (type) {
      case "int4" -> semantic.isEmpty() ? BinaryDecoders::int4 : null;
      case "date" -> semantic.equals("io.debezium.time.Date") ? BinaryTimes::date : null;
      case "time" -> semantic.equals("io.debezium.time.Time") ? BinaryTimes::timeMillis : null;
      default -> null;
    };
  }

  private static ValueDecoder int64(String type, String semantic) {
    return switch (type) {
      case "int8" -> semantic.isEmpty() ? BinaryDecoders::int8 : null;
      case "oid" -> semantic.isEmpty() ? BinaryDecoders::oid : null;
      case "time" -> semantic.equals("io.debezium.time.MicroTime") ? BinaryDecoders::int8 : null;
      case "timestamp" ->
          switch (semantic) {
            case "io.debezium.time.MicroTimestamp" -> BinaryTimes::timestampMicros;
            case "io.debezium.time.Timestamp" -> BinaryTimes::timestampMillis;
            default -> null;
          };
      default -> null;
    };
  }

  private static ValueDecoder bytes(String type, String semantic, Schema column) {
    if (type.equals("bytea")) {
      return semantic.isEmpty() ? BinaryDecoders::bytea : null;
    }
    if (type.equals("numeric") && semantic.equals(Decimal.LOGICAL_NAME)) {
      return BinaryNumeric.decimal(Integer.parseInt(column.parameters().get(Decimal.SCALE_FIELD)));
    }
    return null;
  }

  private static ValueDecoder string(
      String type, String semantic, int modifier, ValueDecoder text) {
    return switch (type) {
      case "uuid" -> BinaryDecoders::uuid;
      case "jsonb" -> text == null ? null : jsonb(text);
      case "timestamptz" ->
          semantic.equals("io.debezium.time.ZonedTimestamp")
              ? BinaryTimes.zonedTimestamp(modifier < 0 ? 6 : modifier)
              : null;
      default -> null;
    };
  }

  private static ValueDecoder jsonb(ValueDecoder text) {
    return (data, start, length) -> {
      if (length < 1 || data[start] != 1) {
        throw new IllegalArgumentException("not version 1 of jsonb");
      }
      return text.decode(data, start + 1, length - 1);
    };
  }

  static Object bool(byte[] data, int start, int length) {
    expect(length, 1);
    return data[start] != 0;
  }

  static Object int2(byte[] data, int start, int length) {
    expect(length, 2);
    return BigEndian.int16(data, start);
  }

  static Object int4(byte[] data, int start, int length) {
    expect(length, 4);
    return BigEndian.int32(data, start);
  }

  static Object int8(byte[] data, int start, int length) {
    expect(length, 8);
    return BigEndian.int64(data, start);
  }

  static Object oid(byte[] data, int start, int length) {
    expect(length, 4);
    return BigEndian.int32(data, start) & 0xFFFF_FFFFL;
  }

  static Object float4(byte[] data, int start, int length) {
    expect(length, 4);
    return Float.intBitsToFloat(BigEndian.int32(data, start));
  }

  static Object float8(byte[] data, int start, int length) {
    expect(length, 8);
    return Double.longBitsToDouble(BigEndian.int64(data, start));
  }

  static Object bytea(byte[] data, int start, int length) {
    byte[] copy = new byte[length];
    System.arraycopy(data, start, copy, 0, length);
    return ByteBuffer.wrap(copy);
  }

  static Object uuid(byte[] data, int start, int length) {
    expect(length, 16);
    byte[] text = new byte[36];
    int to = 0;
    for (int i = 0; i < 16; i++) {
      if (i == 4 || i == 6 || i == 8 || i == 10) {
        text[to++] = '-';
      }
      text[to++] = (byte) Character.forDigit(data[start + i] >> 4 & 15, 16);
      text[to++] = (byte) Character.forDigit(data[start + i] & 15, 16);
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  static void expect(int length, int wanted) {
    if (length != wanted) {
      throw new IllegalArgumentException(length + " bytes in place of " + wanted);
    }
  }
}
