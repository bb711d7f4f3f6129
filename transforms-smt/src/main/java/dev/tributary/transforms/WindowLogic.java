package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.transforms.chain.Stateful;
import dev.tributary.transforms.chain.Storable;
import dev.tributary.transforms.features.EventValues;
import dev.tributary.transforms.features.FeatureState;
import dev.tributary.transforms.features.Usage;
import dev.tributary.transforms.features.WindowPlan;
import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;

/** What {@link WindowedFeatures} does with a record, given its partition's state. */
final class WindowLogic implements Stateful<WindowState>, Storable<WindowState>, AutoCloseable {
  private static final Object NO_EVENT = "no event";
  private static final Object REFUSED = "refused";

  private final String name;
  private final EventReader events;
  private final EventClock clock;
  private final WindowPlan plan;
  private final int maxKeys;
  private final FeatureFields fields;
  private final FeatureOutput output;
  private final boolean dropsLate;
  private final RowWriter rows;
  private final KeyPlaces<FeatureState> places;
  private final Usage usage = new Usage();
  private final FeatureMetrics metrics;

  /**
   * @param maxKeys how many keys a partition's state holds at most; 0 for as many as there are
   */
  WindowLogic(
      EventReader events,
      EventClock clock,
      WindowPlan plan,
      int maxKeys,
      FeatureOutput output,
      boolean dropsLate,
      RowWriter rows) {
    this.name = "WindowedFeatures (" + plan.features().get(0).name() + ", ...)";
    this.events = events;
    this.clock = clock;
    this.plan = plan;
    this.maxKeys = maxKeys;
    this.fields = new FeatureFields(plan);
    this.output = output;
    this.dropsLate = dropsLate;
    this.rows = rows;
    this.places = new KeyPlaces<>(name, FeatureState::knows);
    this.metrics = new FeatureMetrics(plan.features().get(0).name(), usage, places);
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public WindowState newState(TopicPartition partition) {
    metrics.register();
    WindowState state = new WindowState(partition, new FeatureState(plan, maxKeys, usage));
    forget(partition);
    places.add(partition, state.features());
    return state;
  }

  @Override
  public void forget(WindowState state) {
    forget(state.partition());
  }

  private void forget(TopicPartition partition) {
    FeatureState before = places.remove(partition);
    if (before != null) {
      before.close();
    }
  }

  @Override
  public int format() {
    return 1;
  }

  @Override
  public void write(WindowState state, StateOutput out) {
    state.features().write(out);
  }

  @Override
  public void read(StateInput in, WindowState fresh) {
    fresh.features().read(in);
    fresh.features().keys(key -> places.appeared(key, fresh.partition()));
  }

  /** Takes the metrics away. */
  @Override
  public void close() {
    metrics.close();
  }

  @Override
  public <R extends ConnectRecord<R>> R process(R record, WindowState state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key == null) {
      return rows.pass(record, event);
    }
    long time = clock.read(event, record);
    boolean inTime = update(key, time, fields.read(event, record), state);
    if (!inTime && dropsLate) {
      return null;
    }
    return rows.write(record, event, output.of(event, time, inTime));
  }

  @Override
  public <R extends ConnectRecord<R>> void absorb(R record, WindowState state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key != null) {
      long time = clock.read(event, record);
      update(key, time, fields.read(event, record), state);
    }
  }

  @Override
  public <R extends ConnectRecord<R>> R repeat(R record, WindowState state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key == null) {
      return rows.pass(record, event);
    }
    long time = clock.read(event, record);
    EventValues values = fields.read(event, record);
    state.features().current(key, time, values, output.values());
    return rows.write(record, event, output.of(event, time, true));
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
      fields.addTo(reading, event);
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
    OptionalLong reach = plan.reachMs();
    return reach.isEmpty() ? reach : clock.reachMs(reach.getAsLong());
  }

  private boolean update(Object key, long time, EventValues values, WindowState state) {
    FeatureState features = state.features();
    long appeared = features.appeared();
    boolean inTime = features.update(key, time, values, output.values());
    if (features.appeared() > appeared) {
      places.appeared(key, state.partition());
    }
    return inTime;
  }
}
