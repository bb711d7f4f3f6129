package dev.tributary.transforms;

import dev.tributary.common.config.Durations;
import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.time.EpochUnit;
import dev.tributary.common.time.EventTime;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;

/**
 * Tells when an event happened.
 *
 * @param path the field that says it, or null for the record's timestamp
 * @param maxFutureMs how far behind the record's timestamp, if it has one, that may lie
 */
record EventClock(FieldPath path, EpochUnit unit, long maxFutureMs) {

  /**
   * How far before an event's time the timestamps lie of the records that matter to it, where
   * events do that are so much older. Records may be stamped earlier than their events happen.
   */
  OptionalLong reachMs(long olderMs) {
    long leadMs = path == null ? 0 : maxFutureMs;
    return OptionalLong.of(olderMs > Long.MAX_VALUE - leadMs ? Long.MAX_VALUE : olderMs + leadMs);
  }

  /**
   * Epoch milliseconds.
   *
   * @throws DataException if the event has no time, or one too far in the future
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
    long time;
    try {
      time = EventTime.toEpochMillis(value, schema(event), unit);
    } catch (IllegalArgumentException e) {
      // without the cause, which may quote the value
      throw EventReader.refused(
          record, "the event time field '" + path + "' is unreadable: " + e.getMessage());
    }
    if (record.timestamp() != null && time > latest(record.timestamp())) {
      throw EventReader.refused(
          record,
          "the event time field '"
              + path
              + "' lies more than "
              + Durations.format(Duration.ofMillis(maxFutureMs))
              + " (max.future) behind the record's own timestamp: counted, it would make the events"
              + " after it late. Correct the clock or the time zone of what writes the field, or"
              + " raise max.future");
    }
    return time;
  }

  private long latest(long timestamp) {
    return timestamp > Long.MAX_VALUE - maxFutureMs ? Long.MAX_VALUE : timestamp + maxFutureMs;
  }

  private Schema schema(ChangeEvent event) {
    return path.schema(event);
  }
}
