package dev.tributary.transforms;

import dev.tributary.common.metrics.Metrics;
import dev.tributary.transforms.state.Usage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a transform with state shows over JMX, such as {@code
 * tributary.transforms:type=windowed-features-metrics,connector=C,task=T,features=F}, where F is
 * the name of its first feature.
 */
final class EventMetrics implements AutoCloseable {
  private final Label label;
  private final Computation<?> computation;
  private final Usage usage;
  private final KeyPlaces places;
  private final AtomicLong replayed = new AtomicLong();
  private Metrics metrics;

  EventMetrics(Label label, Computation<?> computation, Usage usage, KeyPlaces places) {
    this.label = label;
    this.computation = computation;
    this.usage = usage;
    this.places = places;
  }

  /** Begins to show them; on the task's thread, whose logging context names the task. */
  void register() {
    if (metrics != null) {
      return;
    }
    Metrics.Builder builder =
        label
            .metrics()
            .count("Keys", "Keys whose state is held", usage::keys)
            .count("Late", "Events that were late", usage::late)
            .count("Replayed", "Records that came again and changed nothing", replayed::get)
            .count("Evicted", "Keys forgotten as there were more than max.keys", usage::evicted)
            .count(
                "MisplacedKeys",
                "Keys that were seen in another partition than before",
                places::scattered);
    computation.show(builder, usage);
    metrics = builder.register();
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
