package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.transforms.chain.Stateful;
import dev.tributary.transforms.chain.Storable;
import dev.tributary.transforms.state.KeyedState;
import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import dev.tributary.transforms.state.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;

/**
 * What {@link WindowedFeatures}, {@link ZScoreFlag} and {@link SequenceFlag} do with a record,
 * given its partition's state: tell whether it is an event, whose and when; have the new fields
 * computed, and merged into the row.
 *
 * @param <S> the state of one partition
 */
final class EventLogic<S extends KeyedState> implements Stateful<S>, Storable<S> {
  private static final Object NO_EVENT = "no event";
  private static final Object REFUSED = "refused";

  private final Label label;
  private final EventReader events;

  /** Null where times do not matter. */
  private final EventClock clock;

  private final Computation<S> computation;
  private final RowWriter rows;
  private final Usage usage = new Usage();
  private final KeyPlaces places;
  private final EventMetrics metrics;

  /**
   * @param clock null where times do not matter
   */
  EventLogic(
      Label label,
      EventReader events,
      EventClock clock,
      Computation<S> computation,
      RowWriter rows) {
    this.label = label;
    this.events = events;
    this.clock = clock;
    this.computation = computation;
    this.rows = rows;
    this.places = new KeyPlaces(label.text());
    this.metrics = new EventMetrics(label, computation, usage, places);
  }

  @Override
  public String describe() {
    return label.text();
  }

  @Override
  public S newState(TopicPartition partition) {
    metrics.register();
    S state = computation.newState(usage);
    places.add(partition, state);
    return state;
  }

  @Override
  public void forget(S state) {
    places.remove(state);
  }

  @Override
  public int format() {
    return computation.format();
  }

  @Override
  public void write(S state, StateOutput out) {
    state.write(out);
  }

  @Override
  public void read(StateInput in, S fresh) {
    fresh.read(in);
    fresh.keys(key -> places.appeared(key, fresh));
  }

  /** Takes the metrics away. */
  @Override
  public void close() {
    metrics.close();
  }

  @Override
  public <R extends ConnectRecord<R>> R process(R record, S state) {
    ChangeEvent event = events.read(record);
    Object key = key(event, record);
    if (key == null) {
      return rows.pass(record, event);
    }
    long timeMs = read(event, record);
    long appeared = state.appeared();
    Object[] added = computation.update(state, key, timeMs, event);
    noticePlace(key, state, appeared);
    return added == null ? null : rows.write(record, event, added);
  }

  @Override
  public <R extends ConnectRecord<R>> void absorb(R record, S state) {
    ChangeEvent event = events.read(record);
    Object key = key(event, record);
    if (key != null) {
      long timeMs = read(event, record);
      long appeared = state.appeared();
      computation.absorb(state, key, timeMs);
      noticePlace(key, state, appeared);
    }
  }

  @Override
  public <R extends ConnectRecord<R>> R repeat(R record, S state) {
    ChangeEvent event = events.read(record);
    Object key = key(event, record);
    if (key == null) {
      return rows.pass(record, event);
    }
    long timeMs = read(event, record);
    return rows.write(record, event, computation.current(state, key, timeMs, event));
  }

  @Override
  public void cameAgain() {
    metrics.replayed();
  }

  @Override
  public Object reading(ConnectRecord<?> record) {
    try {
      ChangeEvent event = events.read(record);
      Object key = key(event, record);
      if (key == null) {
        return NO_EVENT;
      }
      List<Object> reading = new ArrayList<>();
      reading.add(key);
      reading.add(time(event, record));
      computation.addReading(reading, event, record);
      return reading;
    } catch (DataException e) {
      return REFUSED;
    }
  }

  /** Empty too where times do not matter. */
  @Override
  public OptionalLong eventTime(ConnectRecord<?> record) {
    if (clock == null) {
      return OptionalLong.empty();
    }
    try {
      ChangeEvent event = events.read(record);
      return events.isEvent(event)
          ? OptionalLong.of(clock.read(event, record))
          : OptionalLong.empty();
    } catch (DataException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public OptionalLong reachMs() {
    OptionalLong reach = computation.reachMs();
    return reach.isEmpty() ? reach : clock.reachMs(reach.getAsLong());
  }

  /** Null if it is no event. */
  private Object key(ChangeEvent event, ConnectRecord<?> record) {
    return events.isEvent(event) ? events.key(event, record) : null;
  }

  private long read(ChangeEvent event, ConnectRecord<?> record) {
    long timeMs = time(event, record);
    computation.read(event, record);
    return timeMs;
  }

  private long time(ChangeEvent event, ConnectRecord<?> record) {
    return clock == null ? 0 : clock.read(event, record);
  }

  private void noticePlace(Object key, S state, long appearedBefore) {
    if (state.appeared() > appearedBefore) {
      places.appeared(key, state);
    }
  }
}
