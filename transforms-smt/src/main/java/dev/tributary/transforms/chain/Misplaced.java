package dev.tributary.transforms.chain;

import dev.tributary.common.error.Coordinates;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** What is wrong with the settings around a chain, as its records show it. */
final class Misplaced {
  private Misplaced() {}

  /** Something lets some of a partition's records pass a member by. */
  static ChainError passedBy(SinkRecord record, TopicPartition partition, Stateful<?> member) {
    return new ChainError(
        Coordinates.of(record)
            + ": some records of "
            + partition
            + " pass "
            + member.describe()
            + " by, as a Filter or a predicate stands between Tributary's transforms with state."
            + " After a restart the state could not be made again. Move the Filter before or behind"
            + " all of them, and give them predicates on nothing but the topic's name");
  }

  /** Something between two members changes the record. */
  static ChainError foreignBefore(SinkRecord record, Stateful<?> member) {
    return new ChainError(
        Coordinates.of(record)
            + ": a transform that is not Tributary's stands before "
            + member.describe()
            + " and behind another transform with state, and changes the record. After a restart"
            + " the state could not be made again. Move it before or behind all of Tributary's"
            + " transforms (or set restore=none on them, and lose the state with each restart)");
  }

  /** A source's topic does not say any more what a member had read. */
  static ChainError changedBehind(SinkRecord record, Stateful<?> member) {
    return new ChainError(
        Coordinates.of(record)
            + ": "
            + member.describe()
            + " does not find in the topic what it read when this record was written, so its state"
            + " cannot be made again. Either a transform behind it changes or removes the fields it"
            + " reads (output=features does): let it be. Or restore.value.converter is not what the"
            + " connector's value.converter is: set it so. Or the transform's settings have changed"
            + " since: start over with a new topic, or set restore=none and begin empty");
  }

  /** The connector gets records that a restore does not. */
  static ChainError notInTopic(SinkRecord record) {
    return new ChainError(
        Coordinates.of(record)
            + ": the connector was given this record, but the restore does not find it in the"
            + " topic. As a rule its transaction was aborted, and the connector's consumer reads"
            + " uncommitted records too, as is Kafka's default: set"
            + " consumer.override.isolation.level=read_committed in the connector. If nothing"
            + " writes to the topic in transactions, compaction has just deleted the record:"
            + " restart the task");
  }
}
