package dev.tributary.transforms;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.metrics.Metrics;
import dev.tributary.transforms.features.EventValues;
import dev.tributary.transforms.features.FeatureState;
import dev.tributary.transforms.features.WindowPlan;
import dev.tributary.transforms.state.Usage;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.connect.connector.ConnectRecord;

/** What {@link WindowedFeatures} computes. */
final class WindowComputation implements Computation<FeatureState> {
  private final WindowPlan plan;
  private final int maxKeys;
  private final FeatureFields fields;
  private final FeatureOutput output;
  private final boolean dropsLate;
  private EventValues values;

  /**
   * @param maxKeys how many keys a partition's state holds at most; 0 for as many as there are
   */
  WindowComputation(WindowPlan plan, int maxKeys, FeatureOutput output, boolean dropsLate) {
    this.plan = plan;
    this.maxKeys = maxKeys;
    this.fields = new FeatureFields(plan);
    this.output = output;
    this.dropsLate = dropsLate;
  }

  @Override
  public FeatureState newState(Usage usage) {
    return new FeatureState(plan, maxKeys, usage);
  }

  @Override
  public int format() {
    return 2;
  }

  @Override
  public OptionalLong reachMs() {
    return plan.reachMs();
  }

  @Override
  public void read(ChangeEvent event, ConnectRecord<?> record) {
    values = fields.read(event, record);
  }

  @Override
  public void addReading(List<Object> reading, ChangeEvent event, ConnectRecord<?> record) {
    fields.addTo(reading, event);
  }

  @Override
  public Object[] update(FeatureState state, Object key, long timeMs, ChangeEvent event) {
    boolean inTime = state.update(key, timeMs, values, output.values());
    return inTime || !dropsLate ? output.of(event, timeMs, inTime) : null;
  }

  @Override
  public void absorb(FeatureState state, Object key, long timeMs) {
    state.update(key, timeMs, values, output.values());
  }

  @Override
  public Object[] current(FeatureState state, Object key, long timeMs, ChangeEvent event) {
    state.current(key, timeMs, values, output.values());
    return output.of(event, timeMs, true);
  }

  @Override
  public void show(Metrics.Builder metrics, Usage usage) {
    metrics.count("Bytes", "About how many bytes of heap the state takes", usage::bytes);
  }
}
