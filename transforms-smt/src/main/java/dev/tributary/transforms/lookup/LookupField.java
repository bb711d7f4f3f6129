package dev.tributary.transforms.lookup;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;

/**
 * A field that is taken from a looked-up record, written {@code NAME} or {@code NAME:TYPE}.
 *
 * @param name in Redis
 * @param type what it becomes
 */
public record LookupField(String name, Type type) {

  /** What a value becomes. */
  public enum Type {
    STRING,
    INT64,
    FLOAT64,
    BOOLEAN
  }

  /**
   * Parses a list.
   *
   * @throws IllegalArgumentException if a type is unknown
   */
  public static List<LookupField> parseAll(String text) {
    List<LookupField> fields = new ArrayList<>();
    if (text.isBlank()) {
      return fields;
    }
    for (String entry : text.split(",", -1)) {
      String[] parts = entry.trim().split(":", -1);
      if (parts.length > 2 || parts[0].isBlank()) {
        throw new IllegalArgumentException("'" + entry.trim() + "': write FIELD or FIELD:TYPE");
      }
      try {
        Type type =
            parts.length == 1
                ? Type.STRING
                : Type.valueOf(parts[1].trim().toUpperCase(Locale.ROOT));
        fields.add(new LookupField(parts[0].trim(), type));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "'" + entry.trim() + "': known types are string, int64, float64 and boolean", e);
      }
    }
    return fields;
  }

  /** The schema of what it becomes. */
  public Schema schema() {
    return switch (type) {
      case STRING -> Schema.OPTIONAL_STRING_SCHEMA;
      case INT64 -> Schema.OPTIONAL_INT64_SCHEMA;
      case FLOAT64 -> Schema.OPTIONAL_FLOAT64_SCHEMA;
      case BOOLEAN -> Schema.OPTIONAL_BOOLEAN_SCHEMA;
    };
  }

  /**
   * The value in a record, or null.
   *
   * @throws IllegalArgumentException if it is not of the type; the message does not quote it
   */
  public Object of(Map<String, Object> found) {
    return convert(found.get(name));
  }

  /**
   * A value as this field's type.
   *
   * @throws IllegalArgumentException if it is not of the type; the message does not quote it
   */
  public Object convert(Object value) {
    if (value == null) {
      return null;
    }
    try {
      return switch (type) {
        case STRING -> value instanceof String ? value : Json.text(value);
        case INT64 -> new BigDecimal(value.toString().strip()).longValueExact();
        case FLOAT64 -> Double.valueOf(value.toString().strip());
        case BOOLEAN -> bool(value);
      };
    } catch (ArithmeticException | NumberFormatException e) {
      // without the cause, which may quote the value
      throw new IllegalArgumentException(
          "the looked-up field '" + name + "' is no " + type.name().toLowerCase(Locale.ROOT));
    }
  }

  private static Boolean bool(Object value) {
    return switch (value.toString().strip().toLowerCase(Locale.ROOT)) {
      case "true", "t", "1", "yes" -> true;
      case "false", "f", "0", "no" -> false;
      default -> throw new NumberFormatException();
    };
  }
}
