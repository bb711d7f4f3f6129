package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Unavailable;
import dev.tributary.redis.command.KeyChange;
import dev.tributary.redis.command.KeyDelete;
import java.util.Optional;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What a record does to which Redis key.
 *
 * <p>Not thread-safe: one instance belongs to one task.
 */
public final class RecordEncoder {
  private final KeyTemplate key;
  private final RowEncoder rows;
  private final ValueEncoder values;
  private final boolean deletes;

  /**
   * An encoder of records.
   *
   * @param key makes the Redis key
   * @param deletes whether tombstones and deletes of a CDC topic delete; if not they do nothing
   * @param unavailable recognises values that are not known
   */
  public RecordEncoder(
      KeyTemplate key,
      boolean deletes,
      HashMode mode,
      NullValues nulls,
      FieldSelection selection,
      TimeFormat times,
      Unavailable unavailable) {
    this.key = key;
    this.deletes = deletes;
    this.values = new ValueEncoder(times, unavailable);
    this.rows = new RowEncoder(mode, nulls, selection, values);
  }

  /**
   * The change that the record makes, or nothing: a truncate, a logical message, and a delete where
   * deletes are off.
   *
   * @throws DataException if the record can never be written; the message holds no data
   */
  public Optional<KeyChange> encode(SinkRecord record) {
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

  private Optional<KeyChange> change(SinkRecord record) {
    ChangeEvent event = ChangeEvent.of(record);
    return switch (event.operation()) {
      case CREATE, READ, UPDATE -> {
        byte[] redisKey = key.render(record, event, values);
        yield Optional.of(rows.encode(redisKey, event));
      }
      case DELETE ->
          deletes
              ? Optional.of(new KeyDelete(key.render(record, event, values)))
              : Optional.empty();
      case TRUNCATE, MESSAGE -> Optional.empty();
    };
  }
}
