package dev.tributary.bench.features;

import dev.tributary.bench.harness.Measurement;
import dev.tributary.stack.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.kafka.streams.kstream.KStream;

/**
 * Kafka Streams over a topic, measured by the processor time of its thread for each record, less
 * what reading the topic alone takes: ours, measured from Structs, does not read either.
 */
final class StreamsPeer {
  private final KafkaBroker broker;
  private final String topic;
  private final int from;
  private final int until;

  /**
   * A peer.
   *
   * @param from how many records of the topic fill the windows, unmeasured
   * @param until up to which record it is measured
   */
  StreamsPeer(KafkaBroker broker, String topic, int from, int until) {
    this.broker = broker;
    this.topic = topic;
    this.from = from;
    this.until = until;
  }

  /** Records a second of processor time, beyond reading. */
  Measurement measure(Consumer<KStream<Long, byte[]>> topology) throws Exception {
    StreamsApplication.Timing reading = time(Topologies.nothing());
    StreamsApplication.Timing all = time(topology);
    return Measurement.of(1 / Math.max(1e-9, all.cpuSeconds() - reading.cpuSeconds()))
        .with("records/s on the clock, with reading", 1 / all.wallSeconds())
        .with("records/s of processor time, with reading", 1 / all.cpuSeconds());
  }

  private StreamsApplication.Timing time(Consumer<KStream<Long, byte[]>> topology)
      throws Exception {
    Path state = Files.createTempDirectory("bench-streams");
    try (StreamsApplication application =
        new StreamsApplication(broker, topic, topology, from, until, state)) {
      return application.await();
    } finally {
      StateFolder.delete(state);
    }
  }
}
