package dev.tributary.transforms;

import dev.tributary.common.Versions;
import dev.tributary.transforms.chain.Membership;
import dev.tributary.transforms.features.FeatureState;
import dev.tributary.transforms.features.WindowPlan;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Adds features to each event, computed over the events of its key in windows of event time:
 * counts, sums, deviations, percentiles, sessions and more.
 *
 * <p><b>What a window holds.</b> Time is cut into tiles of width w ({@code tile}); tile(t) =
 * floor(t / w). Windows hold events of the key that stand at or before an event in its partition,
 * itself included. Seen from an event at time t,
 *
 * <ul>
 *   <li>a sliding window of length W holds those events e with tile(t) - ceil(W / w) &lt; tile(e)
 *       &lt;= tile(t). With tiles of 1 ms that is exactly (t - W, t];
 *   <li>a hopping window of length W and hop H is the one of those that t lies in which ends next:
 *       end = (floor(t / H) + 1) * H, start = end - W. It holds those with start &lt;= e and
 *       tile(e) &lt;= tile(t). A tumbling window has H = W;
 *   <li>a session with gap G holds those with tile(e) &lt;= tile(t) that follow each other, back
 *       from the newest of them, with no more than G between two;
 *   <li>{@code over all} holds all of them, whatever their time.
 * </ul>
 *
 * An event out of order is seen from its own time; newer ones do not count in it.
 *
 * <p><b>Late events.</b> An event older than the newest of its partition by more than {@code grace}
 * counts in no window, then or later; in {@code over all} it does.
 *
 * <p><b>What comes out</b> is flat: see {@code output} in {@link WindowedFeaturesConfig}. Features
 * are nullable and of the types that {@link FeatureType} says; those of windows are null in late
 * events. Tombstones pass untouched.
 *
 * <p><b>After a start, a rebalance or a rewind</b> the state is made from the topic again ({@code
 * restore=topic}), so that a record gets what it would have got. The topic is read from the
 * timestamp on that the longest window, the grace and {@code max.future} reach back to.
 *
 * <p><b>Errors.</b> An event without its key (see {@code missing.key}), without a readable time, or
 * with one further than {@code max.future} after the record's timestamp is an error of this record.
 *
 * @param <R> a sink's or a source's records
 */
public final class WindowedFeatures<R extends ConnectRecord<R>>
    implements Transformation<R>, Versioned {
  private final Membership<FeatureState> membership =
      new Membership<>(WindowedFeatures::configured);

  /** For Connect. */
  public WindowedFeatures() {}

  @Override
  public void configure(Map<String, ?> settings) {
    membership.configure(settings);
  }

  @Override
  public R apply(R record) {
    return membership.apply(record);
  }

  @Override
  public ConfigDef config() {
    return WindowedFeaturesConfig.CONFIG_DEF;
  }

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public void close() {
    membership.close();
  }

  private static Membership.Configured<FeatureState> configured(Map<String, ?> settings) {
    WindowedFeaturesConfig config = new WindowedFeaturesConfig(settings);
    return new Membership.Configured<>(logic(config), config.restore());
  }

  static EventLogic<FeatureState> logic(WindowedFeaturesConfig config) {
    WindowPlan plan = config.plan();
    String first = plan.features().get(0).name();
    FeatureOutput output =
        new FeatureOutput(
            plan.features(),
            config.windowField(),
            config.late() == WindowedFeaturesConfig.Late.FLAG ? config.lateField() : null);
    RowWriter rows =
        config.output() == WindowedFeaturesConfig.Output.MERGED
            ? new MergedRows(output.declared())
            : new FeatureRows(config.key(), config.clock(), output.declared());
    return new EventLogic<>(
        new Label("WindowedFeatures", "windowed-features", "features", first),
        new EventReader(config.key(), config.operations(), config.missingKey()),
        config.clock(),
        new WindowComputation(
            plan, config.maxKeys(), output, config.late() == WindowedFeaturesConfig.Late.DROP),
        rows);
  }
}
