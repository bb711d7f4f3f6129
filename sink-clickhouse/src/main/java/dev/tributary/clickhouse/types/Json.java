package dev.tributary.clickhouse.types;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Connect values as JSON text: structs and maps are objects, bytes are Base64, points in time ISO
 * 8601 in UTC, decimals keep their digits.
 */
public final class Json {
  private Json() {}

  /**
   * The writer of a JSON column, which takes text (Debezium's Json) or objects. The server reads it
   * as text with {@code input_format_binary_read_json_as_string=1}.
   */
  static ValueWriter writer() {
    return (out, value) -> out.string(text(value));
  }

  private static String text(Object value) {
    if (value instanceof String text) {
      String stripped = text.strip();
      if (!stripped.startsWith("{")) {
        throw new UnwritableValueException("a text that is no JSON object does not fit JSON");
      }
      return stripped;
    }
    if (value instanceof Struct || value instanceof Map) {
      StringBuilder json = new StringBuilder();
      append(json, value);
      return json.toString();
    }
    throw Writers.mismatch(value, "JSON");
  }

  /** Appends a value. */
  public static void append(StringBuilder json, Object value) {
    if (value == null) {
      json.append("null");
    } else if (value instanceof Struct struct) {
      struct(json, struct);
    } else if (value instanceof Map<?, ?> map) {
      map(json, map);
    } else if (value instanceof List<?> list) {
      list(json, list);
    } else if (value instanceof BigDecimal number) {
      json.append(number.toPlainString());
    } else if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number) || Double.isInfinite(number)) {
        throw new UnwritableValueException("NaN or infinity does not fit JSON");
      }
      json.append(value);
    } else if (value instanceof Number || value instanceof Boolean) {
      json.append(value);
    } else if (value instanceof java.util.Date date) {
      quote(json, date.toInstant().toString());
    } else if (value instanceof byte[] bytes) {
      quote(json, Base64.getEncoder().encodeToString(bytes));
    } else if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      quote(json, Base64.getEncoder().encodeToString(bytes));
    } else if (value instanceof String text) {
      quote(json, text);
    } else {
      throw Writers.mismatch(value, "JSON");
    }
  }

  private static void struct(StringBuilder json, Struct struct) {
    if (VariableScale.isOne(struct.schema())) {
      json.append(VariableScale.value(struct).toPlainString());
      return;
    }
    json.append('{');
    String separator = "";
    for (Field field : struct.schema().fields()) {
      json.append(separator);
      separator = ",";
      quote(json, field.name());
      json.append(':');
      appendField(json, field.schema(), struct.get(field));
    }
    json.append('}');
  }

  /** Appends a field's value: JSON in a text is an object, not a text. */
  public static void appendField(StringBuilder json, Schema schema, Object value) {
    boolean isJson = schema != null && "io.debezium.data.Json".equals(schema.name());
    if (isJson && value instanceof String text && !text.isBlank()) {
      json.append(text);
    } else {
      append(json, value);
    }
  }

  private static void map(StringBuilder json, Map<?, ?> map) {
    json.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.append(separator);
      separator = ",";
      quote(json, String.valueOf(entry.getKey()));
      json.append(':');
      append(json, entry.getValue());
    }
    json.append('}');
  }

  private static void list(StringBuilder json, List<?> list) {
    json.append('[');
    String separator = "";
    for (Object item : list) {
      json.append(separator);
      separator = ",";
      append(json, item);
    }
    json.append(']');
  }

  /** Appends a text in quotes. */
  public static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ') {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
