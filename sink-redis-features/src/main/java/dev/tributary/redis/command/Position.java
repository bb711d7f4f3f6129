package dev.tributary.redis.command;

import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Where in the log a record stands, in the terms of the topic it was read from. Positions of one
 * topic and partition are ordered; others are not.
 */
public record Position(String topic, int partition, long offset) {

  /** The position of a record, whatever transforms made of its topic. */
  public static Position of(SinkRecord record) {
    return new Position(
        record.originalTopic(), record.originalKafkaPartition(), record.originalKafkaOffset());
  }

  /** Whether the two come from one topic and partition. */
  public boolean isOrderedWith(Position other) {
    return partition == other.partition && topic.equals(other.topic);
  }
}
