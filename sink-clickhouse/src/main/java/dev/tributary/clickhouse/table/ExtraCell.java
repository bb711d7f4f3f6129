package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.types.Json;
import dev.tributary.clickhouse.types.ValueWriter;
import dev.tributary.clickhouse.types.Writers;
import dev.tributary.common.event.Structs;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/** Writes the fields that have no column of their own into one, as a JSON object. */
final class ExtraCell {
  private ExtraCell() {}

  static RowEncoder.Cell of(Table table, Column column, boolean mirror) {
    ValueWriter writer = Writers.of(column.type(), null);
    return (out, change, record) -> {
      StringBuilder json = new StringBuilder("{");
      if (change.row() instanceof Struct struct) {
        append(json, extra(table, struct, mirror), struct);
      } else if (change.row() instanceof Map<?, ?> map) {
        append(json, table, map);
      }
      writer.write(out, json.append('}').toString());
    };
  }

  private static List<Field> extra(Table table, Struct struct, boolean mirror) {
    return struct.schema().fields().stream()
        .filter(field -> !table.takes(field.name()))
        .filter(field -> !(mirror && Metadata.isBookkeeping(field.name())))
        .toList();
  }

  private static void append(StringBuilder json, List<Field> fields, Struct struct) {
    for (Field field : fields) {
      name(json, field.name());
      Json.appendField(json, field.schema(), Structs.get(struct, field));
    }
  }

  private static void append(StringBuilder json, Table table, Map<?, ?> map) {
    map.forEach(
        (key, value) -> {
          String name = String.valueOf(key);
          if (!table.takes(name)) {
            name(json, name);
            Json.append(json, value);
          }
        });
  }

  private static void name(StringBuilder json, String name) {
    json.append(json.length() > 1 ? "," : "");
    Json.quote(json, name);
    json.append(':');
  }
}
