package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What a record of a topic does to which Redis key.
 *
 * <p>Not thread-safe: one instance belongs to one task.
 */
public final class RecordEncoder {
  private final KeyTemplate key;
  private final TypeEncoder type;
  private final ExpiryRule expiry;
  private final Deletes deletes;
  private final ValueEncoder values;
  private final Optional<FieldPath> version;

  /** What deletes do. */
  public record Deletes(boolean byChange, boolean byTombstone) {}

  RecordEncoder(
      KeyTemplate key,
      TypeEncoder type,
      ExpiryRule expiry,
      Deletes deletes,
      ValueEncoder values,
      Optional<FieldPath> version) {
    this.key = key;
    this.type = type;
    this.expiry = expiry;
    this.deletes = deletes;
    this.values = values;
    this.version = version;
  }

  /**
   * A record's change.
   *
   * @param version the number in the field that versions come from, or -1 where none is set
   */
  public record Encoded(KeyChange change, long version) {}

  /**
   * The change that the record makes, or nothing: a truncate, a logical message, and a delete where
   * deletes are off.
   *
   * @throws DataException if the record can never be written; the message holds no data
   */
  public Optional<Encoded> encode(SinkRecord record) {
    try {
      return change(record);
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) {
      // without message and cause, which may quote the value
      throw new UnwritableRecordException(
          "a value is not what its schema says, or out of any range ("
              + e.getClass().getSimpleName()
              + ")");
    }
  }

  private Optional<Encoded> change(SinkRecord record) {
    ChangeEvent event = event(record);
    return switch (event.operation()) {
      case CREATE, READ, UPDATE ->
          Optional.of(
              new Encoded(
                  type.write(
                      key.render(record, event, values),
                      record,
                      event,
                      expiry.of(record, event, values)),
                  version(event)));
      case DELETE -> delete(record, event);
      case TRUNCATE, MESSAGE -> Optional.empty();
    };
  }

  private Optional<Encoded> delete(SinkRecord record, ChangeEvent event) {
    boolean tombstone = record.value() == null;
    // a tombstone has no field to take a version from; the delete before it has done its work
    if (tombstone ? !deletes.byTombstone() || version.isPresent() : !deletes.byChange()) {
      return Optional.empty();
    }
    byte[] redisKey = key.render(record, event, values);
    Expiry lives = tombstone ? Expiry.UNTOUCHED : expiry.of(record, event, values);
    long number = version(event);
    return type.delete(redisKey, record, event, lives).map(change -> new Encoded(change, number));
  }

  private ChangeEvent event(SinkRecord record) {
    Object value = record.value();
    boolean single = value != null && !(value instanceof Struct) && !(value instanceof Map);
    return single && !type.needsRow()
        ? new ChangeEvent(ChangeEvent.Form.PLAIN, Operation.CREATE, null, null, value)
        : ChangeEvent.of(record);
  }

  private long version(ChangeEvent event) {
    if (version.isEmpty()) {
      return -1;
    }
    Object number = version.get().get(event);
    if (number instanceof Long || number instanceof Integer || number instanceof Short) {
      long value = ((Number) number).longValue();
      if (value >= 0) {
        return value;
      }
    }
    throw new UnwritableRecordException(
        "field '" + version.get() + "', which versions come from, holds no whole number from 0 on");
  }
}
