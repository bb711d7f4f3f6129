package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * STREAM: an entry with the fields of the row; a delete is an entry too, with {@code
 * __deleted=true}, as a stream is a log.
 */
final class StreamEncoder implements TypeEncoder {
  private static final byte[] ADD = Bytes.ascii("XADD");

  private final KeyTemplate id;
  private final StreamTrim trim;
  private final RowEncoder rows;
  private final ValueEncoder values;

  StreamEncoder(KeyTemplate id, StreamTrim trim, RowEncoder rows, ValueEncoder values) {
    this.id = id;
    this.trim = trim;
    this.rows = rows;
    this.values = values;
  }

  @Override
  public boolean needsRow() {
    return true;
  }

  @Override
  public KeyChange write(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    List<byte[]> pairs = rows.encode(event).pairs();
    if (pairs.isEmpty()) {
      throw new UnwritableRecordException("it has no field to write, and no entry is without one");
    }
    return entry(key, record, event, pairs, expiry);
  }

  @Override
  public Optional<KeyChange> delete(
      byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    return Optional.of(
        entry(key, record, event, EventFields.ofDelete(record, event, rows, values), expiry));
  }

  private KeyChange entry(
      byte[] key, SinkRecord record, ChangeEvent event, List<byte[]> pairs, Expiry expiry) {
    List<byte[]> command = new ArrayList<>(6 + pairs.size());
    command.add(ADD);
    command.add(key);
    trim.addTo(command);
    command.add(id.render(record, event, values));
    command.addAll(pairs);
    return Bytes.change(key, command, expiry);
  }
}
