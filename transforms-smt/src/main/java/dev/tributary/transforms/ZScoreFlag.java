package dev.tributary.transforms;

import dev.tributary.common.Versions;
import dev.tributary.transforms.chain.Membership;
import dev.tributary.transforms.zscore.ZScores;
import dev.tributary.transforms.zscore.ZScoring;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Flags events whose values lie far from the last values of their key.
 *
 * <p><b>Score.</b> Per key and field the last N values or those of the last T are kept ({@code
 * window}). A value v is scored against those before it; then it takes its place among them,
 * flagged or not. With method {@code zscore} its score is (v - mean) / deviation, with the
 * population standard deviation, exact and rounded once to the nearest double; {@code robust} takes
 * median and MAD, {@code ewma} exponential weights, {@code page_hinkley} sums deviations to find a
 * level that has moved. It is an anomaly if the score is further from 0 than the threshold. Fewer
 * than {@code min.samples} values give no score.
 *
 * <p>A window of time holds, for an event at time t, the key's values that stand before it in its
 * partition and whose time is in (t - T, t]. An event older than the newest of its partition by
 * more than {@code grace} is neither scored nor kept.
 *
 * <p><b>Edges.</b> Null, missing, NaN and infinite values are neither scored nor kept. Where all
 * kept values are equal, an equal value has score 0 and a different one has none: it is not
 * flagged, unless {@code zero.deviation=flag}. Text that is no number, and other types, are an
 * error of this record.
 *
 * <p><b>What comes out</b> is flat, as with {@link WindowedFeatures}: the row, {@code is_anomalous}
 * (boolean), {@code anomalies} (array of feature, value, z_score, threshold), {@code
 * total_anomalies} (INT32: how many fields of this record are flagged) and on demand {@code
 * FIELD_z}.
 *
 * <p><b>After a start, a rebalance or a rewind</b> the state is made from the topic again: from its
 * beginning, or as far as a window of time reaches; behind a {@link WindowedFeatures} the two of
 * them together. Scores are the same to the bit if the topic still holds the window's values; with
 * {@code ewma} and {@code page_hinkley} if it holds all of the key's.
 *
 * @param <R> a sink's or a source's records
 */
public final class ZScoreFlag<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {
  private final Membership<ZScores> membership = new Membership<>(ZScoreFlag::configured);

  /** For Connect. */
  public ZScoreFlag() {}

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
    return ZScoreFlagConfig.CONFIG_DEF;
  }

  @Override
  public String version() {
    return Versions.of(getClass());
  }

  @Override
  public void close() {
    membership.close();
  }

  private static Membership.Configured<ZScores> configured(Map<String, ?> settings) {
    ZScoreFlagConfig config = new ZScoreFlagConfig(settings);
    return new Membership.Configured<>(logic(config), config.restore());
  }

  static EventLogic<ZScores> logic(ZScoreFlagConfig config) {
    ZScoring scoring = config.scoring();
    AnomalyFields output =
        new AnomalyFields(
            config.fields(), config.prefix(), scoring.threshold(), config.addsZScores());
    return new EventLogic<>(
        new Label("ZScoreFlag", "z-score-flag", "fields", config.fields().get(0).toString()),
        new EventReader(config.key(), config.operations(), config.missingKey()),
        scoring.keepsMs().isPresent() ? config.clock() : null,
        new ScoreComputation(config.fields(), scoring, config.maxKeys(), output),
        new MergedRows(output.declared()));
  }
}
