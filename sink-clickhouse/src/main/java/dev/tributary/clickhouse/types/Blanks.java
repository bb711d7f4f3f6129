package dev.tributary.clickhouse.types;

import java.util.Collections;

/**
 * What stands in a column that a row has no value for: NULL where the type has it, else the type's
 * own zero, as ClickHouse itself fills a column without DEFAULT.
 */
public final class Blanks {
  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  private Blanks() {}

  /**
   * Writes a type's blank.
   *
   * @throws UnwritableValueException if the type cannot be written at all
   */
  public static void write(RowBinary out, ColumnType type) {
    if (type instanceof ColumnType.Nullable) {
      out.int8(1);
    } else if (type instanceof ColumnType.Variant) {
      out.int8(Variants.NULL);
    } else if (type instanceof ColumnType.Json) {
      out.string(EMPTY_OBJECT);
    } else if (type instanceof ColumnType.LowCardinality low) {
      write(out, low.inner());
    } else if (type instanceof ColumnType.Tuple tuple) {
      tuple.elements().forEach(element -> write(out, element));
    } else if (type instanceof ColumnType.Enumeration enumeration) {
      int first = Collections.min(enumeration.values().values());
      if (enumeration.bits() == 8) {
        out.int8(first);
      } else {
        out.int16(first);
      }
    } else {
      out.zeros(width(type));
    }
  }

  /** Strings, arrays and maps begin with a length, whose zero is one byte. */
  private static int width(ColumnType type) {
    if (type instanceof ColumnType.Int integer) {
      return integer.bits() / 8;
    }
    if (type instanceof ColumnType.Floating floating) {
      return floating.bits() / 8;
    }
    if (type instanceof ColumnType.Decimal decimal) {
      return decimal.bytes();
    }
    if (type instanceof ColumnType.FixedString fixed) {
      return fixed.length();
    }
    if (type instanceof ColumnType.DateTime) {
      return 4;
    }
    if (type instanceof ColumnType.DateTime64 || type instanceof ColumnType.Time64) {
      return 8;
    }
    if (type instanceof ColumnType.Geo geo) {
      return geo.depth() == 0 ? 16 : 1;
    }
    if (type instanceof ColumnType.Array || type instanceof ColumnType.MapOf) {
      return 1;
    }
    if (type instanceof ColumnType.Plain plain) {
      return switch (plain) {
        case BOOL, STRING -> 1;
        case DATE, BFLOAT16 -> 2;
        case DATE32, IPV4, TIME -> 4;
        case UUID, IPV6 -> 16;
      };
    }
    throw new UnwritableValueException("columns of type " + type.sql() + " cannot be written");
  }
}
