package dev.tributary.postgres.types;

import dev.tributary.postgres.catalog.TypeInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * The types of the extension pgvector.
 *
 * @see <a href="https://github.com/pgvector/pgvector">pgvector</a>
 */
public final class VectorTypes {
  private static final String DIMENSIONS = "dimensions";
  private static final String VECTOR = "vector";
  private static final int LONG_VERSION = 2;

  private VectorTypes() {}

  /** A sparse vector with more dimensions than its column's schema can count. */
  public static final class LongVectorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int dimensions;

    LongVectorException(int dimensions) {
      super("a sparse vector of many dimensions", null, false, false);
      this.dimensions = dimensions;
    }

    public int dimensions() {
      return dimensions;
    }
  }

  /** {@code [1.5,2,3]}. */
  static ValueType vector() {
    return of("DoubleVector", Schema.FLOAT64_SCHEMA, Double::valueOf);
  }

  static ValueType halfVector() {
    return of("FloatVector", Schema.FLOAT32_SCHEMA, Float::valueOf);
  }

  private static ValueType of(String name, Schema element, Function<String, Object> number) {
    return ValueType.of(
            Schemas.semantic(() -> SchemaBuilder.array(element), "data." + name),
            (data, start, length) -> numbers(inner(data, start, length, '[', ']'), number),
            List.of())
        .withoutDefault()
        .requiredElement();
  }

  private static List<Object> numbers(String text, Function<String, Object> number) {
    List<Object> numbers = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String item : text.split(",", -1)) {
        numbers.add(number.apply(item));
      }
    }
    return numbers;
  }

  /**
   * <code>{1:1.5,3:2.25}/5</code>: the elements that are not zero, and how many there are. Debezium
   * counts them in INT16, and so does this as long as that is enough.
   *
   * @param dimensions as declared; -1 if they are not
   */
  static ValueType sparseVector(int dimensions) {
    boolean few = dimensions <= Short.MAX_VALUE;
    Supplier<SchemaBuilder> schema =
        () ->
            few
                ? sparseSchema(1, Schema.INT16_SCHEMA)
                : sparseSchema(LONG_VERSION, Schema.INT32_SCHEMA);
    return ValueType.reading(
            schema,
            column -> (data, start, length) -> sparse(column, data, start, length),
            sparse(schema.get().build(), 0, Map.of()))
        .withoutDefault()
        .requiredElement();
  }

  /**
   * The modifier that a field of a composite is read with. What is in a composite cannot be fitted
   * later on, so that sparse vectors of any length count in INT32 there.
   */
  static int modifierInside(int modifier, TypeInfo type) {
    TypeInfo inner = type;
    while (inner.element() != null || inner.base() != null) {
      inner = inner.element() != null ? inner.element() : inner.base();
    }
    return modifier < 0 && inner.name().equals("sparsevec") ? Integer.MAX_VALUE : modifier;
  }

  private static SchemaBuilder sparseSchema(int version, Schema count) {
    return SchemaBuilder.struct()
        .name("io.debezium.data.SparseDoubleVector")
        .version(version)
        .doc("Sparse double vector")
        .field(DIMENSIONS, count)
        .field(VECTOR, SchemaBuilder.map(count, Schema.FLOAT64_SCHEMA).build());
  }

  private static Struct sparse(Schema schema, byte[] data, int start, int length) {
    String text = new String(data, start, length, StandardCharsets.US_ASCII);
    int slash = text.lastIndexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a sparse vector");
    }
    int dimensions = Integer.parseInt(text.substring(slash + 1));
    Map<Integer, Double> elements = new LinkedHashMap<>();
    String inner = inner(data, start, slash, '{', '}');
    for (String element : inner.isEmpty() ? new String[0] : inner.split(",", -1)) {
      int colon = element.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("not a sparse vector");
      }
      int index = Integer.parseInt(element.substring(0, colon));
      if (index < 1 || index > dimensions) {
        throw new IllegalArgumentException("not a sparse vector");
      }
      elements.put(index, Double.valueOf(element.substring(colon + 1)));
    }
    return sparse(schema, dimensions, elements);
  }

  private static Struct sparse(Schema schema, int dimensions, Map<Integer, Double> elements) {
    Struct struct = new Struct(schema);
    if (schema.version() == LONG_VERSION) {
      return struct.put(DIMENSIONS, dimensions).put(VECTOR, elements);
    }
    if (dimensions > Short.MAX_VALUE) {
      throw new LongVectorException(dimensions);
    }
    Map<Short, Double> narrow = new LinkedHashMap<>();
    elements.forEach((index, value) -> narrow.put(index.shortValue(), value));
    return struct.put(DIMENSIONS, (short) dimensions).put(VECTOR, narrow);
  }

  private static String inner(byte[] data, int start, int length, char open, char close) {
    if (length < 2 || data[start] != open || data[start + length - 1] != close) {
      throw new IllegalArgumentException("not a vector");
    }
    return TextDecoders.ascii(data, start + 1, length - 2);
  }
}
