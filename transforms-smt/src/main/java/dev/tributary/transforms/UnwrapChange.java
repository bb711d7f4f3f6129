package dev.tributary.transforms;

import dev.tributary.common.Versions;
import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Operation;
import dev.tributary.common.event.Structs;
import dev.tributary.transforms.change.MetadataField;
import dev.tributary.transforms.change.RowShape;
import dev.tributary.transforms.change.RowShapes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Makes of a change event its row: the row after an insert or update, and of a delete what {@code
 * delete.tombstone.handling.mode} says. Gives for the same input what Debezium 3.7's
 * ExtractNewRecordState gives, down to schemas and headers, under the same settings; and does the
 * same for envelopes without a schema, which Debezium passes as they are.
 *
 * <p>A truncate, and a delete that does not tell its old row, are dropped, as Debezium does. What
 * is no envelope passes untouched.
 *
 * @param <R> a sink's or a source's records
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/transformations/event-flattening.html">
 *     Debezium, New Record State Extraction</a>
 */
public final class UnwrapChange<R extends ConnectRecord<R>>
    implements Transformation<R>, Versioned {
  static final String DELETED = "__deleted";

  private UnwrapChangeConfig.Delete deletes;
  private boolean keepsSchemaOfNull;
  private boolean dropsTombstones;
  private boolean nullToDefault;
  private List<MetadataField> fields;
  private List<MetadataField> headers;
  private String topicField;
  private RowShapes shapes;

  /** For Connect. */
  public UnwrapChange() {}

  @Override
  public void configure(Map<String, ?> settings) {
    UnwrapChangeConfig config = new UnwrapChangeConfig(settings);
    deletes = config.deletes();
    keepsSchemaOfNull = config.keepsSchemaOfNull();
    dropsTombstones = config.dropsTombstones();
    nullToDefault = config.replacesNullWithDefault() && rewrites();
    fields = config.addedFields();
    headers = config.addedHeaders();
    topicField = config.routeByField();
    shapes = new RowShapes(fields, rewrites());
  }

  @Override
  public R apply(R record) {
    if (record.value() == null) {
      return dropsTombstones ? null : withHeaders(record, null);
    }
    if (!(record.value() instanceof Struct || record.value() instanceof Map)) {
      return record;
    }
    ChangeEvent event = read(record);
    if (event.form() != ChangeEvent.Form.ENVELOPE) {
      return record;
    }
    if (event.row() == null) {
      return null;
    }
    boolean deleted = isDelete(event);
    if (deleted && deletes == UnwrapChangeConfig.Delete.DROP) {
      return null;
    }
    R unwrapped =
        deleted && deletes == UnwrapChangeConfig.Delete.NONE
            ? withoutValue(record, event)
            : withRow(record, event, deleted);
    return withHeaders(unwrapped, event);
  }

  private ChangeEvent read(R record) {
    try {
      return ChangeEvent.of(record);
    } catch (DataException e) {
      throw EventReader.refused(record, e.getMessage());
    }
  }

  /** Debezium's view: there is no row after it, whatever op says. */
  private static boolean isDelete(ChangeEvent event) {
    if (event.value() instanceof Struct value) {
      return value.schema().field("after") == null || value.get("after") == null;
    }
    return ((Map<?, ?>) event.value()).get("after") == null;
  }

  private R withoutValue(R record, ChangeEvent event) {
    Field after =
        keepsSchemaOfNull && event.value() instanceof Struct value
            ? value.schema().field("after")
            : null;
    Schema schema = after == null ? null : after.schema();
    return with(record, topic(record, event), schema, null);
  }

  private R withRow(R record, ChangeEvent event, boolean deleted) {
    if (event.row() instanceof Struct row) {
      return with(record, topic(record, event), null, rewritten(event, row, deleted));
    }
    Map<Object, Object> row = new LinkedHashMap<>((Map<?, ?>) event.row());
    if (rewrites()) {
      row.put(DELETED, Boolean.toString(deleted));
    }
    for (MetadataField field : fields) {
      row.put(field.name(), field.value((Map<?, ?>) event.value()));
    }
    return with(record, topic(record, event), null, row);
  }

  private Struct rewritten(ChangeEvent event, Struct row, boolean deleted) {
    Struct envelope = (Struct) event.value();
    RowShape shape = shapes.of(envelope.schema(), row.schema());
    Struct result = new Struct(shape.schema());
    for (int i = 0; i < shape.from().length; i++) {
      result.put(
          shape.to()[i],
          nullToDefault ? row.get(shape.from()[i]) : Structs.get(row, shape.from()[i]));
    }
    if (shape.deleted() != null) {
      result.put(shape.deleted(), Boolean.toString(deleted));
    }
    for (int i = 0; i < shape.added().length; i++) {
      if (shape.added()[i] != null) {
        result.put(shape.added()[i], fields.get(i).value(envelope));
      }
    }
    return result;
  }

  private String topic(R record, ChangeEvent event) {
    if (topicField.isBlank()) {
      return record.topic();
    }
    Object topic =
        event.row() instanceof Struct row
            ? row.schema().field(topicField) == null ? null : row.get(topicField)
            : ((Map<?, ?>) event.row()).get(topicField);
    return topic == null || topic.toString().isBlank() ? record.topic() : topic.toString();
  }

  private boolean rewrites() {
    return deletes == UnwrapChangeConfig.Delete.REWRITE;
  }

  private R with(R record, String topic, Schema schema, Object value) {
    return record.newRecord(
        topic,
        record.kafkaPartition(),
        record.keySchema(),
        record.key(),
        value instanceof Struct struct ? struct.schema() : schema,
        value,
        record.timestamp());
  }

  /** On a copy, as the record may come again. */
  private R withHeaders(R record, ChangeEvent event) {
    if (headers.isEmpty()) {
      return record;
    }
    Headers all = record.headers().duplicate();
    for (MetadataField field : headers) {
      if (event == null) {
        if (field.struct() == null && field.field().equals("op")) {
          all.addString(field.name(), Operation.DELETE.code());
        }
      } else if (event.value() instanceof Struct envelope) {
        Schema schema = field.schema(envelope.schema());
        if (schema != null) {
          all.add(field.name(), field.value(envelope), schema);
        }
      } else {
        all.add(field.name(), field.value((Map<?, ?>) event.value()), null);
      }
    }
    return record.newRecord(
        record.topic(),
        record.kafkaPartition(),
        record.keySchema(),
        record.key(),
        record.valueSchema(),
        record.value(),
        record.timestamp(),
        all);
  }

  @Override
  public ConfigDef config() {
    return UnwrapChangeConfig.CONFIG_DEF;
  }

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public void close() {}
}
