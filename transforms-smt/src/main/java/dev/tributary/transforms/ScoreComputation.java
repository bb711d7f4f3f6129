package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.metrics.Metrics;
import dev.tributary.transforms.state.Usage;
import dev.tributary.transforms.zscore.Verdict;
import dev.tributary.transforms.zscore.ZScores;
import dev.tributary.transforms.zscore.ZScoring;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.connect.connector.ConnectRecord;

/** What {@link ZScoreFlag} computes. */
final class ScoreComputation implements Computation<ZScores> {
  private final FieldPath[] fields;
  private final ZScoring scoring;
  private final int maxKeys;
  private final AnomalyFields output;

  /** Filled anew for each event. */
  private final double[] values;

  private final Verdict verdict;

  /**
   * @param maxKeys how many keys a partition's state holds at most; 0 for as many as there are
   */
  ScoreComputation(List<FieldPath> fields, ZScoring scoring, int maxKeys, AnomalyFields output) {
    this.fields = fields.toArray(FieldPath[]::new);
    this.scoring = scoring;
    this.maxKeys = maxKeys;
    this.output = output;
    this.values = new double[this.fields.length];
    this.verdict = new Verdict(this.fields.length);
  }

  @Override
  public ZScores newState(Usage usage) {
    return new ZScores(scoring, fields.length, maxKeys, usage);
  }

  @Override
  public int format() {
    return 2;
  }

  /** Of a window of values empty, as those may be of any age. */
  @Override
  public OptionalLong reachMs() {
    return scoring.keepsMs();
  }

  @Override
  public void read(ChangeEvent event, ConnectRecord<?> record) {
    for (int i = 0; i < fields.length; i++) {
      Object value = fields[i].get(event);
      values[i] = value == null ? Double.NaN : Numbers.toDouble(value, fields[i], record);
    }
  }

  @Override
  public void addReading(List<Object> reading, ChangeEvent event, ConnectRecord<?> record) {
    read(event, record);
    for (double value : values) {
      reading.add(value);
    }
  }

  @Override
  public Object[] update(ZScores state, Object key, long timeMs, ChangeEvent event) {
    state.update(key, timeMs, values, verdict);
    return output.of(event, values, verdict);
  }

  @Override
  public void absorb(ZScores state, Object key, long timeMs) {
    state.keep(key, timeMs, values);
  }

  @Override
  public Object[] current(ZScores state, Object key, long timeMs, ChangeEvent event) {
    state.current(key, timeMs, values, verdict);
    return output.of(event, values, verdict);
  }

  @Override
  public void show(Metrics.Builder metrics, Usage usage) {
    metrics.count("Bytes", "About how many bytes of heap the state takes", usage::bytes);
  }
}
