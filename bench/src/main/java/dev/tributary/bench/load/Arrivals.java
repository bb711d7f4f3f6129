package dev.tributary.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that keeps when the row of each number reached it. {@link #run} has its own thread,
 * and starts with what is produced after it; {@link #ready} tells when that is.
 */
public final class Arrivals implements Runnable {
  private final Map<String, Object> settings;
  private final Collection<TopicPartition> partitions;
  private final NumberOf numberOf;
  private final long[] arrivedAt;
  private final AtomicInteger arrived = new AtomicInteger();
  private final CountDownLatch ready = new CountDownLatch(1);
  private volatile boolean stopped;

  /** Reads a row's number out of its record. */
  @FunctionalInterface
  public interface NumberOf {
    /** The number; anything outside of 0 to the rows' count for a record of something else. */
    long of(byte[] value) throws IOException;
  }

  /**
   * Not started yet.
   *
   * @param settings of the consumer, with {@code bootstrap.servers}
   */
  public Arrivals(
      Map<String, Object> settings,
      Collection<TopicPartition> partitions,
      int rows,
      NumberOf numberOf) {
    this.settings = settings;
    this.partitions = partitions;
    this.numberOf = numberOf;
    this.arrivedAt = new long[rows];
  }

  @Override
  public void run() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
      ready.countDown();
      while (!complete() && !stopped) {
        var records = consumer.poll(Duration.ofMillis(200));
        long now = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : records) {
          long number = numberOf.of(record.value());
          if (number >= 0 && number < arrivedAt.length && arrivedAt[(int) number] == 0) {
            arrivedAt[(int) number] = now;
            arrived.incrementAndGet();
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it in a thread of its own, and returns when it would see what is produced. */
  public Thread start() throws InterruptedException {
    Thread thread = new Thread(this, "arrivals");
    thread.setDaemon(true);
    thread.start();
    ready.await();
    return thread;
  }

  /** Whether all have arrived. */
  public boolean complete() {
    return arrived.get() >= arrivedAt.length;
  }

  /** Ends {@link #run} before all have arrived. */
  public void stop() {
    stopped = true;
  }

  /**
   * From departure to here, in microseconds, without the first rows.
   *
   * @param left when a row did, by {@link System#nanoTime}: its commit, mostly
   */
  public Histogram latencies(IntToLongFunction left, int without) {
    Histogram histogram = new Histogram(3);
    for (int row = without; row < arrivedAt.length; row++) {
      histogram.recordValue(latencyMicros(left, row));
    }
    return histogram;
  }

  /** Of one row. */
  public long latencyMicros(IntToLongFunction left, int row) {
    return latency(left, row) / 1_000;
  }

  private long latency(IntToLongFunction left, int row) {
    return Math.max(0, arrivedAt[row] - left.applyAsLong(row));
  }

  /** The row that took longest, without the first rows: by how much, and when after the first. */
  public String slowest(IntToLongFunction left, int without) {
    int slowest = without;
    for (int row = without; row < arrivedAt.length; row++) {
      if (latency(left, row) > latency(left, slowest)) {
        slowest = row;
      }
    }
    return "slowest %.0f ms, %.1f s after the first"
        .formatted(
            latency(left, slowest) / 1e6, (left.applyAsLong(slowest) - left.applyAsLong(0)) / 1e9);
  }
}
