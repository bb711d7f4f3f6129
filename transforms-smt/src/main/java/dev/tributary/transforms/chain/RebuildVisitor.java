package dev.tributary.transforms.chain;

import dev.tributary.common.error.Coordinates;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Takes a partition's records up to the one in hand in a {@link Replay}, and compares the one in
 * hand with what stands in the topic.
 */
final class RebuildVisitor implements History.Visitor {
  private final List<Stateful<?>> members;
  private final Replay replay;
  private final SinkRecord inHand;
  private boolean found;

  RebuildVisitor(List<Stateful<?>> members, Replay replay, SinkRecord inHand) {
    this.members = members;
    this.replay = replay;
    this.inHand = inHand;
  }

  @Override
  public void record(SinkRecord record) {
    if (record.kafkaOffset() < inHand.originalKafkaOffset()) {
      replay.record(record);
    } else {
      found = true;
      compare(record);
    }
  }

  /** Whether the record in hand stands in the topic. */
  boolean found() {
    return found;
  }

  @Override
  public void unreadable(long offset, RuntimeException why) {
    if (offset < inHand.originalKafkaOffset()) {
      replay.unreadable(offset, why);
      return;
    }
    // without the cause: a converter's message may quote the record
    throw new ChainError(
        Coordinates.of(inHand)
            + ": the restore cannot read this record ("
            + why.getClass().getSimpleName()
            + "), though the connector can. Set restore.value.converter and"
            + " restore.value.converter.* to what the connector's value.converter is");
  }

  private void compare(SinkRecord stored) {
    for (Stateful<?> member : members.subList(replay.leader(), members.size())) {
      if (!member.reading(stored).equals(member.reading(inHand))) {
        throw new ChainError(
            Coordinates.of(inHand)
                + ": "
                + member.describe()
                + " reads something else from the live record than from the same record in the"
                + " topic. Either a transform that stands before it changes its fields: place"
                + " Tributary's transforms first. Or restore.value.converter is not what the"
                + " connector's value.converter is: set it so");
      }
    }
  }
}
