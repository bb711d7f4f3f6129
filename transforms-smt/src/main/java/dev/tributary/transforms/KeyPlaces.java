package dev.tributary.transforms;

import dev.tributary.transforms.features.WindowCounts;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices keys whose events come in more than one partition of a topic, and tells it once. */
final class KeyPlaces {
  private static final Logger LOG = LoggerFactory.getLogger(KeyPlaces.class);

  private final String transform;
  private final Map<String, Map<TopicPartition, WindowCounts>> topics = new HashMap<>();
  private long scattered;

  KeyPlaces(String transform) {
    this.transform = transform;
  }

  void add(TopicPartition partition, WindowCounts counts) {
    topics.computeIfAbsent(partition.topic(), t -> new HashMap<>()).put(partition, counts);
  }

  void remove(TopicPartition partition) {
    Map<TopicPartition, WindowCounts> places = topics.get(partition.topic());
    if (places != null) {
      places.remove(partition);
    }
  }

  /** A key has its first event in a partition. */
  void appeared(Object key, TopicPartition partition) {
    Map<TopicPartition, WindowCounts> places = topics.get(partition.topic());
    if (places.size() == 1) {
      return;
    }
    places.forEach(
        (place, counts) -> {
          if (!place.equals(partition) && counts.knows(key) && scattered++ == 0) {
            LOG.warn(
                "{}: the events of one key are in partitions {} and {} of topic '{}', and each"
                    + " partition counts its own only. Key the topic by this field: with the"
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
    return scattered;
  }
}
