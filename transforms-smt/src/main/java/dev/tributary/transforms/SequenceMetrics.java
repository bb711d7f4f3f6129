package dev.tributary.transforms;

import dev.tributary.common.metrics.Metrics;
import dev.tributary.transforms.sequence.SequenceUsage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What {@link SequenceFlag} shows over JMX: {@code
 * tributary.transforms:type=sequence-flag-metrics,connector=C,task=T,patterns=P}, where P is the
 * name of its first pattern.
 */
final class SequenceMetrics implements AutoCloseable {
  private final String firstPattern;
  private final SequenceUsage usage;
  private final KeyPlaces<?> places;
  private final AtomicLong replayed = new AtomicLong();
  private Metrics metrics;

  SequenceMetrics(String firstPattern, SequenceUsage usage, KeyPlaces<?> places) {
    this.firstPattern = firstPattern;
    this.usage = usage;
    this.places = places;
  }

  /** Begins to show them; on the task's thread, whose logging context names the task. */
  void register() {
    if (metrics != null) {
      return;
    }
    metrics =
        TaskMetrics.of("sequence-flag-metrics")
            .tag("patterns", firstPattern)
            .count("Keys", "Keys whose state is held", usage::keys)
            .count("Events", "Events kept for what may come before them", usage::events)
            .count("Late", "Events that were late", usage::late)
            .count(
                "Dropped",
                "Events out of order left out of a pattern, as more than max.events were newer",
                usage::dropped)
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
