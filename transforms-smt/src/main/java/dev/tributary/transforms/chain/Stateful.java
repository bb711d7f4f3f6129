package dev.tributary.transforms.chain;

import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.connector.ConnectRecord;

/**
 * What a transform with state does with the records of one partition, given the partition's state.
 * The chain decides when, and with which state; so nothing here keeps any.
 *
 * <p>What it throws about a record (a DataException) must depend on nothing but the record, and the
 * record is then skipped, with tolerance, live as well as in a restore.
 *
 * @param <S> the state of one partition
 */
public interface Stateful<S> extends AutoCloseable {

  /** The transform as an error names it. */
  String describe();

  /**
   * The state of a partition before its first record; from now on the partition's only one.
   *
   * @param partition of a sink's record; of a source's the topic and 0, as one task sees all of it
   */
  S newState(TopicPartition partition);

  /** A partition's state is dropped; {@link #newState} will be asked should it come back. */
  default void forget(S state) {}

  /**
   * Takes a record into the state and gives the transformed one, or null if it is dropped. Nothing
   * but its value and the value's schema may be another.
   */
  <R extends ConnectRecord<R>> R process(R record, S state);

  /** Takes a record into the state, where nobody wants the transformed one. */
  <R extends ConnectRecord<R>> void absorb(R record, S state);

  /** Transforms a record that the state already holds, without a change to it. */
  <R extends ConnectRecord<R>> R repeat(R record, S state);

  /** A record that the state already holds has come again, and gets what it got or the like. */
  default void cameAgain() {}

  /**
   * What the transform reads of a record, with equals by value. It must be the same for the record
   * that stands in the topic and for the one that the transform is given live: else something
   * before it changes what it reads. Never throws, and is never shown.
   */
  Object reading(ConnectRecord<?> record);

  /** The record's event time in epoch milliseconds, or empty if it is no event. Never throws. */
  OptionalLong eventTime(ConnectRecord<?> record);

  /**
   * How far before an event's time the timestamps lie of the records that matter to it, or empty if
   * all ever do.
   */
  OptionalLong reachMs();

  /** The transform is closed: what it shows of itself goes. */
  @Override
  default void close() {}
}
