package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/** LIST: a member is pushed; a delete removes every member like it. */
final class ListEncoder implements TypeEncoder {
  private static final byte[] RIGHT_PUSH = Bytes.ascii("RPUSH");
  private static final byte[] LEFT_PUSH = Bytes.ascii("LPUSH");
  private static final byte[] TRIM = Bytes.ascii("LTRIM");
  private static final byte[] REMOVE = Bytes.ascii("LREM");

  private final KeyTemplate member;
  private final ListEnd end;
  private final long maxLength;
  private final ValueEncoder values;

  /**
   * @param maxLength how many members stay, those that were pushed last; 0 for all
   */
  ListEncoder(KeyTemplate member, ListEnd end, long maxLength, ValueEncoder values) {
    this.member = member;
    this.end = end;
    this.maxLength = maxLength;
    this.values = values;
  }

  @Override
  public boolean needsRow() {
    return false;
  }

  @Override
  public KeyChange write(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    boolean right = end == ListEnd.RIGHT;
    List<byte[]> push =
        Bytes.command(right ? RIGHT_PUSH : LEFT_PUSH, key, member.render(record, event, values));
    if (maxLength == 0) {
      return Bytes.change(key, push, expiry);
    }
    List<byte[]> trim =
        Bytes.command(
            TRIM, key, Bytes.of(right ? -maxLength : 0), Bytes.of(right ? -1 : maxLength - 1));
    return Bytes.changes(key, List.of(push, trim), expiry);
  }

  @Override
  public Optional<KeyChange> delete(
      byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    byte[] gone = member.render(record, event, values);
    return Optional.of(
        Bytes.change(key, Bytes.command(REMOVE, key, Bytes.of(0), gone), Expiry.UNTOUCHED));
  }
}
