package dev.tributary.transforms;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices keys whose events come in more than one partition of a topic, and tells it once.
 *
 * @param <S> what holds the keys of one partition
 */
final class KeyPlaces<S> {
  private static final Logger LOG = LoggerFactory.getLogger(KeyPlaces.class);

  private final String transform;
  private final BiPredicate<S, Object> knows;
  private final Map<String, Map<TopicPartition, S>> topics = new HashMap<>();

  /** Read by JMX clients. */
  private final AtomicLong scattered = new AtomicLong();

  /**
   * @param knows whether a key is held
   */
  KeyPlaces(String transform, BiPredicate<S, Object> knows) {
    this.transform = transform;
    this.knows = knows;
  }

  void add(TopicPartition partition, S state) {
    topics.computeIfAbsent(partition.topic(), t -> new HashMap<>()).put(partition, state);
  }

  /** The state of a partition is dropped; gives it, or null if there was none. */
  S remove(TopicPartition partition) {
    Map<TopicPartition, S> places = topics.get(partition.topic());
    return places == null ? null : places.remove(partition);
  }

  /** A key has its first event in a partition. */
  void appeared(Object key, TopicPartition partition) {
    Map<TopicPartition, S> places = topics.get(partition.topic());
    if (places.size() == 1) {
      return;
    }
    places.forEach(
        (place, state) -> {
          if (!place.equals(partition)
              && knows.test(state, key)
              && scattered.getAndIncrement() == 0) {
            LOG.warn(
                "{}: the events of one key are in partitions {} and {} of topic '{}', and each"
                    + " partition state its own only. Key the topic by this field: with the"
                    + " source's message.key.columns, or as the producer does. Further keys are"
                    + " only counted",
                transform,
                place.partition(),
                partition.partition(),
                partition.topic());
          }
        });
  }

  /** How often that was seen. */
  long scattered() {
    return scattered.get();
  }
}
