package dev.tributary.transforms;

import dev.tributary.common.error.Coordinates;
import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;

/** Tells whether a record is an event, and whose. */
final class EventReader {
  private final List<FieldPath> key;
  private final Set<Operation> operations;
  private final EventConfig.MissingKey missingKey;

  EventReader(List<FieldPath> key, Set<Operation> operations, EventConfig.MissingKey missingKey) {
    this.key = key;
    this.operations = operations;
    this.missingKey = missingKey;
  }

  /**
   * Reads a record.
   *
   * @throws DataException if it is in no form that is known
   */
  ChangeEvent read(ConnectRecord<?> record) {
    try {
      return ChangeEvent.of(record);
    } catch (DataException e) {
      throw refused(record, e.getMessage());
    }
  }

  /** Whether the operation is one of those that count and there is a row. */
  boolean isEvent(ChangeEvent event) {
    return event.row() != null && operations.contains(event.operation());
  }

  /**
   * The event's key, with equals and hashCode by value, or null if it has none and shall pass.
   *
   * @throws DataException if it has none and shall not
   */
  Object key(ChangeEvent event, ConnectRecord<?> record) {
    if (key.size() == 1) {
      return part(key.get(0), event, record);
    }
    Object[] parts = new Object[key.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = part(key.get(i), event, record);
      if (parts[i] == null) {
        return null;
      }
    }
    return Arrays.asList(parts);
  }

  List<FieldPath> keyPaths() {
    return key;
  }

  private Object part(FieldPath path, ChangeEvent event, ConnectRecord<?> record) {
    Object value = path.get(event);
    if (value == null && missingKey == EventConfig.MissingKey.FAIL) {
      throw refused(
          record,
          (path.isPresentIn(event) ? "the key field '" : "there is no key field '")
              + path
              + (path.isPresentIn(event) ? "' is null" : "'")
              + "; correct 'key', or set missing.key=pass to let such records pass");
    }
    // the same number is the same key, be it an INT32 in one schema and an INT64 in the next
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    return value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
  }

  static DataException refused(ConnectRecord<?> record, String why) {
    return new DataException(Coordinates.of(record) + ": " + why);
  }
}
