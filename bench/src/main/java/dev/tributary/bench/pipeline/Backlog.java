package dev.tributary.bench.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of user events as JSON rows without schemas, each user in one partition. */
final class Backlog {
  private static final int USERS = 10_000;
  private static final long STEP_MS = 1;

  private Backlog() {}

  /** The user of a partition's last event, who has no other. */
  static int lastUser(int partition) {
    return USERS + partition;
  }

  static void write(String servers, String topic, int partitions, int events) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }
    AtomicReference<Exception> failure = new AtomicReference<>();
    long start = System.currentTimeMillis() - events * STEP_MS;
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers, "linger.ms", 20, "batch.size", 1 << 18),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int n = 0; n < events + partitions; n++) {
        int partition = n < events ? (int) (n * 7_919L % USERS) % partitions : n - events;
        int user = n < events ? (int) (n * 7_919L % USERS) : lastUser(partition);
        long time = start + n * STEP_MS;
        var unused =
            producer.send(
                new ProducerRecord<>(topic, partition, time, bytes(user), row(n, user, time)),
                (sent, e) -> failure.compareAndSet(null, e));
      }
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private static byte[] bytes(int user) {
    return Integer.toString(user).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] row(int n, int user, long time) {
    return String.format(
            Locale.ROOT,
            "{\"id\":%d,\"user_id\":%d,\"event_type\":\"purchase\",\"ts\":%d,\"amount\":%.2f,\"engagement\":%.3f}",
            n,
            user,
            time,
            n % 1_000 / 100.0,
            n % 77 / 77.0)
        .getBytes(StandardCharsets.UTF_8);
  }
}
