package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Structs;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/** One piece of a {@link KeyTemplate}. */
sealed interface KeyPart {

  byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values);

  /** Text that is the same for all records. */
  final class Literal implements KeyPart {
    private final byte[] bytes;

    Literal(String text) {
      this.bytes = text.getBytes(UTF_8);
    }

    @Override
    public byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values) {
      return bytes;
    }
  }

  /** The topic, as transforms have left it. */
  record OfTopic() implements KeyPart {
    @Override
    public byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values) {
      return record.topic().getBytes(UTF_8);
    }
  }

  /** The partition. */
  record OfPartition() implements KeyPart {
    @Override
    public byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values) {
      return Numbers.bytes(record.kafkaPartition());
    }
  }

  /** The offset. */
  record OfOffset() implements KeyPart {
    @Override
    public byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values) {
      return Numbers.bytes(record.kafkaOffset());
    }
  }

  /** A header. */
  record OfHeader(String name) implements KeyPart {
    @Override
    public byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values) {
      Header header = record.headers().lastWithName(name);
      return scalar(
          "header '" + name + "'",
          header == null ? null : header.schema(),
          header == null ? null : header.value(),
          values);
    }
  }

  /** A field of the row, else of the whole value, else of the record's key. */
  record OfField(FieldPath inValue, FieldPath inKey) implements KeyPart {
    @Override
    public byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values) {
      Object value = inValue.get(event);
      Schema schema = value == null ? null : inValue.schema(event);
      if (value == null && isObject(record.key())) {
        ChangeEvent key = ChangeEvent.ofValue(record.key());
        value = inKey.get(key);
        schema = value == null ? null : inKey.schema(key);
      }
      if (value == null && event.form() == ChangeEvent.Form.TOMBSTONE) {
        throw new MissingValueException(
            "a tombstone without field '"
                + inValue
                + "' in its key; key the topic by that field, or let tombstones pass with"
                + " redis.delete.enabled=false");
      }
      return scalar(
          "field '" + inValue + "' of the row or the record's key", schema, value, values);
    }
  }

  /** A field of the record's key. */
  record OfKeyField(FieldPath path) implements KeyPart {
    @Override
    public byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values) {
      ChangeEvent key = isObject(record.key()) ? ChangeEvent.ofValue(record.key()) : null;
      return scalar(
          "field '" + path + "' of the record's key",
          key == null ? null : path.schema(key),
          key == null ? null : path.get(key),
          values);
    }
  }

  /** The whole key of the record. */
  final class OfKey implements KeyPart {
    private static final String NAME = "the record's key";
    private final byte[] separator;

    OfKey(byte[] separator) {
      this.separator = separator;
    }

    @Override
    public byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values) {
      ByteArrayOutputStream joined = new ByteArrayOutputStream(32);
      if (record.key() instanceof Struct key) {
        for (Field field : key.schema().fields()) {
          add(joined, field.name(), field.schema(), Structs.get(key, field), values);
        }
      } else if (record.key() instanceof Map<?, ?> key) {
        // by name, as a Map made from JSON has no order
        Map<String, Object> sorted = new TreeMap<>();
        key.forEach((name, value) -> sorted.put(String.valueOf(name), value));
        sorted.forEach((name, value) -> add(joined, name, null, value, values));
      } else {
        return scalar(NAME, record.keySchema(), record.key(), values);
      }
      return joined.toByteArray();
    }

    private void add(
        ByteArrayOutputStream joined, String name, Schema schema, Object value, ValueEncoder to) {
      if (joined.size() > 0) {
        joined.writeBytes(separator);
      }
      joined.writeBytes(scalar("field '" + name + "' of " + NAME, schema, value, to));
    }
  }

  /** The row as JSON, or the whole value where it is no object. */
  record OfValue(FieldSelection selection, Renames renames) implements KeyPart {
    @Override
    public byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values) {
      if (record.value() == null) {
        throw new MissingValueException("the value of a tombstone is missing");
      }
      return isObject(record.value())
          ? values.document(event, selection, renames, false)
          : values.encode(record.valueSchema(), record.value());
    }
  }

  private static boolean isObject(Object key) {
    return key instanceof Struct || key instanceof Map;
  }

  private static byte[] scalar(String what, Schema schema, Object value, ValueEncoder values) {
    if (value == null) {
      throw new MissingValueException(what + " is missing or null");
    }
    if (values.isUnavailable(value)) {
      throw new UnwritableRecordException(
          what
              + " is not known, as Postgres did not send the unchanged large value; set REPLICA"
              + " IDENTITY FULL on the source table");
    }
    return values
        .scalar(values.plain(schema, value))
        .orElseThrow(
            () ->
                new UnwritableRecordException(
                    what + " is a struct, map or array, which cannot be part of a Redis key"));
  }
}
