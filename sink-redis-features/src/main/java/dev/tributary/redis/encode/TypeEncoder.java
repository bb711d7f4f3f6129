package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/** What records do to keys of one data type. One instance belongs to one task. */
interface TypeEncoder {
  /** Whether only rows can be written, and no single values. */
  boolean needsRow();

  /** A row or value that was made or changed. */
  KeyChange write(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry);

  /**
   * A row or value that went; the event's row is what the delete says of it, and null with a
   * tombstone.
   */
  Optional<KeyChange> delete(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry);
}
