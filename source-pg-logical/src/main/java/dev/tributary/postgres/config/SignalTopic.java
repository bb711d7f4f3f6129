package dev.tributary.postgres.config;

import java.util.Map;

/**
 * The topic that signals are taken from.
 *
 * @param key of the records that are for this connector
 * @param consumer further settings of the consumer
 */
public record SignalTopic(
    String topic, String servers, String group, String key, Map<String, Object> consumer) {
  public SignalTopic {
    consumer = Map.copyOf(consumer);
  }
}
