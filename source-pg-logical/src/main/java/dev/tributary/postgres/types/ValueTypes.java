package dev.tributary.postgres.types;

import dev.tributary.postgres.catalog.TypeInfo;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Which {@link ValueType} a column has: the semantic types of Debezium with its default modes
 * (precise decimals, adaptive times, binary as bytes).
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html">Data
 *     type mappings</a>
 */
public final class ValueTypes {
  /** What is written in place of a TOASTed value that a change did not touch. */
  public static final String UNAVAILABLE = "__debezium_unavailable_value";

  private static final byte[] UNAVAILABLE_BYTES = UNAVAILABLE.getBytes(StandardCharsets.UTF_8);
  private static final Schema VARIABLE_SCALE_DECIMAL = variableScaleDecimal().build();
  private static final int HEADER = 4; // of a type modifier
  private static final int NO_PRECISION = -1;

  private ValueTypes() {}

  /**
   * The type of a column.
   *
   * @return empty if columns of the type are left out
   */
  public static Optional<ValueType> of(TypeInfo type, int modifier) {
    return switch (type.kind()) {
      case DOMAIN -> domain(type, modifier);
      case ARRAY -> array(type, modifier);
      case ENUM -> Optional.of(enumeration(type.labels()));
      case RANGE -> Optional.of(string(() -> SchemaBuilder.string()).withoutDefault());
      case BASE -> Optional.ofNullable(base(type, modifier));
      case OTHER -> Optional.empty();
    };
  }

  private static Optional<ValueType> domain(TypeInfo type, int modifier) {
    return type.base() == null
        ? Optional.empty()
        : of(type.base(), type.baseModifier() >= 0 ? type.baseModifier() : modifier)
            .map(ValueType::withoutDefault);
  }

  private static Optional<ValueType> array(TypeInfo type, int modifier) {
    if (type.element() == null || type.element().name().equals("interval")) {
      return Optional.empty();
    }
    return of(type.element(), modifier).map(element -> array(type.element(), element));
  }

  private static ValueType array(TypeInfo elementType, ValueType element) {
    Supplier<SchemaBuilder> schema =
        () -> {
          SchemaBuilder of = element.schema().get();
          return SchemaBuilder.array((element.optionalElement() ? of.optional() : of).build());
        };
    return ValueType.of(schema, TextDecoders::text, List.of())
        .reading(column -> TextArrays.of(element.text().apply(column.valueSchema())))
        .unavailable(unavailableArray(elementType, element))
        .withoutDefault();
  }

  /**
   * Text and bytes as one element, a UUID as the one that is the text's digest, integers and dates
   * as the bytes of the text.
   */
  private static Object unavailableArray(TypeInfo elementType, ValueType element) {
    return switch (elementType.name()) {
      case "int4", "date" -> unavailableNumbers().stream().map(Long::intValue).toList();
      case "int8" -> unavailableNumbers();
      case "uuid" -> List.of(UUID.nameUUIDFromBytes(UNAVAILABLE_BYTES).toString());
      default -> element.unavailable() == null ? null : List.of(element.unavailable());
    };
  }

  private static List<Long> unavailableNumbers() {
    List<Long> numbers = new ArrayList<>();
    for (byte b : UNAVAILABLE_BYTES) {
      numbers.add((long) b);
    }
    return numbers;
  }

  private static ValueType enumeration(List<String> labels) {
    String allowed = String.join(",", labels);
    return string(
            () ->
                semantic(SchemaBuilder.string(), "io.debezium.data.Enum")
                    .parameter("allowed", allowed))
        .requiredElement();
  }

