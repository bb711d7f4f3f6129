package dev.tributary.common.error;

import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;

/** Where a record comes from, for error messages; never what is in it. */
public final class Coordinates {
  private Coordinates() {}

  /**
   * {@code topic 'orders', partition 3, offset 42} for a sink record, in the terms of the topic it
   * was read from; {@code topic 'orders', source offset {...}} for a source record.
   */
  public static String of(ConnectRecord<?> record) {
    if (record instanceof SinkRecord sink) {
      return "topic '"
          + sink.originalTopic()
          + "', partition "
          + sink.originalKafkaPartition()
          + ", offset "
          + sink.originalKafkaOffset();
    }
    if (record instanceof SourceRecord source) {
      return "topic '" + source.topic() + "', source offset " + source.sourceOffset();
    }
    return "topic '" + record.topic() + "', partition " + record.kafkaPartition();
  }
}
