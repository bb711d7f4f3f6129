package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.redis.command.Expiry;
import dev.tributary.redis.command.KeyChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * TIMESERIES: a sample, which replaces one of the same time; a delete removes the sample of its
 * time. Retention and labels count when a series is made.
 *
 * @see <a href="https://redis.io/docs/latest/commands/ts.add/">TS.ADD</a>
 */
final class TimeSeriesEncoder implements TypeEncoder {
  private static final byte[] ADD = Bytes.ascii("TS.ADD");
  private static final byte[] REMOVE = Bytes.ascii("TS.DEL");
  private static final byte[] RETENTION = Bytes.ascii("RETENTION");
  private static final byte[] ON_DUPLICATE = Bytes.ascii("ON_DUPLICATE");
  private static final byte[] LAST = Bytes.ascii("LAST");
  private static final byte[] LABELS = Bytes.ascii("LABELS");

  private final KeyTemplate timestamp;
  private final KeyTemplate sample;
  private final Duration retention;
  private final Map<String, KeyTemplate> labels;
  private final ValueEncoder values;

  TimeSeriesEncoder(
      KeyTemplate timestamp,
      KeyTemplate sample,
      Duration retention,
      Map<String, KeyTemplate> labels,
      ValueEncoder values) {
    this.timestamp = timestamp;
    this.sample = sample;
    this.retention = retention;
    this.labels = labels;
    this.values = values;
  }

  @Override
  public boolean needsRow() {
    return false;
  }

  @Override
  public KeyChange write(byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    byte[] number = sample.render(record, event, values);
    Numbers.check("the sample", number, false);
    List<byte[]> command = Bytes.command(ADD, key, time(record, event), number);
    if (!retention.isZero()) {
      command.add(RETENTION);
      command.add(Bytes.of(retention.toMillis()));
    }
    command.add(ON_DUPLICATE);
    command.add(LAST);
    if (!labels.isEmpty()) {
      command.add(LABELS);
      labels.forEach(
          (name, value) -> {
            command.add(name.getBytes(UTF_8));
            command.add(value.render(record, event, values));
          });
    }
    return Bytes.change(key, command, expiry);
  }

  @Override
  public Optional<KeyChange> delete(
      byte[] key, SinkRecord record, ChangeEvent event, Expiry expiry) {
    byte[] at = time(record, event);
    return Optional.of(
        Bytes.change(key, new ArrayList<>(List.of(REMOVE, key, at, at)), Expiry.UNTOUCHED));
  }

  private byte[] time(SinkRecord record, ChangeEvent event) {
    return Bytes.of(
        Times.epochMillis("the sample's time", timestamp.render(record, event, values)));
  }
}
