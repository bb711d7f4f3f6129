package dev.tributary.postgres.types;

import dev.tributary.postgres.catalog.TypeInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Which {@link ValueType} a column has: the semantic types of Debezium, and Connect types for what
 * Debezium leaves out (composites, multiranges, arrays of anything).
 *
 * @see <a href="https://debezium.io/documentation/reference/stable/connectors/postgresql.html">Data
 *     type mappings</a>
 */
public final class ValueTypes {
  private static final Set<String> DEBEZIUM_RANGES =
      Set.of("int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange");

  /** Whose arrays Debezium does not know. */
  private static final Set<String> NO_DEBEZIUM_ARRAY = Set.of("interval", "money");

  private final TypeModes modes;
  private final NumberTypes numbers;
  private final TimeTypes times;
  private final BinaryTypes binary;

  public ValueTypes(TypeModes modes) {
    this.modes = modes;
    numbers = new NumberTypes(modes);
    times = new TimeTypes(modes);
    binary = new BinaryTypes(modes);
  }

  /**
   * The type of a column. Where unknown types are asked for, those that Debezium does not know are
   * unknown here too, so that a switch does not change them.
   *
   * @return empty if columns of the type are left out
   */
  public Optional<ValueType> of(TypeInfo type, int modifier) {
    if (isRaw(type)) {
      return Optional.of(unknown(type));
    }
    return known(type, modifier);
  }

  /** Whether the values of a column are the bytes of their text, whatever its type. */
  public boolean isRaw(TypeInfo type) {
    return modes.unknown() && !isKnownToDebezium(type);
  }

  /** The type of bytes that are in no column. */
  public ValueType bytes() {
    return binary.unknown();
  }

  private ValueType unknown(TypeInfo type) {
    ValueType unknown = binary.unknown();
    return type.kind() == TypeInfo.Kind.ARRAY
        ? array(type.element(), unknown, delimiter(type))
        : unknown;
  }

  private boolean isKnownToDebezium(TypeInfo type) {
    return switch (type.kind()) {
      case COMPOSITE, ALTERED_COMPOSITE, MULTIRANGE, OTHER -> false;
      case RANGE -> DEBEZIUM_RANGES.contains(type.name());
      case ARRAY ->
          !isPlainDomain(type.element())
              && !NO_DEBEZIUM_ARRAY.contains(type.element().name())
              && isKnownToDebezium(type.element());
      case DOMAIN -> type.base() != null && isKnownToDebezium(type.base());
      case BASE, ENUM -> known(type, -1).isPresent();
    };
  }

  /** Of an array of a domain, Debezium knows only that its elements may be of an enum. */
  private static boolean isPlainDomain(TypeInfo type) {
    return type.kind() == TypeInfo.Kind.DOMAIN
        && (type.base() == null || type.base().kind() != TypeInfo.Kind.ENUM);
  }

  private Optional<ValueType> known(TypeInfo type, int modifier) {
    return switch (type.kind()) {
      case DOMAIN -> domain(type, modifier);
      case ARRAY -> array(type, modifier);
      case ENUM -> Optional.of(enumeration(type.labels()));
      case RANGE, MULTIRANGE -> Optional.of(string().withoutDefault());
      case COMPOSITE, ALTERED_COMPOSITE -> composite(type);
      case BASE -> Optional.ofNullable(base(type, modifier));
      case OTHER -> type.isGone() ? Optional.of(string().withoutDefault()) : Optional.empty();
    };
  }

  private Optional<ValueType> composite(TypeInfo type) {
    List<CompositeTypes.Member> members = new ArrayList<>();
    for (TypeInfo.Attribute attribute : type.attributes()) {
      Optional<ValueType> member =
          known(
              attribute.type(), VectorTypes.modifierInside(attribute.modifier(), attribute.type()));
      members.add(
          new CompositeTypes.Member(
              attribute.name(),
              member
                  .map(found -> isArray(attribute.type()) ? found.nullElements() : found)
                  .orElseGet(this::string)));
    }
    return Optional.of(CompositeTypes.of(type, members));
  }

  /** What is in a composite cannot be fitted later on to elements that are NULL. */
  private static boolean isArray(TypeInfo type) {
    return type.kind() == TypeInfo.Kind.ARRAY
        || (type.kind() == TypeInfo.Kind.DOMAIN && type.base() != null && isArray(type.base()));
  }

  private Optional<ValueType> domain(TypeInfo type, int modifier) {
    return type.base() == null
        ? Optional.empty()
        : known(type.base(), type.baseModifier() >= 0 ? type.baseModifier() : modifier)
            .map(ValueType::withoutDefault);
  }

  private Optional<ValueType> array(TypeInfo type, int modifier) {
    return type.element() == null
        ? Optional.empty()
        : known(type.element(), modifier)
            .map(element -> array(type.element(), element, delimiter(type)));
  }

  /** {@code int2vector} and {@code oidvector} are written {@code 1 2}. */
  private static char delimiter(TypeInfo array) {
    return array.name().equals("int2vector") || array.name().equals("oidvector")
        ? ' '
        : array.element().delimiter();
  }

  private ValueType array(TypeInfo elementType, ValueType element, char delimiter) {
    Supplier<SchemaBuilder> schema =
        () -> {
          SchemaBuilder of = element.schema().get();
          return SchemaBuilder.array((element.optionalElement() ? of.optional() : of).build());
        };
    return ValueType.reading(
            schema,
            column -> TextArrays.of(element.text().apply(column.valueSchema()), (byte) delimiter),
            List.of())
        .unavailable(unavailableArray(elementType, element))
        .withoutDefault();
  }

