package dev.tributary.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends a row's record at a steady rate, with a producer as Connect sets up a source's, and keeps
 * when it was handed over. So long does a row take that waits for nothing but producer, broker and
 * consumer.
 */
public final class SendClock {
  /** What Connect sets of a source task's producer. */
  private static final Map<String, Object> CONNECT =
      Map.of(
          "acks",
          "all",
          "max.in.flight.requests.per.connection",
          1,
          "enable.idempotence",
          false,
          "delivery.timeout.ms",
          Integer.MAX_VALUE,
          "max.block.ms",
          Long.MAX_VALUE);

  private final String bootstrapServers;
  private final TopicPartition to;
  private final IntFunction<String> record;
  private final double perSecond;
  private final long[] sentAt;

  /**
   * Not started yet.
   *
   * @param record of the row of a number
   */
  public SendClock(
      String bootstrapServers,
      TopicPartition to,
      IntFunction<String> record,
      int rows,
      double perSecond) {
    this.bootstrapServers = bootstrapServers;
    this.to = to;
    this.record = record;
    this.perSecond = perSecond;
    this.sentAt = new long[rows];
  }

  /** Sends all and returns when the broker has them. */
  public void run() throws ExecutionException, InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>(sentAt.length);
    Map<String, Object> settings = new HashMap<>(CONNECT);
    settings.put("bootstrap.servers", bootstrapServers);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.partitionsFor(to.topic());
      long start = System.nanoTime();
      for (int row = 0; row < sentAt.length; row++) {
        byte[] value = record.apply(row).getBytes(UTF_8);
        Pace.await(start + (long) (row / perSecond * 1e9));
        sentAt[row] = System.nanoTime();
        sent.add(producer.send(new ProducerRecord<>(to.topic(), to.partition(), null, value)));
      }
      for (Future<RecordMetadata> record : sent) {
        record.get();
      }
    }
  }

  /** When a row was handed to the producer, by {@link System#nanoTime}. */
  public long sentAt(int row) {
    return sentAt[row];
  }
}
