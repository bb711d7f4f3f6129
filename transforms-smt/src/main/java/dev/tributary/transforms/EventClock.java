package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.time.EpochUnit;
import dev.tributary.common.time.EventTime;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * Tells when an event happened.
 *
 * @param path the field that says it, or null for the record's timestamp
 */
record EventClock(FieldPath path, EpochUnit unit) {

  /**
   * Epoch milliseconds.
   *
   * @throws DataException if the event has no time
   */
  long read(ChangeEvent event, ConnectRecord<?> record) {
    if (path == null) {
      if (record.timestamp() == null) {
        throw EventReader.refused(record, "the record has no timestamp; set event.time to a field");
      }
      return record.timestamp();
    }
    Object value = path.get(event);
    if (value == null) {
      throw EventReader.refused(
          record, "the event time field '" + path + "' is missing or null; correct 'event.time'");
    }
    try {
      return EventTime.toEpochMillis(value, schema(event), unit);
    } catch (IllegalArgumentException e) {
      // without the cause, which may quote the value
      throw EventReader.refused(
          record, "the event time field '" + path + "' is unreadable: " + e.getMessage());
    }
  }

  private Schema schema(ChangeEvent event) {
    return path.schema(event);
  }
}
