package dev.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaBrokerTest {
  @Test
  void keepsAddressAndRecordsOverKillStopAndRestart() throws Exception {
    try (KafkaBroker broker = KafkaBroker.start()) {
      String servers = broker.bootstrapServers();
      produce(servers, "first");
      broker.kill();
      broker.restart();
      produce(servers, "second");
      broker.stop();
      broker.restart();
      produce(servers, "third");

      assertThat(consume(servers, 3)).containsExactly("first", "second", "third");
      assertThat(broker.bootstrapServers()).isEqualTo(servers);
    }
  }

  @Test
  void saysInOneLineWhyItDoesNotStart() {
    assertThatThrownBy(() -> KafkaBroker.start(Map.of("log.retention.hours", "for ever")))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("log.retention.hours")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void anAddressInTheEnvironmentWins() throws Exception {
    try (RedisServer anyListener = RedisServer.start()) {
      String servers = "127.0.0.1:" + anyListener.port() + ",127.0.0.1:1";
      Environment environment = new Environment(Map.of(Environment.KAFKA, servers));

      try (KafkaBroker given = KafkaBroker.start(Map.of(), environment)) {
        assertThat(given.bootstrapServers()).isEqualTo(servers);
        assertThat(given.restartable()).isFalse();
        assertThatThrownBy(given::kill).hasMessageContaining(Environment.KAFKA);
      }
    }
  }

  @Test
  void saysThatTheAddressInTheEnvironmentDoesNotAnswer() {
    String servers = "127.0.0.1:" + Ports.free();

    assertThatThrownBy(
            () -> KafkaBroker.start(Map.of(), new Environment(Map.of(Environment.KAFKA, servers))))
        .hasMessageContaining(Environment.KAFKA + " does not answer");
  }

  private static void produce(String servers, String value) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", servers);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("kept", value)).get();
    }
  }

  private static List<String> consume(String servers, int count) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", servers, "group.id", "g", "auto.offset.reset", "earliest");
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("kept"));
      Await.until(
          "the records",
          Duration.ofSeconds(60),
          () -> {
            consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            return values.size();
          },
          size -> size >= count);
    }
    return values;
  }
}
