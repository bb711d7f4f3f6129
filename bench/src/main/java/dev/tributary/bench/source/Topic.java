package dev.tributary.bench.source;

import dev.tributary.stack.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A topic of one partition whose records are stamped by the broker when they arrive, so that the
 * first and the last tell how long the source took.
 */
final class Topic implements AutoCloseable {
  private final Admin admin;
  private final TopicPartition partition;
  private final KafkaConsumer<byte[], byte[]> consumer;

  Topic(Admin admin, String servers, String name) throws Exception {
    this.admin = admin;
    this.partition = new TopicPartition(name, 0);
    Map<String, String> settings = Map.of("message.timestamp.type", "LogAppendTime");
    admin.createTopics(List.of(new NewTopic(name, 1, (short) 1).configs(settings))).all().get();
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    consumer.assign(Set.of(partition));
  }

  /** The only one. */
  TopicPartition partition() {
    return partition;
  }

  /** How many records it holds. */
  long count() {
    return consumer.endOffsets(Set.of(partition)).get(partition);
  }

  /** Waits until it holds so many. */
  void await(long records, Duration within) {
    Await.until(
        records + " records in " + partition.topic(), within, this::count, n -> n >= records);
  }

  /** Records a second, from the arrival of the first to that of the last. */
  double rate(long records) {
    if (count() != records) {
      throw new IllegalStateException(
          "%s holds %d records in place of %d".formatted(partition.topic(), count(), records));
    }
    long ms = arrival(records - 1) - arrival(0);
    return records / (Math.max(1, ms) / 1000.0);
  }

  /** When the record arrived, in epoch milliseconds. */
  long arrival(long offset) {
    return record(offset).timestamp();
  }

  /** How long a record is on the wire, without its batch. */
  int size(long offset) {
    ConsumerRecord<byte[], byte[]> record = record(offset);
    return record.serializedKeySize() + record.serializedValueSize();
  }

  private ConsumerRecord<byte[], byte[]> record(long offset) {
    consumer.seek(partition, offset);
    return Await.until(
            "a record of " + partition.topic(),
            Duration.ofSeconds(60),
            () -> consumer.poll(Duration.ofSeconds(1)).records(partition),
            records -> !records.isEmpty())
        .get(0);
  }

  @Override
  public void close() {
    consumer.close();
    admin
        .deleteTopics(List.of(partition.topic()))
        .all()
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }
}
