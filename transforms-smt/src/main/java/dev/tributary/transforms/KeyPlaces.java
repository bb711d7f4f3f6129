package dev.tributary.transforms;

import dev.tributary.transforms.state.KeyedState;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which state is whose partition's. Notices keys whose events come in more than one partition of a
 * topic, and tells it once.
 */
final class KeyPlaces {
  private static final Logger LOG = LoggerFactory.getLogger(KeyPlaces.class);

  private final String transform;
  private final IdentityHashMap<KeyedState, TopicPartition> places = new IdentityHashMap<>();

  /** Read by JMX clients. */
  private final AtomicLong scattered = new AtomicLong();

  KeyPlaces(String transform) {
    this.transform = transform;
  }

  /** The partition's state from now on; the one it had is dropped. */
  void add(TopicPartition partition, KeyedState state) {
    Optional<KeyedState> before =
        places.keySet().stream().filter(s -> places.get(s).equals(partition)).findFirst();
    before.ifPresent(this::remove);
    places.put(state, partition);
  }

  /** A state is dropped. */
  void remove(KeyedState state) {
    if (places.remove(state) != null) {
      state.close();
    }
  }

  /** A state has taken in a key that it did not hold. */
  void appeared(Object key, KeyedState in) {
    if (places.size() == 1) {
      return;
    }
    TopicPartition here = places.get(in);
    places.forEach(
        (state, there) -> {
          if (state != in
              && there.topic().equals(here.topic())
              && state.knows(key)
              && scattered.getAndIncrement() == 0) {
            LOG.warn(
                "{}: the events of one key are in partitions {} and {} of topic '{}', and each"
                    + " partition state its own only. Key the topic by this field: with the"
                    + " source's message.key.columns, or as the producer does. Further keys are"
                    + " only counted",
                transform,
                there.partition(),
                here.partition(),
                here.topic());
          }
        });
  }

  /** How often that was seen. */
  long scattered() {
    return scattered.get();
  }
}
