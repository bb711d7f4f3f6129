package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.transforms.chain.Stateful;
import dev.tributary.transforms.chain.Storable;
import dev.tributary.transforms.sequence.EventFits;
import dev.tributary.transforms.sequence.Sequence;
import dev.tributary.transforms.sequence.SequencePlan;
import dev.tributary.transforms.sequence.SequenceUsage;
import dev.tributary.transforms.sequence.Sequences;
import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;

/** What {@link SequenceFlag} does with a record, given its partition's state. */
final class SequenceLogic
    implements Stateful<SequenceState>, Storable<SequenceState>, AutoCloseable {
  private static final Object NO_EVENT = "no event";
  private static final Object REFUSED = "refused";

  private final String name;
  private final EventReader events;
  private final EventClock clock;
  private final SequencePlan plan;
  private final int maxKeys;
  private final List<FieldPath> fields;
  private final RowWriter rows;
  private final SequenceFields output;
  private final KeyPlaces<Sequences> places;
  private final SequenceUsage usage = new SequenceUsage();
  private final SequenceMetrics metrics;

  /** Filled anew for each event. */
  private final EventFits fits;

  private final Sequence[] found;

  /**
   * @param maxKeys how many keys a partition's state holds at most; 0 for as many as there are
   */
  SequenceLogic(
      EventReader events,
      EventClock clock,
      SequencePlan plan,
      int maxKeys,
      RowWriter rows,
      SequenceFields output) {
    String first = plan.patterns().get(0).name();
    this.name = "SequenceFlag (" + first + ", ...)";
    this.events = events;
    this.clock = clock;
    this.plan = plan;
    this.maxKeys = maxKeys;
    this.fields = plan.fields().stream().map(FieldPath::parse).toList();
    this.rows = rows;
    this.output = output;
    this.places = new KeyPlaces<>(name, Sequences::knows);
    this.metrics = new SequenceMetrics(first, usage, places);
    this.fits = new EventFits(plan);
    this.found = new Sequence[plan.patterns().size()];
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public SequenceState newState(TopicPartition partition) {
    metrics.register();
    SequenceState state = new SequenceState(partition, new Sequences(plan, maxKeys, usage));
    forget(partition);
    places.add(partition, state.sequences());
    return state;
  }

  @Override
  public void forget(SequenceState state) {
    forget(state.partition());
  }

  private void forget(TopicPartition partition) {
    Sequences before = places.remove(partition);
    if (before != null) {
      before.close();
    }
  }

  @Override
  public int format() {
    return 1;
  }

  @Override
  public void write(SequenceState state, StateOutput out) {
    state.sequences().write(out);
  }

  @Override
  public void read(StateInput in, SequenceState fresh) {
    fresh.sequences().read(in);
    fresh.sequences().keys(key -> places.appeared(key, fresh.partition()));
  }

  /** Takes the metrics away. */
  @Override
  public void close() {
    metrics.close();
  }

  @Override
  public <R extends ConnectRecord<R>> R process(R record, SequenceState state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key == null) {
      return rows.pass(record, event);
    }
    update(key, event, record, state);
    return rows.write(record, event, output.of(event, found));
  }

  @Override
  public <R extends ConnectRecord<R>> void absorb(R record, SequenceState state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key != null) {
      update(key, event, record, state);
    }
  }

  @Override
  public <R extends ConnectRecord<R>> R repeat(R record, SequenceState state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key == null) {
      return rows.pass(record, event);
    }
    long time = clock.read(event, record);
    read(event);
    state.sequences().current(key, time, fits, found);
    return rows.write(record, event, output.of(event, found));
  }

  @Override
  public void cameAgain() {
    metrics.replayed();
  }

  @Override
  public Object reading(ConnectRecord<?> record) {
    try {
      ChangeEvent event = events.read(record);
      Object key = events.isEvent(event) ? events.key(event, record) : null;
      if (key == null) {
        return NO_EVENT;
      }
      List<Object> reading = new ArrayList<>();
      reading.add(key);
      reading.add(clock.read(event, record));
      for (FieldPath field : fields) {
        reading.add(Numbers.plain(field.get(event)));
      }
      return reading;
    } catch (DataException e) {
      return REFUSED;
    }
  }

  @Override
  public OptionalLong eventTime(ConnectRecord<?> record) {
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
    return clock.reachMs(plan.reachMs());
  }

  private void update(Object key, ChangeEvent event, ConnectRecord<?> record, SequenceState state) {
    long time = clock.read(event, record);
    read(event);
    Sequences sequences = state.sequences();
    long appeared = sequences.appeared();
    sequences.update(key, time, fits, found);
    if (sequences.appeared() > appeared) {
      places.appeared(key, state.partition());
    }
  }

  private void read(ChangeEvent event) {
    for (int i = 0; i < fields.size(); i++) {
      fits.set(i, Numbers.plain(fields.get(i).get(event)));
    }
    fits.check();
  }
}
