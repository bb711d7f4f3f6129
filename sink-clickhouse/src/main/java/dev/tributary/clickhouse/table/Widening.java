package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.types.ColumnType;
import dev.tributary.clickhouse.types.ConnectTypes;
import dev.tributary.clickhouse.types.UnwritableValueException;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;

/**
 * The type that a column has to get so that it holds the values of a field and all it held before.
 */
final class Widening {
  private static final int MAX_PRECISION = 76;

  private Widening() {}

  /** The wider type; empty where the column's is wide enough, or none is wider in this way. */
  static Optional<ColumnType> of(Column column, Schema field) {
    if (!column.defaultKind().isEmpty() && !column.defaultKind().equals("DEFAULT")) {
      return Optional.empty();
    }
    ColumnType wanted;
    try {
      wanted = ConnectTypes.of(field, !column.inKey());
    } catch (UnwritableValueException e) {
      return Optional.empty();
    }
    ColumnType wider = wider(column.type(), wanted);
    // the type of a key's column decides how rows are stored
    boolean fixed = column.inKey() && !wider.equals(column.type());
    return wider.equals(column.type()) || fixed ? Optional.empty() : Optional.of(wider);
  }

  /** Whether one type is what another becomes by widening. */
  static boolean isWider(ColumnType type, ColumnType than) {
    return wider(than, type).equals(type);
  }

  /** Whether numbers of a field lose digits in a column without being refused. */
  static boolean rounds(Column column, Schema field) {
    return bare(column.type()) instanceof ColumnType.Floating floating
        && floating.bits() == 32
        && field.type() == Schema.Type.FLOAT64;
  }

  private static ColumnType wider(ColumnType have, ColumnType wanted) {
    boolean nullable = have.isNullable() || wanted.isNullable();
    if (have instanceof ColumnType.LowCardinality low) {
      return new ColumnType.LowCardinality(
          nullable(low.inner(), nullable, bareWider(bare(low.inner()), bare(wanted))));
    }
    return nullable(have, nullable, bareWider(bare(have), bare(wanted)));
  }

  private static ColumnType nullable(ColumnType have, boolean nullable, ColumnType bare) {
    boolean can =
        !(bare instanceof ColumnType.Array
            || bare instanceof ColumnType.MapOf
            || bare instanceof ColumnType.Tuple
            || bare instanceof ColumnType.Geo
            || bare instanceof ColumnType.Variant
            || bare instanceof ColumnType.Unsupported);
    return have instanceof ColumnType.Nullable || (nullable && can)
        ? new ColumnType.Nullable(bare)
        : bare;
  }

  private static ColumnType bare(ColumnType type) {
    if (type instanceof ColumnType.Nullable nullable) {
      return nullable.inner();
    }
    return type instanceof ColumnType.LowCardinality low ? bare(low.inner()) : type;
  }

  private static ColumnType bareWider(ColumnType have, ColumnType wanted) {
    if (have instanceof ColumnType.Int a && wanted instanceof ColumnType.Int b) {
      boolean wider = b.bits() > a.bits() && (b.signed() || !a.signed());
      return wider ? b : have;
    }
    if (have instanceof ColumnType.Floating a && wanted instanceof ColumnType.Floating b) {
      return b.bits() > a.bits() ? b : have;
    }
    if (have instanceof ColumnType.Decimal a && wanted instanceof ColumnType.Decimal b) {
      int scale = Math.max(a.scale(), b.scale());
      int whole = Math.max(a.precision() - a.scale(), b.precision() - b.scale());
      return whole + scale > MAX_PRECISION ? have : new ColumnType.Decimal(whole + scale, scale);
    }
    if (have instanceof ColumnType.FixedString && wanted == ColumnType.Plain.STRING) {
      return wanted;
    }
    if (have == ColumnType.Plain.DATE && wanted == ColumnType.Plain.DATE32) {
      return wanted;
    }
    if (have instanceof ColumnType.DateTime a && wanted instanceof ColumnType.DateTime64 b) {
      return new ColumnType.DateTime64(b.scale(), a.zone());
    }
    return have;
  }
}
