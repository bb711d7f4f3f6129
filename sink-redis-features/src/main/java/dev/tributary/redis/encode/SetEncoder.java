package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/** SET: a member is added; a delete removes it. */
final class SetEncoder implements TypeEncoder {
  private static final byte[] ADD = Bytes.ascii("SADD");
  private static final byte[] REMOVE = Bytes.ascii("SREM");

  private final KeyTemplate member;
  private final ValueEncoder values;

  SetEncoder(KeyTemplate member, ValueEncoder values) {
    this.member = member;
    this.values = values;
  }

  @Override
  public boolean needsRow() {
    return false;
  }

  @Override
  public KeyChange write(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    return Bytes.change(key, List.of(ADD, key, member.render(record, event, values)), expiry);
  }

  @Override
  public Optional<KeyChange> delete(
      byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    return Optional.of(
        Bytes.change(
            key, List.of(REMOVE, key, member.render(record, event, values)), Expiry.UNTOUCHED));
  }
}
