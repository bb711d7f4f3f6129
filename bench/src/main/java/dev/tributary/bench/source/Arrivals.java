package dev.tributary.bench.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.bench.load.CommitClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that keeps when the row of each number reached it. {@link #run} has its own thread.
 */
final class Arrivals implements Runnable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String servers;
  private final TopicPartition partition;
  private final long[] arrivedAt;
  private final AtomicInteger arrived = new AtomicInteger();
  private volatile boolean stopped;

  Arrivals(String servers, TopicPartition partition, int rows) {
    this.servers = servers;
    this.partition = partition;
    this.arrivedAt = new long[rows];
  }

  @Override
  public void run() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(Set.of(partition));
      while (arrived.get() < arrivedAt.length && !stopped) {
        var records = consumer.poll(Duration.ofMillis(200));
        long now = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          arrivedAt[number(record.value())] = now;
          arrived.incrementAndGet();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int number(byte[] value) throws IOException {
    JsonNode event = JSON.readTree(value);
    return event.path("after").path("user_id").asInt();
  }

  /** Whether all have arrived. */
  boolean complete() {
    return arrived.get() >= arrivedAt.length;
  }

  void stop() {
    stopped = true;
  }

  /** From commit to here, in microseconds, without the first rows. */
  Histogram latencies(CommitClock commits, int without) {
    Histogram histogram = new Histogram(3);
    for (int row = without; row < arrivedAt.length; row++) {
      histogram.recordValue(Math.max(0, arrivedAt[row] - commits.committedAt(row)) / 1_000);
    }
    return histogram;
  }
}
