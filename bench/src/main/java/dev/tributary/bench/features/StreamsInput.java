package dev.tributary.bench.features;

import dev.tributary.stack.KafkaBroker;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;

/**
 * A topic of one partition with the events that the transforms get, in the form that costs Kafka
 * Streams least: an eight-byte key, three numbers as the value, the event's time as the record's.
 */
final class StreamsInput {
  private StreamsInput() {}

  /** Writes the topic. */
  static void write(KafkaBroker broker, String topic, EventStructs events, int count)
      throws InterruptedException, ExecutionException {
    Map<String, Object> servers = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (Admin admin = Admin.create(servers)) {
      NewTopic created = new NewTopic(topic, 1, (short) 1);
      // the events are older than what a broker keeps by default
      admin.createTopics(List.of(created.configs(Map.of("retention.ms", "-1")))).all().get();
    }
    AtomicReference<Exception> failure = new AtomicReference<>();
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(), "linger.ms", 20, "batch.size", 1 << 18);
    try (KafkaProducer<Long, byte[]> producer =
        new KafkaProducer<>(settings, new LongSerializer(), new ByteArraySerializer())) {
      for (long n = 0; n < count; n++) {
        var record =
            new ProducerRecord<>(topic, 0, events.timeMs(n), events.key(n), numbers((double) n));
        var unused = producer.send(record, (sent, e) -> failure.compareAndSet(null, e));
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("the input could not be written", failure.get());
    }
  }

  private static byte[] numbers(double n) {
    return ByteBuffer.allocate(3 * Double.BYTES)
        .putDouble(n % 1_000 / 10)
        .putDouble(n % 777 / 777)
        .putDouble(n % 60)
        .array();
  }
}
