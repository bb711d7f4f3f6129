package dev.tributary.redis.encode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Structs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * Nested values as JSON in UTF-8: structs and maps as objects, arrays as arrays, bytes in base64,
 * floats that are no numbers as strings, everything else as {@link ValueEncoder} has it.
 */
final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  private final SemanticTypes semantics;

  JsonText(SemanticTypes semantics) {
    this.semantics = semantics;
  }

  byte[] encode(Schema schema, Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      write(json, schema, value);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * A row as one object.
   *
   * @param names the name a field gets, or null where it is left out
   */
  byte[] document(ChangeEvent event, BiFunction<String, Object, String> names) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (event.row() instanceof Struct row) {
        for (Field field : row.schema().fields()) {
          Object value = Structs.get(row, field);
          String name = names.apply(field.name(), value);
          if (name != null) {
            json.writeFieldName(name);
            write(json, field.schema(), value);
          }
        }
      } else if (event.row() instanceof Map<?, ?> row) {
        for (Map.Entry<?, ?> entry : row.entrySet()) {
          String name = names.apply(String.valueOf(entry.getKey()), entry.getValue());
          if (name != null) {
            json.writeFieldName(name);
            write(json, null, entry.getValue());
          }
        }
      } else {
        throw new UnwritableRecordException("the change carries no row");
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** Names and values in UTF-8 as an object of strings. */
  static byte[] ofTexts(List<byte[]> pairs) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      for (int i = 0; i < pairs.size(); i += 2) {
        json.writeStringField(Bytes.text(pairs.get(i)), Bytes.text(pairs.get(i + 1)));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** Checks that text is one JSON value. */
  static void check(byte[] text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != null) {
        parser.skipChildren();
        if (parser.nextToken() == null) {
          return;
        }
      }
    } catch (IOException e) {
      // told below, without what it quotes
    }
    throw new UnwritableRecordException("the value is not one JSON text");
  }

  private void write(JsonGenerator json, Schema schema, Object given) throws IOException {
    if (given == null) {
      json.writeNull();
      return;
    }
    Object value = semantics.plain(schema, given);
    if (value instanceof Struct struct) {
      writeStruct(json, struct);
    } else if (value instanceof Map<?, ?> map) {
      writeMap(json, schema, map);
    } else if (value instanceof Collection<?> values) {
      json.writeStartArray();
      Schema of = schema == null ? null : schema.valueSchema();
      for (Object element : values) {
        write(json, of, element);
      }
      json.writeEndArray();
    } else {
      writeScalar(json, value);
    }
  }

  private void writeStruct(JsonGenerator json, Struct struct) throws IOException {
    json.writeStartObject();
    for (Field field : struct.schema().fields()) {
      json.writeFieldName(field.name());
      write(json, field.schema(), Structs.get(struct, field));
    }
    json.writeEndObject();
  }

  private void writeMap(JsonGenerator json, Schema schema, Map<?, ?> map) throws IOException {
    boolean typed = schema != null && schema.type() == Schema.Type.MAP;
    json.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.writeFieldName(String.valueOf(entry.getKey()));
      write(json, typed ? schema.valueSchema() : null, entry.getValue());
    }
    json.writeEndObject();
  }

  private void writeScalar(JsonGenerator json, Object value) throws IOException {
    if (value instanceof String text) {
      json.writeString(text);
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof Number number) {
      if (Numbers.isFinite(number)) {
        json.writeNumber(Numbers.text(number));
      } else {
        json.writeString(Numbers.text(number));
      }
    } else if (value instanceof byte[] || value instanceof ByteBuffer) {
      json.writeBinary(SemanticTypes.bytes(value));
    } else if (value instanceof Date) {
      writeScalar(json, semantics.connectTimestamp(value));
    } else {
      throw new UnwritableRecordException(
          "a nested value is of type "
              + value.getClass().getName()
              + ", which has no form in JSON");
    }
  }
}
