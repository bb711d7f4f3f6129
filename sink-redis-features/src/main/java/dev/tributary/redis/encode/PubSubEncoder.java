package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * PUBSUB: a message to the channel that the key names; a delete is a message too, a JSON object
 * with {@code "__deleted":"true"}.
 */
final class PubSubEncoder implements TypeEncoder {
  private static final byte[] PUBLISH = Bytes.ascii("PUBLISH");
  private static final byte[] SHARDED = Bytes.ascii("SPUBLISH");

  private final KeyTemplate message;
  private final byte[] command;
  private final RowEncoder rows;
  private final ValueEncoder values;

  /**
   * @param sharded whether to a sharded channel, which Redis 7 and later has
   */
  PubSubEncoder(KeyTemplate message, boolean sharded, RowEncoder rows, ValueEncoder values) {
    this.message = message;
    this.command = sharded ? SHARDED : PUBLISH;
    this.rows = rows;
    this.values = values;
  }

  @Override
  public boolean needsRow() {
    return false;
  }

  @Override
  public KeyChange write(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    return publish(key, message.render(record, event, values));
  }

  @Override
  public Optional<KeyChange> delete(
      byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    List<byte[]> fields = EventFields.ofDelete(record, event, rows, values);
    return Optional.of(publish(key, JsonText.ofTexts(fields)));
  }

  private KeyChange publish(byte[] channel, byte[] text) {
    return Bytes.change(channel, List.of(command, channel, text), Expiry.UNTOUCHED);
  }
}
