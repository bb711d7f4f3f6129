package dev.tributary.clickhouse.types;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Writers of Variant: the number of the value's type (in the order in which the server names them,
 * 255 for NULL), then the value as that type has it.
 *
 * <p>A value goes to the type that is nearest to its class (text to String, whole numbers to
 * integers, ...); where that refuses it, as an integer too narrow does, to the next that takes it.
 */
final class Variants {
  static final int NULL = 0xFF;

  private Variants() {}

  static ValueWriter of(ColumnType.Variant type, Schema schema, TimeTexts texts) {
    List<ColumnType> types = type.types();
    ValueWriter[] writers =
        types.stream().map(each -> Writers.of(each, schema, texts)).toArray(ValueWriter[]::new);
    return (out, value) -> {
      if (value == null) {
        out.int8(NULL);
        return;
      }
      int start = out.size();
      List<Integer> nearestFirst =
          IntStream.range(0, types.size())
              .boxed()
              .filter(i -> distance(types.get(i), value) < FAR)
              .sorted(Comparator.comparingInt(i -> distance(types.get(i), value)))
              .toList();
      for (int i : nearestFirst) {
        try {
          out.int8(i);
          writers[i].write(out, value);
          return;
        } catch (UnwritableValueException e) {
          out.cutTo(start);
        }
      }
      throw new UnwritableValueException(
          "a value of class " + value.getClass().getSimpleName() + " does not fit " + type.sql());
    };
  }

  private static final int FAR = 1_000;

  /** How far a type is from a value's class; {@link #FAR} where it would become another thing. */
  private static int distance(ColumnType type, Object value) {
    if (value instanceof Boolean) {
      return type == ColumnType.Plain.BOOL ? 0 : FAR;
    }
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte
        || value instanceof BigInteger) {
      return type instanceof ColumnType.Int integer
          ? Math.abs(64 - integer.bits()) + (integer.signed() ? 0 : 1)
          : type instanceof ColumnType.Decimal
              ? 400
              : type instanceof ColumnType.Floating ? 500 : time(type);
    }
    if (value instanceof Double || value instanceof Float) {
      return type instanceof ColumnType.Floating floating
          ? 64 - floating.bits()
          : type instanceof ColumnType.Decimal ? 400 : FAR;
    }
    if (value instanceof BigDecimal) {
      return type instanceof ColumnType.Decimal
          ? 0
          : type instanceof ColumnType.Floating ? 400 : type == ColumnType.Plain.STRING ? 500 : FAR;
    }
    if (value instanceof java.util.Date) {
      return time(type);
    }
    if (value instanceof byte[] || value instanceof ByteBuffer) {
      return type == ColumnType.Plain.STRING ? 0 : type instanceof ColumnType.FixedString ? 1 : FAR;
    }
    if (value instanceof List) {
      return type instanceof ColumnType.Array ? 0 : type instanceof ColumnType.Tuple ? 1 : FAR;
    }
    if (value instanceof Map || value instanceof Struct) {
      return type instanceof ColumnType.Tuple
          ? 0
          : type instanceof ColumnType.MapOf ? 1 : type instanceof ColumnType.Json ? 2 : FAR;
    }
    return text(type);
  }

  private static int time(ColumnType type) {
    boolean time =
        type instanceof ColumnType.DateTime64
            || type instanceof ColumnType.DateTime
            || type == ColumnType.Plain.DATE32
            || type == ColumnType.Plain.DATE;
    return time ? 600 : FAR;
  }

  private static int text(ColumnType type) {
    if (type == ColumnType.Plain.STRING
        || (type instanceof ColumnType.LowCardinality low && text(low.inner()) == 0)) {
      return 0;
    }
    boolean fromText =
        type == ColumnType.Plain.UUID
            || type instanceof ColumnType.Enumeration
            || type instanceof ColumnType.FixedString
            || type == ColumnType.Plain.IPV4
            || type == ColumnType.Plain.IPV6;
    return fromText ? 10 : time(type);
  }
}
