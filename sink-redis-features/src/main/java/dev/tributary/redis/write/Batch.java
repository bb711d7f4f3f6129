package dev.tributary.redis.write;

import dev.tributary.redis.command.Call;
import dev.tributary.redis.command.HashCommands;
import dev.tributary.redis.command.KeyChange;
import dev.tributary.redis.command.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The changes that go to the server in one pipeline, at most one for each key.
 *
 * <p>One for each key, so that no error can put the changes of a key in another order: if one of a
 * pipeline's commands is refused for a while (OOM, READONLY) and a later one is not, the later one
 * is of another key. Records of one key are joined into one change where their order is known, that
 * is within a topic and partition; otherwise the second waits for the next pipeline.
 */
final class Batch {
  private final int capacity;
  private final Map<ByteBuffer, Slot> slots = new LinkedHashMap<>();
  private int records;

  Batch(int capacity) {
    this.capacity = capacity;
  }

  /** Adds a record's change; false if the batch must be written first. */
  boolean add(SinkRecord record, Position position, KeyChange change) {
    if (records >= capacity) {
      return false;
    }
    ByteBuffer key = ByteBuffer.wrap(change.key());
    Slot slot = slots.get(key);
    if (slot == null) {
      slots.put(key, new Slot(record, position, change));
    } else if (slot.position.isOrderedWith(position)) {
      slot.join(record, position, change);
    } else {
      return false;
    }
    records++;
    return true;
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  Collection<Slot> slots() {
    return slots.values();
  }

  void clear() {
    slots.clear();
    records = 0;
  }

  /** One key's change and the records that it comes from. */
  static final class Slot {
    private final List<SinkRecord> records = new ArrayList<>(1);
    private KeyChange change;
    private Position position;

    Slot(SinkRecord record, Position position, KeyChange change) {
      this.change = change;
      this.position = position;
      records.add(record);
    }

    private void join(SinkRecord record, Position later, KeyChange next) {
      change = change.then(next);
      position = later;
      records.add(record);
    }

    Call call(HashCommands commands) {
      return commands.of(change, position);
    }

    List<SinkRecord> records() {
      return records;
    }
  }
}
