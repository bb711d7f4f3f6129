package dev.tributary.clickhouse.types;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The type of a ClickHouse column, as {@code system.columns} writes it and {@link TypeParser} reads
 * it. {@link #sql()} writes it back for DDL.
 */
public sealed interface ColumnType {

  /** The type as ClickHouse writes it. */
  String sql();

  /** Signed or unsigned integers of 8 to 256 bits. */
  record Int(int bits, boolean signed) implements ColumnType {
    @Override
    public String sql() {
      return (signed ? "Int" : "UInt") + bits;
    }
  }

  /** Float32 or Float64. */
  record Floating(int bits) implements ColumnType {
    @Override
    public String sql() {
      return "Float" + bits;
    }
  }

  /** Types without parameters. */
  enum Plain implements ColumnType {
    BOOL("Bool"),
    STRING("String"),
    UUID("UUID"),
    DATE("Date"),
    DATE32("Date32"),
    IPV4("IPv4"),
    IPV6("IPv6"),
    BFLOAT16("BFloat16"),
    TIME("Time");

    private final String sql;

    Plain(String sql) {
      this.sql = sql;
    }

    @Override
    public String sql() {
      return sql;
    }
  }

  /** Exactly {@code length} bytes; shorter values are padded with zeros. */
  record FixedString(int length) implements ColumnType {
    @Override
    public String sql() {
      return "FixedString(" + length + ")";
    }
  }

  /** A decimal of {@code precision} digits (at most 76), {@code scale} of them after the point. */
  record Decimal(int precision, int scale) implements ColumnType {
    @Override
    public String sql() {
      return "Decimal(" + precision + ", " + scale + ")";
    }

    /** Width of the unscaled integer in bytes. */
    public int bytes() {
      return precision <= 9 ? 4 : precision <= 18 ? 8 : precision <= 38 ? 16 : 32;
    }
  }

  /**
   * Seconds since the epoch, unsigned 32 bits.
   *
   * @param zone the zone that texts without one are read in; null for the server's
   */
  record DateTime(ZoneId zone) implements ColumnType {
    @Override
    public String sql() {
      return zone == null ? "DateTime" : "DateTime('" + zone.getId() + "')";
    }
  }

  /**
   * Ticks of 10^-scale seconds since the epoch.
   *
   * @param zone the zone that texts without one are read in; null for the server's
   */
  record DateTime64(int scale, ZoneId zone) implements ColumnType {
    @Override
    public String sql() {
      return zone == null
          ? "DateTime64(" + scale + ")"
          : "DateTime64(" + scale + ", '" + zone.getId() + "')";
    }
  }

  /** Enum8 or Enum16. */
  record Enumeration(int bits, Map<String, Integer> values) implements ColumnType {
    public Enumeration {
      values = Map.copyOf(values);
    }

    @Override
    public String sql() {
      return values.entrySet().stream()
          .sorted(Map.Entry.comparingByValue())
          .map(e -> Sql.literal(e.getKey()) + " = " + e.getValue())
          .collect(Collectors.joining(", ", "Enum" + bits + "(", ")"));
    }
  }

  record Nullable(ColumnType inner) implements ColumnType {
    @Override
    public String sql() {
      return "Nullable(" + inner.sql() + ")";
    }
  }

  record LowCardinality(ColumnType inner) implements ColumnType {
    @Override
    public String sql() {
      return "LowCardinality(" + inner.sql() + ")";
    }
  }

  record Array(ColumnType element) implements ColumnType {
    @Override
    public String sql() {
      return "Array(" + element.sql() + ")";
    }
  }

  record MapOf(ColumnType key, ColumnType value) implements ColumnType {
    @Override
    public String sql() {
      return "Map(" + key.sql() + ", " + value.sql() + ")";
    }
  }

  /**
   * A tuple.
   *
   * @param names the elements' names; empty where they have none
   */
  record Tuple(List<String> names, List<ColumnType> elements) implements ColumnType {
    public Tuple {
      names = List.copyOf(names);
      elements = List.copyOf(elements);
    }

    @Override
    public String sql() {
      return IntStream.range(0, elements.size())
          .mapToObj(
              i -> (names.isEmpty() ? "" : Sql.name(names.get(i)) + " ") + elements.get(i).sql())
          .collect(Collectors.joining(", ", "Tuple(", ")"));
    }
  }

  /** Ticks of 10^-scale seconds of a day, or of a span of up to 999 hours. */
  record Time64(int scale) implements ColumnType {
    @Override
    public String sql() {
      return "Time64(" + scale + ")";
    }
  }

  /** One of several types, or NULL. */
  record Variant(List<ColumnType> types) implements ColumnType {
    public Variant {
      types = List.copyOf(types);
    }

    @Override
    public String sql() {
      return types.stream().map(ColumnType::sql).collect(Collectors.joining(", ", "Variant(", ")"));
    }
  }

  /**
   * A JSON object, which is written as text.
   *
   * @param sql the type with its parameters
   */
  record Json(String sql) implements ColumnType {
    /** Without parameters. */
    public static final Json PLAIN = new Json("JSON");
  }

  /** Shapes of points, and what they are made of: {@code Point} is a tuple of two Float64. */
  enum Geo implements ColumnType {
    POINT("Point", 0),
    RING("Ring", 1),
    LINE_STRING("LineString", 1),
    MULTI_LINE_STRING("MultiLineString", 2),
    POLYGON("Polygon", 2),
    MULTI_POLYGON("MultiPolygon", 3);

    private final String sql;
    private final int depth;

    Geo(String sql, int depth) {
      this.sql = sql;
      this.depth = depth;
    }

    @Override
    public String sql() {
      return sql;
    }

    /** How many arrays are around a point. */
    int depth() {
      return depth;
    }

    /** The arrays and tuples that it is written as. */
    ColumnType plain() {
      ColumnType type = new Tuple(List.of("x", "y"), List.of(new Floating(64), new Floating(64)));
      for (int i = 0; i < depth; i++) {
        type = new Array(type);
      }
      return type;
    }
  }

  /** A type that no record can be written to; a table may have such columns all the same. */
  record Unsupported(String sql) implements ColumnType {}

  /** Whether a column of the type holds NULL. */
  default boolean isNullable() {
    return this instanceof Nullable
        || this instanceof Variant
        || (this instanceof LowCardinality low && low.inner().isNullable());
  }
}
