package dev.tributary.postgres.record;

import dev.tributary.postgres.catalog.TableName;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;

/** Takes the record key out of a row. */
final class KeyReader {
  private final Schema schema;
  private final Field[] from;
  private final Field[] to;

  private KeyReader(Schema schema, List<Field> columns) {
    this.schema = schema;
    from = columns.toArray(Field[]::new);
    to = schema.fields().toArray(Field[]::new);
  }

  /**
   * The key of these columns.
   *
   * @param columns in the key's order
   * @return null if there are none
   */
  static KeyReader of(String topic, Schema row, List<String> columns, Naming naming) {
    List<Field> fields =
        columns.stream().map(naming::field).map(row::field).filter(f -> f != null).toList();
    return fields.isEmpty() || fields.size() != columns.size() ? null : of(topic, fields, naming);
  }

  private static KeyReader of(String topic, List<Field> fields, Naming naming) {
    SchemaBuilder key = SchemaBuilder.struct().name(naming.schema(topic + ".Key"));
    fields.forEach(field -> key.field(field.name(), SourceTypes.without(field.schema())));
    return new KeyReader(key.build(), fields);
  }

  /**
   * A key that the config names, its columns in the config's order.
   *
   * @throws ConnectException if the table has no such column
   */
  static KeyReader configured(
      String topic, TableName table, Schema row, List<String> columns, Naming naming) {
    List<Field> found = new ArrayList<>();
    for (String column : columns) {
      found.add(
          row.fields().stream()
              .filter(field -> field.name().equalsIgnoreCase(naming.field(column)))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ConnectException(
                          "message.key.columns names column "
                              + column
                              + " of table "
                              + table
                              + ", which has no such column that is captured")));
    }
    return of(topic, found, naming);
  }

  Schema schema() {
    return schema;
  }

  boolean has(String column) {
    return schema.field(column) != null;
  }

  /** The key of a row. */
  Struct read(Struct row) {
    Struct key = new Struct(schema);
    for (int i = 0; i < to.length; i++) {
      key.put(to[i], row.getWithoutDefault(from[i].name()));
    }
    return key;
  }
}
