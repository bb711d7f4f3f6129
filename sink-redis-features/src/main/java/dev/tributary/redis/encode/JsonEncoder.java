package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * JSON: the row as a document, or a value that is JSON text already, at a path; a delete removes
 * what is at the path.
 *
 * @see <a href="https://redis.io/docs/latest/commands/json.set/">JSON.SET</a>
 */
final class JsonEncoder implements TypeEncoder {
  private static final byte[] SET = Bytes.ascii("JSON.SET");
  private static final byte[] MERGE = Bytes.ascii("JSON.MERGE");
  private static final byte[] DELETE = Bytes.ascii("JSON.DEL");

  private final JsonMode mode;
  private final Path path;
  private final FieldSelection selection;
  private final Renames renames;
  private final ValueEncoder values;

  /**
   * Where in the document values go.
   *
   * @param header the name of the header that says it; empty for none
   * @param fixed where the record has no such header
   */
  record Path(String header, String fixed) {
    byte[] of(SinkRecord record) {
      Header given = header.isEmpty() ? null : record.headers().lastWithName(header);
      return (given == null || given.value() == null ? fixed : given.value().toString())
          .getBytes(UTF_8);
    }
  }

  JsonEncoder(
      JsonMode mode, Path path, FieldSelection selection, Renames renames, ValueEncoder values) {
    this.mode = mode;
    this.path = path;
    this.selection = selection;
    this.renames = renames;
    this.values = values;
  }

  @Override
  public boolean needsRow() {
    return false;
  }

  @Override
  public KeyChange write(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    byte[] json;
    if (record.value() instanceof Struct || record.value() instanceof Map) {
      json = values.document(event, selection, renames, mode == JsonMode.MERGE);
    } else if (record.value() instanceof Number || record.value() instanceof Boolean) {
      json = values.json(record.valueSchema(), record.value());
    } else {
      json = values.encode(record.valueSchema(), record.value());
      JsonText.check(json);
    }
    byte[] command = mode == JsonMode.MERGE ? MERGE : SET;
    return Bytes.change(key, Bytes.command(command, key, path.of(record), json), expiry);
  }

  @Override
  public Optional<KeyChange> delete(
      byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    return Optional.of(Bytes.change(key, List.of(DELETE, key, path.of(record)), Expiry.UNTOUCHED));
  }
}
