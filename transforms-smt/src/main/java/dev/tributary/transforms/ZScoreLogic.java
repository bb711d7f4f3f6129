package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.transforms.chain.Stateful;
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
final class ZScoreLogic implements Stateful<ZScores> {
  private static final Object NO_EVENT = "no event";
  private static final Object REFUSED = "refused";

  private final String name;
  private final EventReader events;
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
      List<FieldPath> fields,
      ZScoring scoring,
      RowWriter rows,
      AnomalyFields output) {
    this.name = name;
    this.events = events;
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
  public <R extends ConnectRecord<R>> R process(R record, ZScores state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key == null) {
      return rows.pass(record, event);
    }
    read(event, record);
    state.update(key, values, verdict);
    return rows.write(record, event, output.of(event, values, verdict));
  }

  @Override
  public <R extends ConnectRecord<R>> void absorb(R record, ZScores state) {
    ChangeEvent event = events.read(record);
    Object key = events.isEvent(event) ? events.key(event, record) : null;
    if (key != null) {
      read(event, record);
      state.keep(key, values);
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
    state.current(key, values, verdict);
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
      for (double value : values) {
        reading.add(value);
      }
      return reading;
    } catch (DataException e) {
      return REFUSED;
    }
  }

  /** Empty, as the last values may be of any age. */
  @Override
  public OptionalLong eventTime(ConnectRecord<?> record) {
    return OptionalLong.empty();
  }

  @Override
  public OptionalLong reachMs() {
    return OptionalLong.empty();
  }

  private void read(ChangeEvent event, ConnectRecord<?> record) {
    for (int i = 0; i < values.length; i++) {
      Object value = fields.get(i).get(event);
      values[i] = value == null ? Double.NaN : Numbers.toDouble(value, fields.get(i), record);
    }
  }
}
