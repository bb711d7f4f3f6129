package dev.tributary.clickhouse.table;

import dev.tributary.common.event.Structs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/**
 * One element of a list of structs, as an array of its own: the column {@code items.price} of a
 * Nested takes the {@code price} of every struct of the field {@code items}.
 */
record NestedField(Field list, Field element) {

  /**
   * The element that a column takes; null where it takes none.
   *
   * @param folding finds fields of other case; null where names are the same
   */
  static NestedField of(Schema row, Column column, Table folding) {
    if (row == null) {
      return null;
    }
    for (Field list : row.fields()) {
      Schema type = list.schema();
      if (type.type() == Schema.Type.ARRAY
          && type.valueSchema().type() == Schema.Type.STRUCT
          && column.isOfNested(list.name())) {
        String rest = column.name().substring(list.name().length() + 1);
        Field element = type.valueSchema().field(rest);
        if (element == null && folding != null) {
          element =
              type.valueSchema().fields().stream()
                  .filter(each -> folding.fold(each.name()).equals(folding.fold(rest)))
                  .findFirst()
                  .orElse(null);
        }
        return element == null ? null : new NestedField(list, element);
      }
    }
    return null;
  }

  String name() {
    return list.name();
  }

  Schema arraySchema() {
    return SchemaBuilder.array(element.schema()).optional().build();
  }

  List<Object> get(Struct row) {
    if (!(Structs.get(row, list) instanceof List<?> structs)) {
      return null;
    }
    List<Object> values = new ArrayList<>(structs.size());
    for (Object struct : structs) {
      values.add(struct == null ? null : Structs.get((Struct) struct, element));
    }
    return values;
  }

  /** The same of a row without schema; null where it has no such list. */
  static List<Object> get(Map<?, ?> row, Column column) {
    int dot = column.name().indexOf('.');
    if (dot <= 0 || !(row.get(column.name().substring(0, dot)) instanceof List<?> maps)) {
      return null;
    }
    String element = column.name().substring(dot + 1);
    List<Object> values = new ArrayList<>(maps.size());
    for (Object item : maps) {
      values.add(item instanceof Map<?, ?> map ? map.get(element) : null);
    }
    return values;
  }
}
