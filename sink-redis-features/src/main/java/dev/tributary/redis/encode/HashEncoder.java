package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.HashWrite;
import dev.tributary.redis.command.KeyChange;
import dev.tributary.redis.command.KeyDelete;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/** HASH: the fields of the row; a delete removes the key. */
final class HashEncoder implements TypeEncoder {
  private final HashMode mode;
  private final RowEncoder rows;

  HashEncoder(HashMode mode, RowEncoder rows) {
    this.mode = mode;
    this.rows = rows;
  }

  @Override
  public boolean needsRow() {
    return true;
  }

  @Override
  public KeyChange write(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    RowEncoder.Fields fields = rows.encode(event);
    boolean replace = mode == HashMode.REPLACE;
    return new HashWrite(
        key, replace, fields.pairs(), replace ? List.of() : fields.removed(), expiry);
  }

  @Override
  public Optional<KeyChange> delete(
      byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    return Optional.of(new KeyDelete(key));
  }
}
