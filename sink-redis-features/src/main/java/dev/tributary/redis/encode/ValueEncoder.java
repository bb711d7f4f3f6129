package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Unavailable;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Values as the bytes of a Redis string.
 *
 * <table>
 *   <caption>Forms</caption>
 *   <tr><td>numbers</td><td>plain notation, decimals exact</td></tr>
 *   <tr><td>booleans</td><td>{@code true}, {@code false}</td></tr>
 *   <tr><td>strings</td><td>UTF-8</td></tr>
 *   <tr><td>bytes</td><td>as they are</td></tr>
 *   <tr><td>times of Connect and Debezium</td><td>by {@link TimeFormat}</td></tr>
 *   <tr><td>structs, maps, arrays</td><td>JSON</td></tr>
 * </table>
 */
final class ValueEncoder {
  private static final byte[] TRUE = "true".getBytes(UTF_8);
  private static final byte[] FALSE = "false".getBytes(UTF_8);

  private final SemanticTypes semantics;
  private final JsonText json;
  private final Unavailable unavailable;

  ValueEncoder(TimeFormat timeFormat, Unavailable unavailable) {
    this.unavailable = unavailable;
    this.semantics = new SemanticTypes(timeFormat);
    this.json = new JsonText(semantics);
  }

  /** Whether a value is not known, and only its placeholder came. */
  boolean isUnavailable(Object value) {
    return unavailable.is(value);
  }

  /** What makes values of a schema plain ones, to be worked out once per schema. */
  UnaryOperator<Object> reader(Schema schema) {
    return semantics.reader(schema);
  }

  /** The plain value behind a value with the meaning that its schema gives it. */
  Object plain(Schema schema, Object value) {
    return semantics.plain(schema, value);
  }

  /** A value with the meaning that its schema gives it. */
  byte[] encode(Schema schema, Object value) {
    return encodePlain(schema, semantics.plain(schema, value));
  }

  /** A value that {@link #reader} has made plain, or that needed none. */
  byte[] encodePlain(Schema schema, Object value) {
    Optional<byte[]> scalar = scalar(value);
    if (scalar.isPresent()) {
      return scalar.get();
    }
    if (value instanceof Struct || value instanceof Map || value instanceof List) {
      return json.encode(schema, value);
    }
    throw new UnwritableRecordException(
        "a value is of type " + value.getClass().getName() + ", which has no form in Redis");
  }

  /** A value as JSON. */
  byte[] json(Schema schema, Object value) {
    return json.encode(schema, value);
  }

  /**
   * The row of an event as one JSON object.
   *
   * @param merged whether fields that are left out stay as they are
   * @throws UnwritableRecordException if a value is not known and would be lost
   */
  byte[] document(ChangeEvent event, FieldSelection selection, Renames renames, boolean merged) {
    return json.document(
        event,
        (name, value) -> {
          if (!selection.has(name, event.form())) {
            return null;
          }
          if (isUnavailable(value)) {
            if (merged) {
              return null;
            }
            throw UnwritableRecordException.unavailable(name);
          }
          return renames.of(name);
        });
  }

  /** The bytes of a value that is neither struct nor map nor array, or nothing. */
  Optional<byte[]> scalar(Object value) {
    if (value instanceof String text) {
      return Optional.of(text.getBytes(UTF_8));
    }
    if (value instanceof Number number) {
      return Optional.of(Numbers.bytes(number));
    }
    if (value instanceof Boolean bool) {
      return Optional.of(bool ? TRUE : FALSE);
    }
    if (value instanceof byte[] || value instanceof ByteBuffer) {
      return Optional.of(SemanticTypes.bytes(value));
    }
    if (value instanceof Date) {
      return scalar(semantics.connectTimestamp(value));
    }
    return Optional.empty();
  }
}
