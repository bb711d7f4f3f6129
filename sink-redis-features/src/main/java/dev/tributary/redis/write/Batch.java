package dev.tributary.redis.write;

import dev.tributary.redis.command.Commands;
import dev.tributary.redis.command.HashChange;
import dev.tributary.redis.command.KeyChange;
import dev.tributary.redis.command.Position;
import dev.tributary.redis.command.Version;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The changes that go to the server in one pipeline.
 *
 * <p>Of hashes there is at most one change for each key, so that no error can put the changes of a
 * key in another order: if one of a pipeline's commands is refused for a while (OOM, READONLY) and
 * a later one is not, the later one is of another key. Records of one key are joined into one
 * change where their order is known, that is within a topic and partition; otherwise the second
 * waits for the next pipeline. Other commands go as they come, as their script stops at the first
 * that is refused.
 */
final class Batch {
  private final int capacity;
  private final Map<ByteBuffer, Item> hashes = new HashMap<>();
  private final List<Item> items = new ArrayList<>();
  private int records;

  Batch(int capacity) {
    this.capacity = capacity;
  }

  /** Adds a record's change; false if the batch must be written first. */
  boolean add(SinkRecord record, Position position, KeyChange change, Version version, int slot) {
    if (records >= capacity) {
      return false;
    }
    if (change instanceof Commands) {
      // a hash of the same key in this pipeline has no order with it
      if (hashes.containsKey(ByteBuffer.wrap(change.key()))) {
        return false;
      }
      items.add(new Item(record, position, change, version, slot));
      records++;
      return true;
    }
    ByteBuffer key = ByteBuffer.wrap(change.key());
    Item item = hashes.get(key);
    if (item == null) {
      item = new Item(record, position, change, version, slot);
      hashes.put(key, item);
      items.add(item);
    } else if (item.position().isOrderedWith(position) && isLater(version, item.version())) {
      item.join(record, position, (HashChange) change, version);
    } else {
      return false;
    }
    records++;
    return true;
  }

  /** A version that is less is for the server to pass over, not to be joined. */
  private static boolean isLater(Version next, Version before) {
    int length = Integer.compare(next.value().length, before.value().length);
    return length > 0 || (length == 0 && Arrays.compare(next.value(), before.value()) >= 0);
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  int records() {
    return records;
  }

  List<Item> items() {
    return items;
  }

  void clear() {
    hashes.clear();
    items.clear();
    records = 0;
  }
}
