package dev.tributary.transforms.change;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/**
 * A field of an envelope that goes with the row or into the headers, written and named as Debezium
 * does: {@code op} is the envelope's own, {@code lsn} the source's, {@code transaction.id} that of
 * the struct named; {@code source.ts_ms} becomes {@code __source_ts_ms}, and {@code lsn:position}
 * becomes {@code __position}.
 *
 * @param struct the envelope's struct that has it, or null for the envelope itself
 * @param field its name there
 * @param name its new name, with the prefix
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/transformations/event-flattening.html#extract-new-record-state-add-fields">
 *     add.fields</a>
 */
public record MetadataField(String struct, String field, String name) {

  /**
   * Parses a list.
   *
   * @throws IllegalArgumentException if an entry is not {@code [STRUCT.]FIELD[:NAME]}
   */
  public static List<MetadataField> parseAll(String list, String prefix) {
    List<MetadataField> fields = new ArrayList<>();
    if (!list.isBlank()) {
      for (String entry : list.split(",", -1)) {
        fields.add(parse(entry.trim(), prefix));
      }
    }
    return List.copyOf(fields);
  }

  private static MetadataField parse(String entry, String prefix) {
    String[] named = entry.split(":", -1);
    String[] path = named[0].split("\\.", -1);
    if (named.length > 2 || path.length > 2 || entry.matches(".*(^|[.:])([.:]|$).*")) {
      throw new IllegalArgumentException(
          "'" + entry + "' is no field of a change event: write FIELD or STRUCT.FIELD, and :NAME");
    }
    String field = path[path.length - 1];
    String name = named.length == 2 ? named[1] : String.join("_", path);
    return new MetadataField(path.length == 2 ? path[0] : home(field), field, prefix + name);
  }

  private static String home(String field) {
    return switch (field) {
      case "op", "ts_ms", "ts_us", "ts_ns" -> null;
      case "id", "total_order", "data_collection_order" -> "transaction";
      default -> "source";
    };
  }

  /** The schema it gets in the row, optional; null if envelopes of this schema do not have it. */
  public Schema schema(Schema envelope) {
    Schema home = homeSchema(envelope);
    Field found = home == null ? null : home.field(field);
    if (found == null) {
      found = envelope.field(field);
    }
    return found == null ? null : Schemas.optional(found.schema());
  }

  /** Its value, or null where there is none. */
  public Object value(Struct envelope) {
    if (struct == null) {
      return envelope.getWithoutDefault(field);
    }
    Schema home = homeSchema(envelope.schema());
    if (home == null || home.field(field) == null) {
      return envelope.getWithoutDefault(field);
    }
    Struct in = (Struct) envelope.getWithoutDefault(struct);
    return in == null ? null : in.getWithoutDefault(field);
  }

  /** Its value in an envelope without a schema, or null where there is none. */
  public Object value(Map<?, ?> envelope) {
    return struct != null && envelope.get(struct) instanceof Map<?, ?> in && in.containsKey(field)
        ? in.get(field)
        : envelope.get(field);
  }

  private Schema homeSchema(Schema envelope) {
    if (struct == null) {
      return envelope;
    }
    Field home = envelope.field(struct);
    return home == null || home.schema().type() != Schema.Type.STRUCT ? null : home.schema();
  }
}
