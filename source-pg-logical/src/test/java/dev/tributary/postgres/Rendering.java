package dev.tributary.postgres;

import java.nio.ByteBuffer;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Writes a record down in full, schemas included, so that two can be compared and the difference
 * read. Leaves out what must differ between two connectors or two runs.
 */
final class Rendering {
  private static final Set<String> CLOCKS = Set.of("ts_ms", "ts_us", "ts_ns");
  private static final Set<String> OF_THE_SNAPSHOT =
      Set.of("ts_ms", "ts_us", "ts_ns", "txId", "lsn", "sequence");

  private Rendering() {}

  static String of(SourceRecord record) {
    StringBuilder text = new StringBuilder(record.topic());
    text.append("\nkey ").append(value(record.key()));
    text.append("\nvalue ");
    text.append(record.value() instanceof Struct value ? envelope(value) : record.value());
    record
        .headers()
        .forEach(
            header ->
                text.append("\nheader ")
                    .append(header.key())
                    .append(' ')
                    .append(header.key().endsWith("runId") ? "" : value(header.value()))
                    .append(' ')
                    .append(schema(header.schema(), "  ")));
    text.append("\nkey schema ").append(schema(record.keySchema(), "  "));
    text.append("\nvalue schema ").append(schema(record.valueSchema(), "  "));
    return text.toString();
  }

  private static String envelope(Struct value) {
    StringBuilder text = new StringBuilder();
    for (Field field : value.schema().fields()) {
      if (CLOCKS.contains(field.name())) {
        text.append("\n  ")
            .append(field.name())
            .append(value.get(field) == null ? " null" : " set");
      } else if (field.name().equals("transaction") && value.get(field) != null) {
        boolean ofMessage = value.schema().field("message") != null;
        text.append("\n  transaction ");
        text.append(transaction(value.getStruct("transaction"), ofMessage));
      } else if (field.name().equals("data_collections") && value.get(field) != null) {
        text.append("\n  data_collections ").append(collections(value.getArray(field.name())));
      } else if (field.name().equals("source")) {
        text.append("\n  source ").append(source(value.getStruct("source")));
      } else {
        text.append("\n  ")
            .append(field.name())
            .append(' ')
            .append(value(value.getWithoutDefault(field.name())));
      }
    }
    return text.toString();
  }

  /**
   * The counts at the end of a transaction. Debezium has them in the order of a hash table, and
   * counts each logical message by itself.
   */
  private static String collections(List<Struct> counts) {
    Map<String, Long> sums = new TreeMap<>();
    for (Struct count : counts) {
      String name = count.getString("data_collection");
      sums.merge(
          name.contains("LogicalDecodingMessage") ? "message" : name,
          count.getInt64("event_count"),
          Long::sum);
    }
    return sums.toString();
  }

  private static String transaction(Struct block, boolean ofMessage) {
    String text = value(block);
    return ofMessage ? text.replaceAll("data_collection_order=.*}", "}") : text;
  }

  private static String source(Struct source) {
    boolean snapshot = source.getWithoutDefault("snapshot") != null;
    boolean outside = !snapshot && source.getWithoutDefault("txId") == null;
    StringBuilder text = new StringBuilder();
    for (Field field : source.schema().fields()) {
      boolean differs =
          field.name().equals("version")
              || (snapshot && OF_THE_SNAPSHOT.contains(field.name()))
              || (outside && CLOCKS.contains(field.name()));
      Object value = source.getWithoutDefault(field.name());
      text.append(field.name()).append('=');
      text.append(differs ? value == null ? "null" : "set" : value(value)).append(' ');
    }
    return text.toString();
  }

  @SuppressWarnings("JavaUtilDate") // what Connect's own Date, Time and Timestamp carry
  static String value(Object value) {
    if (value instanceof Struct struct) {
      StringBuilder text = new StringBuilder("{");
      for (Field field : struct.schema().fields()) {
        text.append("\n    ")
            .append(field.name())
            .append('=')
            .append(value(struct.getWithoutDefault(field.name())));
      }
      return text.append("}").toString();
    }
    if (value instanceof byte[] bytes) {
      return "bytes:" + HexFormat.of().formatHex(bytes);
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return value(bytes);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Rendering::value).toList().toString();
    }
    if (value instanceof Date date) {
      return "Date:" + date.getTime();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, String> sorted = new TreeMap<>();
      map.forEach((key, item) -> sorted.put(value(key), value(item)));
      return sorted.toString();
    }
    return value == null ? "null" : value.getClass().getSimpleName() + ":" + value;
  }

  static String schema(Schema schema, String indent) {
    if (schema == null) {
      return "null";
    }
    StringBuilder text = new StringBuilder(schema.type().toString());
    text.append(schema.isOptional() ? "?" : "").append(' ').append(schema.name());
    text.append(" v").append(schema.version()).append(' ').append(schema.doc());
    Map<String, String> parameters = schema.parameters();
    text.append(' ').append(parameters == null ? "" : new TreeMap<>(parameters));
    text.append(" default ").append(value(schema.defaultValue()));
    if (schema.type() == Schema.Type.STRUCT) {
      for (Field field : schema.fields()) {
        text.append('\n').append(indent).append(field.name()).append(' ');
        text.append(schema(field.schema(), indent + "  "));
      }
    } else if (schema.type() == Schema.Type.ARRAY) {
      text.append(" of ").append(schema(schema.valueSchema(), indent));
    } else if (schema.type() == Schema.Type.MAP) {
      text.append(" from ").append(schema(schema.keySchema(), indent));
      text.append(" to ").append(schema(schema.valueSchema(), indent));
    }
    return text.toString();
  }
}
