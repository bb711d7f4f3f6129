package dev.tributary.endtoend;

import dev.tributary.stack.KafkaBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/** A topic that keeps what is written to it for ever, and its one writer. */
final class TestTopic implements AutoCloseable {
  private final String name;
  private final KafkaProducer<String, String> producer;
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  private TestTopic(String name, KafkaProducer<String, String> producer) {
    this.name = name;
    this.producer = producer;
  }

  static TestTopic create(KafkaBroker broker, String name, int partitions)
      throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      NewTopic topic = new NewTopic(name, partitions, (short) 1);
      admin.createTopics(List.of(topic.configs(Map.of("retention.ms", "-1")))).all().get();
    }
    return new TestTopic(
        name,
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", "5"),
            new StringSerializer(),
            new StringSerializer()));
  }

  void send(int partition, Long timestamp, String key, String value) {
    sent.add(producer.send(new ProducerRecord<>(name, partition, timestamp, key, value)));
  }

  /** Where the record sent last got to. */
  RecordMetadata last() throws ExecutionException, InterruptedException {
    return sent.get(sent.size() - 1).get();
  }

  /** Returns once all that was sent is in the topic. */
  void flush() throws ExecutionException, InterruptedException {
    producer.flush();
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
    sent.clear();
  }

  @Override
  public void close() {
    producer.close();
  }
}
