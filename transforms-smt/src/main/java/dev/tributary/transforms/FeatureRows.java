package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Structs;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;

/**
 * Leaves nothing of a row but the key fields, the event time ({@code event_time}: a Timestamp, and
 * epoch milliseconds in a Map) and the new fields. What is no event is dropped, apart from
 * tombstones.
 */
final class FeatureRows implements RowWriter {
  static final String EVENT_TIME = "event_time";

  private final List<FieldPath> key;
  private final EventClock clock;
  private final List<AddedField> added;
  private Schema lastValueSchema;
  private Schema lastRowSchema;
  private Schema lastSchema;

  /** Its fields in their order, without names: the values are known to fit. */
  private Field[] lastFields;

  FeatureRows(List<FieldPath> key, EventClock clock, List<AddedField> added) {
    this.key = key;
    this.clock = clock;
    this.added = List.copyOf(added);
  }

  @Override
  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  public <R extends ConnectRecord<R>> R write(R record, ChangeEvent event, Object[] values) {
    long time = clock.read(event, record);
    if (event.row() instanceof Struct) {
      Struct result = new Struct(schema(event));
      int at = 0;
      for (FieldPath path : key) {
        result.put(lastFields[at++], path.get(event));
      }
      result.put(lastFields[at++], new Date(time));
      for (Object value : values) {
        result.put(lastFields[at++], value);
      }
      return MergedRows.with(record, result.schema(), result);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    key.forEach(path -> result.put(path.leaf(), path.get(event)));
    result.put(EVENT_TIME, time);
    for (int i = 0; i < values.length; i++) {
      result.put(added.get(i).name(), values[i]);
    }
    return MergedRows.with(record, null, result);
  }

  @Override
  public <R extends ConnectRecord<R>> R pass(R record, ChangeEvent event) {
    return event.form() == ChangeEvent.Form.TOMBSTONE ? record : null;
  }

  /** Made once per schema that comes in. */
  private Schema schema(ChangeEvent event) {
    Schema valueSchema = ((Struct) event.value()).schema();
    if (valueSchema != lastValueSchema || event.rowSchema() != lastRowSchema) {
      SchemaBuilder builder = SchemaBuilder.struct();
      key.forEach(path -> builder.field(path.leaf(), path.schema(event)));
      builder.field(EVENT_TIME, Timestamp.SCHEMA);
      added.forEach(field -> builder.field(field.name(), field.schema(event)));
      lastSchema = builder.build();
      lastFields = lastSchema.fields().stream().map(Structs::unnamed).toArray(Field[]::new);
      lastValueSchema = valueSchema;
      lastRowSchema = event.rowSchema();
    }
    return lastSchema;
  }
}
