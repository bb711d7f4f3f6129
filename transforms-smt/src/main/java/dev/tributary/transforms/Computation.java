package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.metrics.Metrics;
import dev.tributary.transforms.state.KeyedState;
import dev.tributary.transforms.state.Usage;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.connect.connector.ConnectRecord;

/**
 * What a transform computes of the events of keys, and all in which one differs from another: the
 * rest is {@link EventLogic}. Belongs to one task.
 *
 * @param <S> the state of one partition
 */
interface Computation<S extends KeyedState> {

  /** A state that holds nothing yet. */
  S newState(Usage usage);

  /** See {@link dev.tributary.transforms.chain.Storable#format}. */
  int format();

  /** How far before an event's time others happen that matter to it, or empty if all ever do. */
  OptionalLong reachMs();

  /**
   * Reads of an event what is computed with; valid until the next is read.
   *
   * @throws org.apache.kafka.connect.errors.DataException if something in it is not as it must be
   */
  void read(ChangeEvent event, ConnectRecord<?> record);

  /**
   * Adds what it reads of an event, to be compared by value.
   *
   * @throws org.apache.kafka.connect.errors.DataException as {@link #read}
   */
  void addReading(List<Object> reading, ChangeEvent event, ConnectRecord<?> record);

  /**
   * Takes the event that was read in.
   *
   * @param timeMs event time in epoch milliseconds; 0 where times do not matter
   * @return the values of the fields that are added to it, valid until the next; null if it is
   *     dropped
   */
  Object[] update(S state, Object key, long timeMs, ChangeEvent event);

  /** Takes the event that was read in, where nobody wants the values. */
  void absorb(S state, Object key, long timeMs);

  /** The values for the event that was read, without a change: the state holds it already. */
  Object[] current(S state, Object key, long timeMs, ChangeEvent event);

  /** Adds what it shows over JMX beside what all show. */
  void show(Metrics.Builder metrics, Usage usage);
}
