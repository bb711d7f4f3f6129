package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.transforms.chain.Stateful;
import dev.tributary.transforms.chain.Storable;
import dev.tributary.transforms.state.StateInput;
import dev.tributary.transforms.state.StateOutput;
import dev.tributary.transforms.zscore.Verdict;
import dev.tributary.transforms.zscore.ZScores;
import dev.tributary.transforms.zscore.ZScoring;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;

/** What {@link ZScoreFlag} does with a record, given its partition's state. */
final class ZScoreLogic implements Stateful<ZScores>, Storable<ZScores> {
  private static final Object NO_EVENT = "no event";
  private static final Object REFUSED = "refused";

  private final String name;
  private final EventReader events;

  /** Null unless the window is one of time. */
  private final EventClock clock;

  private final List<FieldPath> fields;
  private final ZScoring scoring;
  private final RowWriter rows;
  private final AnomalyFields output;

  /** Filled anew for each event. */
  private final double[] values;

  private final Verdict verdict;

  ZScoreLogic(
      String name,
      EventReader events,
      EventClock clock,
      List<FieldPath> fields,
      ZScoring scoring,
      RowWriter rows,
      AnomalyFields output) {
    this.name = name;
    this.events = events;
    this.clock = within(scoring) == null ? null : clock;
    this.fields = fields;
    this.scoring = scoring;
    this.rows = rows;
    this.output = output;
    this.values = new double[fields.size()];
    this.verdict = new Verdict(fields.size());
  }

  @Override
  public String describe() {
    return name;
  }

  @Override
  public ZScores newState(TopicPartition partition) {
    return new ZScores(scoring, fields.size());
  }

  @Override
  public int format() {
    return 1;
  }

  @Override
  public void write(ZScores state, StateOutput out) {
    state.write(out);
  }

  @Override
  public void read(StateInput in, ZScores fresh) {
    fresh.read(in);
  }

  @Override
  public <R extends ConnectRecord<R>> R process(R record, ZScores state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key == null) {
      return rows.pass(record, event);
    }
    read(event, record);
    state.update(key, time(event, record), values, verdict);
    return rows.write(record, event, output.of(event, values, verdict));
  }

  @Override
  public <R extends ConnectRecord<R>> void absorb(R record, ZScores state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key != null) {
      read(event, record);
      state.keep(key, time(event, record), values);
    }
  }

  @Override
  public <R extends ConnectRecord<R>> R repeat(R record, ZScores state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key == null) {
      return rows.pass(record, event);
    }
    read(event, record);
    state.current(key, time(event, record), values, verdict);
    return rows.write(record, event, output.of(event, values, verdict));
  }

  @Override
  public Object reading(ConnectRecord<?> record) {
    try {
      ChangeEvent event = events.read(record);
      Object key = events.isEvent(event) ? events.key(event, record) : null;
      if (key == null) {
        return NO_EVENT;
      }
      read(event, record);
      List<Object> reading = new ArrayList<>();
      reading.add(key);
      reading.add(time(event, record));
      for (double value : values) {
        reading.add(value);
      }
      return reading;
    } catch (DataException e) {
      return REFUSED;
    }
  }

  /** Of a window of values empty, as those may be of any age. */
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
    ZScoring.Window.Within within = within(scoring);
    if (within == null) {
      return OptionalLong.empty();
    }
    return clock.reachMs(within.keepMs());
  }

  private static ZScoring.Window.Within within(ZScoring scoring) {
    return scoring.method() != ZScoring.Method.PAGE_HINKLEY
            && scoring.window() instanceof ZScoring.Window.Within within
        ? within
        : null;
  }

  private long time(ChangeEvent event, ConnectRecord<?> record) {
    return clock == null ? 0 : clock.read(event, record);
  }

  private void read(ChangeEvent event, ConnectRecord<?> record) {
    for (int i = 0; i < values.length; i++) {
      Object value = fields.get(i).get(event);
      values[i] = value == null ? Double.NaN : Numbers.toDouble(value, fields.get(i), record);
    }
  }
}
