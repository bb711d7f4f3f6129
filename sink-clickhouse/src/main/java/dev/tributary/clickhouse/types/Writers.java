package dev.tributary.clickhouse.types;

import org.apache.kafka.connect.data.Schema;

/**
 * Chooses the writer for a column's type and a field's Connect schema, once; the record path then
 * only runs it.
 *
 * <p>The schema matters where it says what a number means (points in time, days) and where it leads
 * into elements; everything else is told by the value's class, so that records without schema are
 * written by the same code.
 */
public final class Writers {
  private Writers() {}

  /**
   * The writer of a column.
   *
   * @param schema the field's schema, or null where the record has none
   * @param texts reads texts that stand for points in time
   * @throws UnwritableValueException if no value can be written to a column of this type
   */
  public static ValueWriter of(ColumnType type, Schema schema, TimeTexts texts) {
    if (type instanceof ColumnType.Nullable nullable) {
      return nullable(of(nullable.inner(), schema, texts));
    }
    if (type instanceof ColumnType.LowCardinality low) {
      return of(low.inner(), schema, texts);
    }
    if (type instanceof ColumnType.Array
        || type instanceof ColumnType.MapOf
        || type instanceof ColumnType.Tuple) {
      return Containers.of(type, schema, texts);
    }
    if (type instanceof ColumnType.Variant variant) {
      return Variants.of(variant, schema, texts);
    }
    return notNull(type, scalar(type, schema, texts));
  }

  /** The writer of a column whose texts, if any, are ISO 8601. */
  public static ValueWriter of(ColumnType type, Schema schema) {
    return of(type, schema, TimeTexts.ISO);
  }

  private static ValueWriter scalar(ColumnType type, Schema schema, TimeTexts texts) {
    if (type instanceof ColumnType.Int integer) {
      ValueWriter writer = Numbers.integer(integer);
      return Bits.isOne(schema) ? (out, value) -> writer.write(out, Bits.number(value)) : writer;
    }
    if (type instanceof ColumnType.Floating floating) {
      return floating.bits() == 32 ? Numbers::float32 : Numbers::float64;
    }
    if (type instanceof ColumnType.Decimal decimal) {
      return Numbers.decimal(decimal);
    }
    if (type instanceof ColumnType.DateTime dateTime) {
      return Times.dateTime(dateTime, schema, texts);
    }
    if (type instanceof ColumnType.DateTime64 dateTime64) {
      return Times.dateTime64(dateTime64, schema, texts);
    }
    if (type instanceof ColumnType.Time64 time64) {
      return TimesOfDay.time64(time64, schema);
    }
    if (type instanceof ColumnType.Json) {
      return Json.writer();
    }
    if (type instanceof ColumnType.Geo geo) {
      return Geometries.of(geo);
    }
    if (type instanceof ColumnType.FixedString fixed) {
      return Texts.fixedString(fixed);
    }
    if (type instanceof ColumnType.Enumeration enumeration) {
      return Texts.enumeration(enumeration);
    }
    if (type instanceof ColumnType.Plain plain) {
      return switch (plain) {
        case BOOL -> Numbers::bool;
        case STRING -> Texts.string(schema);
        case UUID -> Texts::uuid;
        case DATE -> Times.date(schema, texts);
        case DATE32 -> Times.date32(schema, texts);
        case IPV4 -> Texts::ipv4;
        case IPV6 -> Texts::ipv6;
        case BFLOAT16 -> Numbers::bfloat16;
        case TIME -> TimesOfDay.time(schema);
      };
    }
    throw new UnwritableValueException("columns of type " + type.sql() + " cannot be written");
  }

  private static ValueWriter nullable(ValueWriter inner) {
    return (out, value) -> {
      if (value == null) {
        out.int8(1);
      } else {
        out.int8(0);
        inner.write(out, value);
      }
    };
  }

  private static ValueWriter notNull(ColumnType type, ValueWriter inner) {
    return (out, value) -> {
      if (value == null) {
        throw new UnwritableValueException("NULL does not fit " + type.sql());
      }
      inner.write(out, value);
    };
  }

  static UnwritableValueException mismatch(Object value, String type) {
    return new UnwritableValueException(
        "a value of class " + value.getClass().getSimpleName() + " does not fit " + type);
  }

  static UnwritableValueException outOfRange(String type) {
    return new UnwritableValueException("the value is out of the range of " + type);
  }
}
