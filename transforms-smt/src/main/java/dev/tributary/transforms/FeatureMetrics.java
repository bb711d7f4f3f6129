package dev.tributary.transforms;

import dev.tributary.common.metrics.Metrics;
import dev.tributary.transforms.features.Usage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What {@link WindowedFeatures} shows over JMX: {@code
 * tributary.transforms:type=windowed-features-metrics,connector=C,task=T,features=F}, where F is
 * the name of its first feature.
 */
final class FeatureMetrics implements AutoCloseable {
  private final String firstFeature;
  private final Usage usage;
  private final KeyPlaces<?> places;
  private final AtomicLong replayed = new AtomicLong();
  private Metrics metrics;

  FeatureMetrics(String firstFeature, Usage usage, KeyPlaces<?> places) {
    this.firstFeature = firstFeature;
    this.usage = usage;
    this.places = places;
  }

  /** Begins to show them; on the task's thread, whose logging context names the task. */
  void register() {
    if (metrics != null) {
      return;
    }
    metrics =
        TaskMetrics.of("windowed-features-metrics")
            .tag("features", firstFeature)
            .count("Keys", "Keys whose state is held", usage::keys)
            .count("Bytes", "About how many bytes of heap the state takes", usage::bytes)
            .count("Late", "Events that were late", usage::late)
            .count("Replayed", "Records that came again and changed nothing", replayed::get)
            .count("Evicted", "Keys forgotten as there were more than max.keys", usage::evicted)
            .count(
                "MisplacedKeys",
                "Keys that were seen in another partition than before",
                places::scattered)
            .register();
  }

  void replayed() {
    replayed.incrementAndGet();
  }

  @Override
  public void close() {
    if (metrics != null) {
      metrics.close();
      metrics = null;
    }
  }
}
