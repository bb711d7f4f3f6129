package dev.tributary.clickhouse.types;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/**
 * The column type that a table made for a Connect schema gets.
 *
 * <table>
 *   <caption>Types</caption>
 *   <tr><th>Connect or Debezium</th><th>ClickHouse</th></tr>
 *   <tr><td>int8 to int64, float32, float64, boolean</td><td>Int8 to Int64, Float32, Float64, Bool</td></tr>
 *   <tr><td>string, bytes, Json, Xml, Bits, VariableScaleDecimal</td><td>String</td></tr>
 *   <tr><td>Decimal</td><td>Decimal(connect.decimal.precision or 38, scale)</td></tr>
 *   <tr><td>Date, io.debezium.time.Date, IsoDate</td><td>Date32</td></tr>
 *   <tr><td>Timestamp, io.debezium.time.Timestamp</td><td>DateTime64(3, 'UTC')</td></tr>
 *   <tr><td>MicroTimestamp, ZonedTimestamp, IsoTimestamp</td><td>DateTime64(6, 'UTC')</td></tr>
 *   <tr><td>NanoTimestamp</td><td>DateTime64(9, 'UTC')</td></tr>
 *   <tr><td>Time, MicroTime, NanoTime, MicroDuration</td><td>Int64, in the unit that the record has</td></tr>
 *   <tr><td>Uuid, Enum</td><td>UUID, LowCardinality(String)</td></tr>
 *   <tr><td>array, map, struct, vectors, geometries</td><td>Array, Map, Tuple with names</td></tr>
 * </table>
 *
 * <p>Points in time are shown in UTC whatever the server's zone: a {@code timestamp} of Postgres
 * has none, and reads the same in both databases only so. A decimal without a fixed scale stays
 * text, the one form that never refuses a value.
 */
public final class ConnectTypes {
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final int MAX_PRECISION = 76;

  private ConnectTypes() {}

  /**
   * The type for a field.
   *
   * @param nullable whether an optional field becomes a Nullable column; not in a sorting key
   * @throws UnwritableValueException if no type holds the field's values
   */
  public static ColumnType of(Schema schema, boolean nullable) {
    ColumnType type = bare(schema);
    boolean container =
        type instanceof ColumnType.Array
            || type instanceof ColumnType.MapOf
            || type instanceof ColumnType.Tuple;
    if (!nullable || !schema.isOptional() || container) {
      return type;
    }
    return type instanceof ColumnType.LowCardinality low
        ? new ColumnType.LowCardinality(new ColumnType.Nullable(low.inner()))
        : new ColumnType.Nullable(type);
  }

  private static ColumnType bare(Schema schema) {
    String name = schema.name() == null ? "" : schema.name();
    return switch (name) {
      case Decimal.LOGICAL_NAME -> decimal(schema.parameters());
      case "org.apache.kafka.connect.data.Date", "io.debezium.time.Date" -> ColumnType.Plain.DATE32;
      case "org.apache.kafka.connect.data.Timestamp", "io.debezium.time.Timestamp" ->
          new ColumnType.DateTime64(3, UTC);
      case "io.debezium.time.MicroTimestamp", "io.debezium.time.ZonedTimestamp" ->
          new ColumnType.DateTime64(6, UTC);
      case "io.debezium.time.NanoTimestamp" -> new ColumnType.DateTime64(9, UTC);
      case "org.apache.kafka.connect.data.Time" -> new ColumnType.Int(64, true);
      case "io.debezium.time.IsoDate" -> ColumnType.Plain.DATE32;
      case "io.debezium.time.IsoTimestamp" -> new ColumnType.DateTime64(6, UTC);
      case "io.debezium.data.Uuid" -> ColumnType.Plain.UUID;
      case "io.debezium.data.Enum" -> new ColumnType.LowCardinality(ColumnType.Plain.STRING);
      case VariableScale.NAME -> ColumnType.Plain.STRING;
      default -> byType(schema);
    };
  }

  private static ColumnType byType(Schema schema) {
    return switch (schema.type()) {
      case INT8 -> new ColumnType.Int(8, true);
      case INT16 -> new ColumnType.Int(16, true);
      case INT32 -> new ColumnType.Int(32, true);
      case INT64 -> new ColumnType.Int(64, true);
      case FLOAT32 -> new ColumnType.Floating(32);
      case FLOAT64 -> new ColumnType.Floating(64);
      case BOOLEAN -> ColumnType.Plain.BOOL;
      case STRING, BYTES -> ColumnType.Plain.STRING;
      case ARRAY -> new ColumnType.Array(of(schema.valueSchema(), true));
      case MAP ->
          new ColumnType.MapOf(of(schema.keySchema(), false), of(schema.valueSchema(), true));
      case STRUCT -> tuple(schema);
    };
  }

  private static ColumnType decimal(Map<String, String> parameters) {
    int scale = Math.max(0, Integer.parseInt(parameters.get(Decimal.SCALE_FIELD)));
    String declared = parameters.get("connect.decimal.precision");
    int precision =
        declared == null
            ? scale <= 38 ? 38 : MAX_PRECISION
            : Math.max(Integer.parseInt(declared), scale);
    // wider than ClickHouse's widest: text keeps every digit
    return precision > MAX_PRECISION
        ? ColumnType.Plain.STRING
        : new ColumnType.Decimal(precision, scale);
  }

  /**
   * A null struct is written with every element null, so each element of an optional one can be.
   */
  private static ColumnType tuple(Schema schema) {
    List<String> names = new ArrayList<>();
    List<ColumnType> elements = new ArrayList<>();
    for (Field field : schema.fields()) {
      names.add(field.name());
      ColumnType element = of(field.schema(), true);
      boolean wrap =
          schema.isOptional()
              && !element.isNullable()
              && !(element instanceof ColumnType.Array
                  || element instanceof ColumnType.MapOf
                  || element instanceof ColumnType.Tuple
                  || element instanceof ColumnType.LowCardinality);
      elements.add(wrap ? new ColumnType.Nullable(element) : element);
    }
    if (elements.isEmpty()) {
      throw new UnwritableValueException("a struct without fields has no column type");
    }
    return new ColumnType.Tuple(names, elements);
  }
}
