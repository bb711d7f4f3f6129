package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.transforms.chain.Stateful;
import dev.tributary.transforms.features.WindowCounts;
import dev.tributary.transforms.features.WindowPlan;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;

/** What {@link WindowedFeatures} does with a record, given its partition's state. */
final class WindowLogic implements Stateful<WindowState> {
  private static final Object NO_EVENT = "no event";
  private static final Object REFUSED = "refused";

  private final String name;
  private final EventReader events;
  private final EventClock clock;
  private final WindowPlan plan;
  private final WindowedFeaturesConfig.Late late;
  private final RowWriter rows;
  private final KeyPlaces places;

  /** What the state answers; filled anew for each event. */
  private final long[] numbers;

  private final Object[] added;

  WindowLogic(
      String name,
      EventReader events,
      EventClock clock,
      WindowPlan plan,
      WindowedFeaturesConfig.Late late,
      RowWriter rows) {
    this.name = name;
    this.events = events;
    this.clock = clock;
    this.plan = plan;
    this.late = late;
    this.rows = rows;
    this.places = new KeyPlaces(name);
    this.numbers = new long[plan.slotCount()];
    boolean flags = late == WindowedFeaturesConfig.Late.FLAG;
    this.added = new Object[plan.features().size() + (flags ? 1 : 0)];
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public WindowState newState(TopicPartition partition) {
    WindowState state = new WindowState(partition, new WindowCounts(plan));
    places.add(partition, state.counts());
    return state;
  }

  @Override
  public void forget(WindowState state) {
    places.remove(state.partition());
  }

  @Override
  public <R extends ConnectRecord<R>> R process(R record, WindowState state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key == null) {
      return rows.pass(record, event);
    }
    boolean inTime = update(key, clock.read(event, record), state);
    if (!inTime && late == WindowedFeaturesConfig.Late.DROP) {
      return null;
    }
    return rows.write(record, event, added(inTime));
  }

  @Override
  public <R extends ConnectRecord<R>> void absorb(R record, WindowState state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key != null) {
      update(key, clock.read(event, record), state);
    }
  }

  @Override
  public <R extends ConnectRecord<R>> R repeat(R record, WindowState state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key == null) {
      return rows.pass(record, event);
    }
    clock.read(event, record);
    state.counts().current(key, numbers);
    return rows.write(record, event, added(true));
  }

  @Override
  public Object reading(ConnectRecord<?> record) {
    try {
      ChangeEvent event = events.read(record);
      if (!events.isEvent(event)) {
        return NO_EVENT;
      }
      Object key = events.key(event, record);
      return key == null ? NO_EVENT : List.of(key, clock.read(event, record));
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
    return plan.reachMs().isEmpty()
        ? plan.reachMs()
        : OptionalLong.of(sum(plan.reachMs().getAsLong(), clock.leadMs()));
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private boolean update(Object key, long time, WindowState state) {
    int keys = state.counts().size();
    boolean inTime = state.counts().update(key, time, numbers);
    if (state.counts().size() > keys) {
      places.appeared(key, state.partition());
    }
    return inTime;
  }

  private Object[] added(boolean inTime) {
    int features = plan.features().size();
    for (int i = 0; i < features; i++) {
      added[i] = inTime || !plan.isWindowed(i) ? (Object) numbers[plan.slot(i)] : null;
    }
    if (added.length > features) {
      added[features] = !inTime;
    }
    return added;
  }
}
