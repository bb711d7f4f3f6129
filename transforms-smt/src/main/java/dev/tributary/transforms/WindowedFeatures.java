package dev.tributary.transforms;

import dev.tributary.common.Versions;
import dev.tributary.transforms.chain.Membership;
import dev.tributary.transforms.features.WindowPlan;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Adds features to each event: how many events its key has had in sliding windows of event time,
 * and in total.
 *
 * <p><b>What a window holds.</b> Time is cut into tiles of width w ({@code tile}); tile(t) =
 * floor(t / w). For an event at time t a window of length W holds those events e of its key with
 * tile(t) - ceil(W / w) &lt; tile(e) &lt;= tile(t) which stand at or before it in its partition,
 * itself included. With tiles of 1 ms that is exactly (t - W, t]. An event out of order is seen
 * from its own time; newer ones do not count in it. {@code over all} counts every event of the key
 * so far.
 *
 * <p><b>Late events.</b> An event older than the newest of its partition by more than {@code grace}
 * counts in no window, then or later; in {@code over all} it does.
 *
 * <p><b>What comes out</b> is flat: see {@code output} in {@link WindowedFeaturesConfig}. Features
 * are INT64, and null in late events. Tombstones pass untouched.
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
  private final Membership<WindowState> membership = new Membership<>(this::configured);
  private WindowLogic logic;

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
    if (logic != null) {
      logic.close();
    }
  }

  private Membership.Configured<WindowState> configured(Map<String, ?> settings) {
    WindowedFeaturesConfig config = new WindowedFeaturesConfig(settings);
    logic = logic(config);
    return new Membership.Configured<>(logic, config.restore());
  }

  static WindowLogic logic(WindowedFeaturesConfig config) {
    WindowPlan plan = config.plan();
    FeatureOutput output =
        new FeatureOutput(
            plan.features(),
            config.late() == WindowedFeaturesConfig.Late.FLAG ? config.lateField() : null);
    RowWriter rows =
        config.output() == WindowedFeaturesConfig.Output.MERGED
            ? new MergedRows(output.declared())
            : new FeatureRows(config.key(), config.clock(), output.declared());
    return new WindowLogic(
        new EventReader(config.key(), config.operations(), config.missingKey()),
        config.clock(),
        plan,
        config.maxKeys(),
        output,
        config.late() == WindowedFeaturesConfig.Late.DROP,
        rows);
  }
}
