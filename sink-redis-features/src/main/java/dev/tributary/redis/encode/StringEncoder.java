package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/** STRING: a template's text, by default the row as JSON or the raw value; a delete removes it. */
final class StringEncoder implements TypeEncoder {
  private static final byte[] SET = Bytes.ascii("SET");
  private static final byte[] DEL = Bytes.ascii("DEL");

  private final KeyTemplate value;
  private final ValueEncoder values;

  StringEncoder(KeyTemplate value, ValueEncoder values) {
    this.value = value;
    this.values = values;
  }

  @Override
  public boolean needsRow() {
    return false;
  }

  @Override
  public KeyChange write(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    byte[] text = value.render(record, event, values);
    // SET itself takes away what time the key had left
    Expiry later = expiry.kind() == Expiry.Kind.NEVER ? Expiry.UNTOUCHED : expiry;
    return Bytes.change(key, Bytes.command(SET, key, text), later);
  }

  @Override
  public Optional<KeyChange> delete(
      byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    return Optional.of(Bytes.change(key, List.of(DEL, key), Expiry.UNTOUCHED));
  }
}