  private static ValueType base(TypeInfo type, int modifier) {
    return switch (type.name()) {
      case "bool" -> ValueType.of(SchemaBuilder::bool, TextDecoders::bool, false);
      case "int2" -> ValueType.of(SchemaBuilder::int16, TextDecoders::int2, (short) 0);
      case "int4" -> ValueType.of(SchemaBuilder::int32, TextDecoders::int4, 0);
      case "int8" -> ValueType.of(SchemaBuilder::int64, TextDecoders::int8, 0L);
      case "oid" -> ValueType.of(SchemaBuilder::int64, TextDecoders::int8, 0L).withoutDefault();
      case "float4" -> ValueType.of(SchemaBuilder::float32, TextDecoders::float4, 0f);
      case "float8" -> ValueType.of(SchemaBuilder::float64, TextDecoders::float8, 0d);
      case "numeric" -> numeric(modifier);
      case "money" -> decimal(2, NO_PRECISION, TextDecoders::money).withoutDefault();
      case "text", "varchar", "bpchar" -> string(() -> SchemaBuilder.string());
      case "char", "name", "citext", "inet", "cidr", "macaddr", "macaddr8" ->
          string(() -> SchemaBuilder.string()).withoutDefault();
      case "uuid" ->
          string(() -> semantic(SchemaBuilder.string(), "io.debezium.data.Uuid"))
              .expressionDefault("00000000-0000-0000-0000-000000000000");
      case "json", "jsonb" ->
          string(() -> semantic(SchemaBuilder.string(), "io.debezium.data.Json"))
              .expressionDefault("{}");
      case "xml" ->
          string(() -> semantic(SchemaBuilder.string(), "io.debezium.data.Xml")).withoutDefault();
      case "tsvector" ->
          string(() -> semantic(SchemaBuilder.string(), "io.debezium.data.Tsvector"))
              .withoutDefault();
      case "bytea" ->
          ValueType.of(SchemaBuilder::bytes, TextDecoders::bytea, new byte[0])
              .unavailable(UNAVAILABLE_BYTES)
              .withoutDefault();
      case "bit" -> modifier <= 1 ? bit() : bits(modifier);
      case "varbit" -> bits(modifier < 0 ? Integer.MAX_VALUE : modifier);
      case "date" -> time("Date", SchemaBuilder::int32, TextTimes::date, 0);
      case "time" ->
          precision(modifier) <= 3
              ? time("Time", SchemaBuilder::int32, TextTimes::timeMillis, 0)
              : time("MicroTime", SchemaBuilder::int64, TextTimes::timeMicros, 0L);
      case "timestamp" ->
          precision(modifier) <= 3
              ? time("Timestamp", SchemaBuilder::int64, TextTimes::timestampMillis, 0L)
              : time("MicroTimestamp", SchemaBuilder::int64, TextTimes::timestampMicros, 0L);
      case "timestamptz" -> zonedTimestamp(precision(modifier));
      case "timetz" ->
          time("ZonedTime", SchemaBuilder::string, TextTimes::zonedTime, "00:00:00Z")
              .withoutDefault();
      case "interval" -> time("MicroDuration", SchemaBuilder::int64, TextTimes::intervalMicros, 0L);
      default -> null;
    };
  }

  private static int precision(int modifier) {
    return modifier < 0 ? 6 : modifier;
  }

  private static ValueType string(Supplier<SchemaBuilder> schema) {
    return ValueType.of(schema, TextDecoders::text, "").unavailable(UNAVAILABLE);
  }

  private static ValueType time(
      String name, Supplier<SchemaBuilder> schema, ValueDecoder text, Object zero) {
    return ValueType.of(() -> semantic(schema.get(), "io.debezium.time." + name), text, zero);
  }

  private static ValueType zonedTimestamp(int precision) {
    String fraction = precision == 0 ? "" : "." + "0".repeat(precision);
    return time(
            "ZonedTimestamp",
            SchemaBuilder::string,
            TextTimes.zonedTimestamp(precision),
            "1970-01-01T00:00:00Z")
        .expressionDefault("1970-01-01T00:00:00" + fraction + "Z");
  }

  /** A negative scale rounds to tens and hundreds; such values are whole. */
  private static ValueType numeric(int modifier) {
    if (modifier < HEADER) {
      return ValueType.of(
              ValueTypes::variableScaleDecimal,
              TextDecoders::text,
              TextDecoders.variableScaleDecimal(VARIABLE_SCALE_DECIMAL, BigDecimal.ZERO))
          .reading(TextDecoders::variableScaleDecimal)
          .withoutDefault();
    }
    int precision = (modifier - HEADER) >> 16 & 0xFFFF;
    int signedScale = ((modifier - HEADER & 0x7FF) ^ 0x400) - 0x400;
    int scale = Math.max(signedScale, 0);
    return decimal(scale, precision + Math.max(-signedScale, 0), TextDecoders.decimal(scale));
  }

  private static ValueType decimal(int scale, int precision, ValueDecoder text) {
    return ValueType.of(
        () ->
            precision == NO_PRECISION
                ? Decimal.builder(scale)
                : Decimal.builder(scale)
                    .parameter("connect.decimal.precision", Integer.toString(precision)),
        text,
        BigDecimal.ZERO.setScale(scale));
  }

  private static ValueType bit() {
    return ValueType.of(SchemaBuilder::bool, TextDecoders::bit, false).withoutDefault();
  }

  private static ValueType bits(int length) {
    return ValueType.of(
            () ->
                semantic(SchemaBuilder.bytes(), "io.debezium.data.Bits")
                    .parameter("length", Integer.toString(length)),
            TextDecoders::bits,
            new byte[0])
        .withoutDefault();
  }

  private static SchemaBuilder variableScaleDecimal() {
    return semantic(SchemaBuilder.struct(), "io.debezium.data.VariableScaleDecimal")
        .doc("Variable scaled decimal")
        .field("scale", Schema.INT32_SCHEMA)
        .field("value", Schema.BYTES_SCHEMA);
  }

  private static SchemaBuilder semantic(SchemaBuilder schema, String name) {
    return schema.name(name).version(1);
  }
}
