package dev.tributary.postgres.types;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * The types of the extension pgvector.
 *
 * @see <a href="https://github.com/pgvector/pgvector">pgvector</a>
 */
final class VectorTypes {
  private VectorTypes() {}

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
        .withoutDefault();
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

  /** <code>{1:1.5,3:2.25}/5</code>: the elements that are not zero, and how many there are. */
  static ValueType sparseVector() {
    return ValueType.reading(
            VectorTypes::sparseSchema,
            column -> (data, start, length) -> sparse(column, data, start, length),
            new Struct(sparseSchema().build()).put("dimensions", (short) 0).put("vector", Map.of()))
        .withoutDefault();
  }

  private static SchemaBuilder sparseSchema() {
    return Schemas.semantic(SchemaBuilder::struct, "data.SparseDoubleVector")
        .get()
        .doc("Sparse double vector")
        .field("dimensions", Schema.INT16_SCHEMA)
        .field("vector", SchemaBuilder.map(Schema.INT16_SCHEMA, Schema.FLOAT64_SCHEMA).build());
  }

  private static Struct sparse(Schema schema, byte[] data, int start, int length) {
    String text = new String(data, start, length, StandardCharsets.US_ASCII);
    int slash = text.lastIndexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a sparse vector");
    }
    Map<Short, Double> elements = new LinkedHashMap<>();
    String inner = inner(data, start, slash, '{', '}');
    for (String element : inner.isEmpty() ? new String[0] : inner.split(",", -1)) {
      int colon = element.indexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException("not a sparse vector");
      }
      elements.put(
          Short.valueOf(element.substring(0, colon)), Double.valueOf(element.substring(colon + 1)));
    }
    return new Struct(schema)
        .put("dimensions", Short.valueOf(text.substring(slash + 1)))
        .put("vector", elements);
  }

  private static String inner(byte[] data, int start, int length, char open, char close) {
    if (length < 2 || data[start] != open || data[start + length - 1] != close) {
      throw new IllegalArgumentException("not a vector");
    }
    return TextDecoders.ascii(data, start + 1, length - 2);
  }
}
