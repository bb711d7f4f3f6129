package dev.tributary.redis.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/**
 * Calls that do the commands of records in the order of the log, and keep in the same step how far
 * they have come: the offset of the last record, in a hash of the connector, in a field for each
 * topic and partition such as {@code shop.orders-3}.
 *
 * <p>On a cluster every slot that is written to has such a hash of its own, as no step can span
 * slots; a repeated record is known by the one of its key's slot.
 */
public final class ApplyCommands {
  /** What the script answers with first where fewer records were done than expected. */
  public static final String BEHIND = "behind";

  private final String key;
  private final boolean cluster;

  /**
   * Calls of one connector.
   *
   * @param prefix what the keys of the hashes begin with; empty to keep no offsets
   * @param cluster whether there is one hash for each slot
   */
  public ApplyCommands(String prefix, String connector, boolean cluster) {
    this.key = prefix.isEmpty() ? "" : prefix + ":" + connector;
    this.cluster = cluster;
  }

  /** Whether offsets are kept. */
  public boolean keepsOffsets() {
    return !key.isEmpty();
  }

  /** The key of the hash that holds the offsets for a slot. */
  public byte[] offsetsKey(int slot) {
    return (cluster ? key + ":{" + Slots.tag(slot) + "}" : key).getBytes(UTF_8);
  }

  /** The field of a topic's partition. */
  public static byte[] field(String topic, int partition) {
    return (topic + "-" + partition).getBytes(UTF_8);
  }

  /**
   * One call for records of one partition on keys of one slot.
   *
   * @param after the offset that must have been reached, or a negative number for any
   * @param offsets one for each change
   */
  public Call apply(
      int slot, Position last, long after, List<Commands> changes, List<Long> offsets) {
    int count = 6 + changes.size();
    for (Commands change : changes) {
      count += 2 + change.size();
    }
    List<byte[]> arguments = new ArrayList<>(count);
    arguments.add(Words.EVALSHA);
    arguments.add(Scripts.APPLY.sha1());
    arguments.add(Words.of(1 + changes.size()));
    // without offsets some key of the slot stands in its place
    arguments.add(keepsOffsets() ? offsetsKey(slot) : changes.get(0).key());
    for (Commands change : changes) {
      arguments.add(change.key());
    }
    arguments.add(keepsOffsets() ? field(last.topic(), last.partition()) : Words.EMPTY);
    arguments.add(after < 0 ? Words.EMPTY : Words.of(after));
    for (int i = 0; i < changes.size(); i++) {
      arguments.add(Words.of(offsets.get(i)));
      arguments.add(Words.of(changes.get(i).commands().size()));
      for (List<byte[]> command : changes.get(i).commands()) {
        arguments.add(Words.of(command.size() - 1));
        arguments.add(command.get(0));
        arguments.addAll(command.subList(2, command.size()));
      }
    }
    return Call.onSlot(slot, arguments);
  }

  /** Asks how far partitions have come. */
  public Call read(int slot, List<byte[]> fields) {
    List<byte[]> arguments = new ArrayList<>(2 + fields.size());
    arguments.add(Words.of("HMGET"));
    arguments.add(offsetsKey(slot));
    arguments.addAll(fields);
    return Call.onSlot(slot, arguments);
  }

  /** Sets how far a partition has come, whatever was done; nothing for a negative offset. */
  public Call set(int slot, byte[] field, long offset) {
    return Call.onSlot(
        slot,
        offset < 0
            ? List.of(Words.of("HDEL"), offsetsKey(slot), field)
            : List.of(Words.HSET, offsetsKey(slot), field, Words.of(offset)));
  }

  /** Removes how far all partitions have come. */
  public Call forget(int slot) {
    return Call.onSlot(slot, List.of(Words.DEL, offsetsKey(slot)));
  }

  /** Whether there is one hash for each slot. */
  public boolean perSlot() {
    return cluster;
  }
}
