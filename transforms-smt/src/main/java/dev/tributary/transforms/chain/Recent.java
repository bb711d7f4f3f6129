package dev.tributary.transforms.chain;

import java.util.Arrays;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * What the members made of a partition's latest live records, in the order of their offsets; the
 * oldest goes when it is full. It holds references to the values that were handed on, so it costs
 * the memory of so many rows.
 */
final class Recent {
  static final int NONE = -1;
  private static final int FIRST_CAPACITY = 64;
  private static final long NO_TIMESTAMP = Long.MIN_VALUE;

  private final int capacity;
  private final int members;
  private long[] offsets;
  private long[] timestamps;
  private Outcome[] outcomes;
  private int head;
  private int size;

  Recent(int capacity, int members) {
    this.capacity = capacity;
    this.members = members;
    clear();
  }

  void clear() {
    int first = Math.min(FIRST_CAPACITY, capacity);
    offsets = new long[first];
    timestamps = new long[first];
    outcomes = new Outcome[first * members];
    head = 0;
    size = 0;
  }

  /** The next record comes; its offset is greater than all before. */
  void begin(SinkRecord record) {
    if (size == offsets.length && size < capacity) {
      grow();
    }
    if (size == offsets.length) {
      head = (head + 1) % size;
    } else {
      size++;
    }
    int slot = newest();
    offsets[slot] = record.originalKafkaOffset();
    timestamps[slot] = timestamp(record);
    Arrays.fill(outcomes, slot * members, (slot + 1) * members, null);
  }

  /** What a member has made of the record that came last. */
  void add(int member, Outcome outcome) {
    outcomes[newest() * members + member] = outcome;
  }

  /**
   * The slot of a record, or {@link #NONE}. A record with another timestamp at that offset is not
   * the same: the topic was made anew.
   */
  int find(SinkRecord record) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int slot = slot(middle);
      long offset = offsets[slot];
      if (offset == record.originalKafkaOffset()) {
        return timestamps[slot] == timestamp(record) ? slot : NONE;
      }
      if (offset < record.originalKafkaOffset()) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return NONE;
  }

  long offset(int slot) {
    return offsets[slot];
  }

  /** What a member made of a record, or null if it did not get it. */
  Outcome get(int slot, int member) {
    return outcomes[slot * members + member];
  }

  private int slot(int index) {
    int slot = head + index;
    return slot < offsets.length ? slot : slot - offsets.length;
  }

  private int newest() {
    return slot(size - 1);
  }

  /** Until it has its full length nothing has gone, so it begins at 0. */
  private void grow() {
    int length = (int) Math.min(capacity, 2L * offsets.length);
    offsets = Arrays.copyOf(offsets, length);
    timestamps = Arrays.copyOf(timestamps, length);
    outcomes = Arrays.copyOf(outcomes, length * members);
  }

  private static long timestamp(SinkRecord record) {
    return record.timestamp() == null ? NO_TIMESTAMP : record.timestamp();
  }
}
