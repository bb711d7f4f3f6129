package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/** ZSET: a member is added or gets another score; a delete removes it. */
final class ZsetEncoder implements TypeEncoder {
  private static final byte[] ADD = Bytes.ascii("ZADD");
  private static final byte[] REMOVE = Bytes.ascii("ZREM");

  private final KeyTemplate member;
  private final KeyTemplate score;
  private final ValueEncoder values;

  ZsetEncoder(KeyTemplate member, KeyTemplate score, ValueEncoder values) {
    this.member = member;
    this.score = score;
    this.values = values;
  }

  @Override
  public boolean needsRow() {
    return false;
  }

  @Override
  public KeyChange write(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    byte[] number = score.render(record, event, values);
    Numbers.check("the score", number, true);
    return Bytes.change(
        key, List.of(ADD, key, number, member.render(record, event, values)), expiry);
  }

  @Override
  public Optional<KeyChange> delete(
      byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    return Optional.of(
        Bytes.change(
            key, List.of(REMOVE, key, member.render(record, event, values)), Expiry.UNTOUCHED));
  }
}
