package dev.tributary.bench.features;

import dev.tributary.stack.KafkaBroker;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;

/**
 * A Kafka Streams application with one thread that reads a topic from its beginning, and a
 * stopwatch on that thread.
 */
final class StreamsApplication implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final long PATIENCE_S = 900;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Stopwatch stopwatch;
  private final KafkaStreams streams;
  private volatile Throwable failure;

  /**
   * Starts it.
   *
   * @param from how many records are not measured, so that windows are filled first
   * @param until at which record the measurement ends
   */
  StreamsApplication(
      KafkaBroker broker,
      String topic,
      Consumer<KStream<Long, byte[]>> topology,
      int from,
      int until,
      Path stateFolder) {
    stopwatch = new Stopwatch(from, until, done);
    StreamsBuilder builder = new StreamsBuilder();
    KStream<Long, byte[]> stream =
        builder.stream(topic, Consumed.with(Serdes.Long(), Serdes.ByteArray()))
            .peek((key, value) -> stopwatch.record());
    topology.accept(stream);
    streams = new KafkaStreams(builder.build(), settings(broker, stateFolder));
    streams.setUncaughtExceptionHandler(
        thrown -> {
          failure = thrown;
          done.countDown();
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.start();
  }

  private static Properties settings(KafkaBroker broker, Path stateFolder) {
    Properties settings = new Properties();
    settings.put("application.id", "bench-" + NUMBER.incrementAndGet() + "-" + System.nanoTime());
    settings.put("bootstrap.servers", broker.bootstrapServers());
    settings.put("num.stream.threads", "1");
    settings.put("auto.offset.reset", "earliest");
    settings.put("commit.interval.ms", "30000");
    settings.put("statestore.cache.max.bytes", Long.toString(64L << 20));
    settings.put("buffered.records.per.partition", "10000");
    settings.put("max.poll.records", "10000");
    settings.put("fetch.max.bytes", Integer.toString(50 << 20));
    settings.put("max.partition.fetch.bytes", Integer.toString(10 << 20));
    settings.put("state.dir", stateFolder.toString());
    return settings;
  }

  /** Waits for the last record. */
  Timing await() throws InterruptedException {
    if (!done.await(PATIENCE_S, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Kafka Streams did not finish in " + PATIENCE_S + " s");
    }
    if (failure != null) {
      throw new IllegalStateException("Kafka Streams has failed", failure);
    }
    return stopwatch.timing();
  }

  @Override
  public void close() {
    streams.close(Duration.ofSeconds(30));
  }

  /**
   * How long the records took.
   *
   * @param cpuSeconds processor time of the stream thread for each record
   * @param wallSeconds time on the clock for each record
   */
  record Timing(double cpuSeconds, double wallSeconds) {}

  /** Written by the stream thread, read once the latch is down. */
  private static final class Stopwatch {
    private final int from;
    private final int until;
    private final CountDownLatch done;
    private int seen;
    private long cpuBefore;
    private long cpuAfter;
    private long wallBefore;
    private long wallAfter;

    Stopwatch(int from, int until, CountDownLatch done) {
      this.from = from;
      this.until = until;
      this.done = done;
    }

    void record() {
      if (seen == from) {
        cpuBefore = cpu();
        wallBefore = System.nanoTime();
      }
      seen++;
      if (seen == until) {
        cpuAfter = cpu();
        wallAfter = System.nanoTime();
        done.countDown();
      }
    }

    private static long cpu() {
      return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    Timing timing() {
      double records = until - from - 1;
      return new Timing(
          (cpuAfter - cpuBefore) / 1e9 / records, (wallAfter - wallBefore) / 1e9 / records);
    }
  }
}
