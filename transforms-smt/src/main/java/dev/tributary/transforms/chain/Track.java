package dev.tributary.transforms.chain;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** Where each member of a chain stands in one partition, and its state there. */
final class Track {
  static final int NO_LEADER = -1;
  private static final long NOWHERE = -1;

  final TopicPartition partition;

  /** The first member that the partition's records reach. */
  int leader = NO_LEADER;

  /** Whether the states hold everything before the next record. */
  boolean built;

  /** Per member. */
  final Object[] states;

  /** Per member: the last offset that it is done with. */
  final long[] last;

  /** Per member: whether a live record has come to it. */
  final boolean[] reached;

  /** Per member: whether it stands behind the leader and the partition's records pass it by. */
  final boolean[] bypassed;

  /** The live record that the leader got last. */
  SinkRecord inHand;

  /** What the last member handed on of it. */
  Object handedOn;

  /** What became of the latest live records. */
  final Recent recent;

  /** Where the record in hand is in {@link #recent}, if it has come again. */
  int again = Recent.NONE;

  /** When a record came last, as {@link Tracks} counts. */
  long countedAt;

  /** About how many records it would take to make the states again. */
  long cost;

  /** The topic's id when the states were made; null if there are to be no snapshots of them. */
  String topicId;

  /** The offset from which on the partition's records are in the states. */
  long from;

  /** How many records have come since the last snapshot, and when that was. */
  long unsaved;

  long savedAt;

  Track(TopicPartition partition, int members, int recentRecords) {
    this.partition = partition;
    this.recent = new Recent(recentRecords, members);
    this.states = new Object[members];
    this.last = new long[members];
    this.reached = new boolean[members];
    this.bypassed = new boolean[members];
  }

  void reset(List<? extends Stateful<?>> members) {
    for (int i = 0; i < states.length; i++) {
      states[i] = members.get(i).newState(partition);
      last[i] = NOWHERE;
    }
    built = false;
  }

  /** Where a record is in {@link #recent}, or {@link Recent#NONE} if it is not. */
  int comesAgain(SinkRecord record) {
    return built && record.originalKafkaOffset() <= last[leader]
        ? recent.find(record)
        : Recent.NONE;
  }

  /** Whether the states hold all up to and with the record in hand, and nothing more. */
  boolean isInStep() {
    if (!built || inHand == null || inHand.originalKafkaOffset() != last[leader]) {
      return false;
    }
    for (int i = leader + 1; i < last.length; i++) {
      if (!bypassed[i] && last[i] != last[leader]) {
        return false;
      }
    }
    return true;
  }

  /** All from the leader on are done with everything up to an offset. */
  void moveTo(long offset) {
    moveTo(offset, leader);
  }

  void moveTo(long offset, int from) {
    for (int i = from; i < last.length; i++) {
      last[i] = offset;
    }
  }

  /** A member behind the leader that has missed records which came to it before, or -1. */
  int straggler() {
    for (int i = leader + 1; i < last.length; i++) {
      if (reached[i] && last[i] != last[leader]) {
        return i;
      }
    }
    return -1;
  }
}
