package dev.tributary.redis.write;

import dev.tributary.common.error.Coordinates;
import dev.tributary.redis.command.HashChange;
import dev.tributary.redis.command.KeyChange;
import dev.tributary.redis.command.Position;
import dev.tributary.redis.command.Version;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** One key's change and the records that it comes from, the last of which it is known by. */
final class Item {
  private final List<SinkRecord> records = new ArrayList<>(1);
  private final int slot;
  private KeyChange change;
  private Position position;
  private Version version;

  Item(SinkRecord record, Position position, KeyChange change, Version version, int slot) {
    this.position = position;
    this.change = change;
    this.version = version;
    this.slot = slot;
    records.add(record);
  }

  /** Adds the next record of the same hash. */
  void join(SinkRecord record, Position later, HashChange next, Version itsVersion) {
    change = ((HashChange) change).then(next);
    position = later;
    version = itsVersion;
    records.add(record);
  }

  List<SinkRecord> records() {
    return records;
  }

  int slot() {
    return slot;
  }

  KeyChange change() {
    return change;
  }

  Position position() {
    return position;
  }

  Version version() {
    return version;
  }

  /** Where its last record stands. */
  String coordinates() {
    return Coordinates.of(records.get(records.size() - 1));
  }
}
