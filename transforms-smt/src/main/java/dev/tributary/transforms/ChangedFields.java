package dev.tributary.transforms;

import dev.tributary.common.Versions;
import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Operation;
import dev.tributary.common.event.Structs;
import dev.tributary.common.event.Unavailable;
import dev.tributary.transforms.change.ChangeShapes;
import dev.tributary.transforms.change.RowChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Tells what an update changed: compares the two rows of a change event.
 *
 * <p><b>What comes out</b> of an envelope is flat: the row after the change (the old row of a
 * delete), {@code changed_fields} (array of names), {@code changes} (a struct with a field per
 * compared column: before and after, or null if it did not change) and {@code __op}. Both are null
 * for what is no update, and for an update without the row before it: a Postgres table sends that
 * with {@code REPLICA IDENTITY FULL}. With headers alone the change event stays as it is; the
 * headers are Debezium's (ExtractChangedRecordState), empty lists for what is no update.
 *
 * <p>A large value that the source was not sent, as the update left it alone, counts as unchanged.
 * What is no envelope, and what has no row, passes untouched.
 *
 * @param <R> a sink's or a source's records
 */
public final class ChangedFields<R extends ConnectRecord<R>>
    implements Transformation<R>, Versioned {
  private static final String OP = "__op";

  private RowChange.Watched watched;
  private Unavailable unavailable;
  private boolean dropsUnchanged;
  private String namesField;
  private String changesField;
  private String changedHeader;
  private String unchangedHeader;
  private Schema changedNames;
  private Schema unchangedNames;
  private ChangeShapes shapes;

  /** For Connect. */
  public ChangedFields() {}

  @Override
  public void configure(Map<String, ?> settings) {
    ChangedFieldsConfig config = new ChangedFieldsConfig(settings);
    watched = new RowChange.Watched(config.fields(), config.ignored());
    unavailable = config.unavailable();
    dropsUnchanged = config.dropsUnchanged();
    namesField = config.name(ChangedFieldsConfig.NAMES_FIELD);
    changesField = config.name(ChangedFieldsConfig.CHANGES_FIELD);
    changedHeader = config.name(ChangedFieldsConfig.CHANGED_HEADER);
    unchangedHeader = config.name(ChangedFieldsConfig.UNCHANGED_HEADER);
    changedNames = names(changedHeader);
    unchangedNames = names(unchangedHeader);
    shapes = new ChangeShapes(watched, namesField, changesField);
  }

  @Override
  public R apply(R record) {
    ChangeEvent event = read(record);
    if (event.form() != ChangeEvent.Form.ENVELOPE || event.row() == null) {
      return record;
    }
    RowChange change =
        event.operation() == Operation.UPDATE
            ? RowChange.of(event.before(), event.row(), watched, unavailable)
            : null;
    if (dropsUnchanged && change != null && change.changed().isEmpty()) {
      return null;
    }
    R result =
        namesField.isEmpty() && changesField.isEmpty() ? record : flat(record, event, change);
    return withHeaders(result, change);
  }

  private ChangeEvent read(R record) {
    try {
      return ChangeEvent.of(record);
    } catch (DataException e) {
      throw EventReader.refused(record, e.getMessage());
    }
  }

  private R flat(R record, ChangeEvent event, RowChange change) {
    if (event.row() instanceof Struct row) {
      Schema schema;
      try {
        schema = shapes.of(row.schema());
      } catch (IllegalArgumentException e) {
        throw EventReader.refused(record, e.getMessage());
      }
      return MergedRows.with(record, schema, flat(row, event, change, schema));
    }
    Map<Object, Object> result = new LinkedHashMap<>((Map<?, ?>) event.row());
    if (!namesField.isEmpty()) {
      result.put(namesField, change == null ? null : change.changed());
    }
    if (!changesField.isEmpty()) {
      result.put(
          changesField,
          change == null ? null : changes((Map<?, ?>) event.before(), result, change));
    }
    result.putIfAbsent(OP, event.operation().code());
    return MergedRows.with(record, null, result);
  }

  private Struct flat(Struct row, ChangeEvent event, RowChange change, Schema schema) {
    Struct result = new Struct(schema);
    for (Field field : row.schema().fields()) {
      result.put(field.name(), Structs.get(row, field));
    }
    if (row.schema().field(OP) == null) {
      result.put(OP, event.operation().code());
    }
    if (change != null && !namesField.isEmpty()) {
      result.put(namesField, change.changed());
    }
    if (change != null && !changesField.isEmpty()) {
      Schema changesSchema = schema.field(changesField).schema();
      Struct changes = new Struct(changesSchema);
      Struct before = (Struct) event.before();
      for (String name : change.changed()) {
        Field old = before.schema().field(name);
        changes.put(
            name,
            new Struct(changesSchema.field(name).schema())
                .put(ChangeShapes.BEFORE, old == null ? null : Structs.get(before, old))
                .put(ChangeShapes.AFTER, Structs.get(row, row.schema().field(name))));
      }
      result.put(changesField, changes);
    }
    return result;
  }

  private static Map<String, Object> changes(Map<?, ?> before, Map<?, ?> row, RowChange change) {
    Map<String, Object> changes = new LinkedHashMap<>();
    for (String name : change.changed()) {
      Map<String, Object> both = new LinkedHashMap<>();
      both.put(ChangeShapes.BEFORE, before.get(name));
      both.put(ChangeShapes.AFTER, row.get(name));
      changes.put(name, both);
    }
    return changes;
  }

  /** On a copy, as the record may come again. */
  private R withHeaders(R record, RowChange change) {
    if (changedHeader.isEmpty() && unchangedHeader.isEmpty()) {
      return record;
    }
    Headers headers = record.headers().duplicate();
    if (!changedHeader.isEmpty()) {
      headers.add(changedHeader, change == null ? List.of() : change.changed(), changedNames);
    }
    if (!unchangedHeader.isEmpty()) {
      headers.add(unchangedHeader, change == null ? List.of() : change.unchanged(), unchangedNames);
    }
    return record.newRecord(
        record.topic(),
        record.kafkaPartition(),
        record.keySchema(),
        record.key(),
        record.valueSchema(),
        record.value(),
        record.timestamp(),
        headers);
  }

  private static Schema names(String header) {
    return SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).optional().name(header).build();
  }

  @Override
  public ConfigDef config() {
    return ChangedFieldsConfig.CONFIG_DEF;
  }

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public void close() {}
}