  /**
   * Text and bytes as one element, a UUID as the one that is the text's digest, integers and dates
   * as the bytes of the text.
   */
  private Object unavailableArray(TypeInfo elementType, ValueType element) {
    return switch (elementType.name()) {
      case "int4", "date" ->
          element.zero() instanceof Integer
              ? unavailableNumbers().stream().map(Long::intValue).toList()
              : null;
      case "int8" -> unavailableNumbers();
      case "uuid" -> List.of(UUID.nameUUIDFromBytes(modes.placeholderBytes()).toString());
      default -> element.unavailable() == null ? null : List.of(element.unavailable());
    };
  }

  private List<Long> unavailableNumbers() {
    List<Long> numbers = new ArrayList<>();
    for (byte b : modes.placeholderText().getBytes(StandardCharsets.UTF_8)) {
      numbers.add((long) b);
    }
    return numbers;
  }

  private ValueType enumeration(List<String> labels) {
    String allowed = String.join(",", labels);
    return ValueType.of(
            () ->
                Schemas.semantic(SchemaBuilder::string, "data.Enum")
                    .get()
                    .parameter("allowed", allowed),
            EnumLabels.of(labels),
            "")
        .unavailable(modes.placeholderText())
        .requiredElement();
  }

  private ValueType base(TypeInfo type, int modifier) {
    return switch (type.name()) {
      case "bool" -> ValueType.of(SchemaBuilder::bool, TextDecoders::bool, false);
      case "int2" -> ValueType.of(SchemaBuilder::int16, TextDecoders::int2, (short) 0);
      case "int4" -> ValueType.of(SchemaBuilder::int32, TextDecoders::int4, 0);
      case "int8" -> ValueType.of(SchemaBuilder::int64, TextDecoders::int8, 0L);
      case "oid" -> ValueType.of(SchemaBuilder::int64, TextDecoders::int8, 0L).withoutDefault();
      case "float4" -> ValueType.of(SchemaBuilder::float32, TextDecoders::float4, 0f);
      case "float8" -> ValueType.of(SchemaBuilder::float64, TextDecoders::float8, 0d);
      case "numeric" -> numbers.numeric(modifier);
      case "money" -> numbers.money();
      case "text", "varchar", "bpchar" -> string();
      case "char", "name", "citext", "inet", "cidr", "macaddr", "macaddr8", "isbn" ->
          string().withoutDefault();
      case "uuid" ->
          semantic("data.Uuid").expressionDefault("00000000-0000-0000-0000-000000000000");
      case "json", "jsonb" -> semantic("data.Json").expressionDefault("{}");
      case "xml" -> semantic("data.Xml");
      case "ltree" -> semantic("data.Ltree").withoutDefault();
      case "tsvector" -> semantic("data.Tsvector").withoutDefault().requiredElement();
      case "hstore" -> hstore();
      case "bytea" -> binary.bytea();
      case "bit" -> modifier <= 1 ? bit() : bits(modifier);
      case "varbit" -> bits(modifier < 0 ? Integer.MAX_VALUE : modifier);
      case "date" -> times.date();
      case "time" -> times.time(modifier);
      case "timestamp" -> times.timestamp(modifier);
      case "timestamptz" -> times.zonedTimestamp(modifier);
      case "timetz" -> times.zonedTime(modifier);
      case "interval" -> times.interval();
      case "point" -> GeometryTypes.point();
      case "line" -> GeometryTypes.line();
      case "lseg" -> GeometryTypes.segment();
      case "box" -> GeometryTypes.box();
      case "path" -> GeometryTypes.path();
      case "polygon" -> GeometryTypes.polygon();
      case "circle" -> GeometryTypes.circle();
      case "geometry", "geography" -> GeometryTypes.postgis(type.name());
      case "vector" -> VectorTypes.vector();
      case "halfvec" -> VectorTypes.halfVector();
      case "sparsevec" -> VectorTypes.sparseVector(modifier);
      default -> null;
    };
  }

  private ValueType hstore() {
    if (modes.hstore() == TypeModes.Hstore.JSON) {
      return ValueType.of(
              Schemas.semantic(SchemaBuilder::string, "data.Json"), TextHstore::json, "{}")
          .unavailable(modes.placeholderText())
          .withoutDefault();
    }
    return ValueType.of(
            () -> SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA),
            TextHstore::map,
            Map.of())
        .unavailable(Map.of(modes.placeholderText(), modes.placeholderText()))
        .withoutDefault();
  }

  private ValueType string() {
    return string(() -> SchemaBuilder.string());
  }

  private ValueType semantic(String name) {
    return string(Schemas.semantic(SchemaBuilder::string, name));
  }

  private ValueType string(Supplier<SchemaBuilder> schema) {
    return ValueType.of(schema, TextDecoders::text, "").unavailable(modes.placeholderText());
  }

  private static ValueType bit() {
    return ValueType.of(SchemaBuilder::bool, TextDecoders::bit, false);
  }

  private static ValueType bits(int length) {
    return ValueType.of(
        () ->
            Schemas.semantic(SchemaBuilder::bytes, "data.Bits")
                .get()
                .parameter("length", Integer.toString(length)),
        TextDecoders::bits,
        new byte[0]);
  }
}
