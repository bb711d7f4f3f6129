package dev.tributary.bench.features;

import dev.tributary.bench.features.Topologies.Store;
import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import dev.tributary.stack.KafkaBroker;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.kafka.streams.kstream.KStream;

/** Windowed counts, with or without z-scores behind them, for each second of one core. */
public final class Features implements Benchmark {
  private static final int KEYS = 10_000;
  private static final String UNIT = "records/cpu-s";
  private static final String ALONE = "output-record-alone";
  private static final String ALLOCATED_UNIT = "bytes/record";
  private static final String TOPIC = "events";

  private final String name;
  private final String sentence;
  private final BiFunction<Store, Boolean, Consumer<KStream<Long, byte[]>>> topology;
  private final Double wantedInMemory;

  private Features(
      String name,
      String sentence,
      BiFunction<Store, Boolean, Consumer<KStream<Long, byte[]>>> topology,
      Double wantedInMemory) {
    this.name = name;
    this.sentence = sentence;
    this.topology = topology;
    this.wantedInMemory = wantedInMemory;
  }

  /** Three counts and a total. */
  public static Features counts() {
    return new Features(
        "features",
        "WindowedFeatures: counts over 1 m, 5 m, 1 h (sliding) and in total, of 10,000 keys, on one"
            + " core, beside Kafka Streams with three tumbling windows.",
        Topologies::counts,
        10.0);
  }

  /** With z-scores. */
  public static Features zScores() {
    return new Features(
        "zscore",
        "The same with ZScoreFlag behind it, on three fields over the last 100 values, beside Kafka"
            + " Streams with a processor of the same arithmetic.",
        Topologies::zScores,
        null);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String sentence() {
    return sentence;
  }

  @Override
  public void run(Run run) throws Exception {
    int inMemory = run.size(500_000, 3_000_000);
    int onDisk = run.size(50_000, 300_000);
    Map<String, String> chain = Map.of("chain", name);
    JmhRound ours = new JmhRound(run, FeaturesJmh.class, "transform", chain);
    JmhRound output = new JmhRound(run, FeaturesJmh.class, "outputAlone", chain);
    try (KafkaBroker broker = KafkaBroker.start()) {
      run.say("writing %,d events for Kafka Streams", inMemory);
      StreamsInput.write(broker, TOPIC, new EventStructs(KEYS, 1.0), inMemory);
      StreamsPeer memory = new StreamsPeer(broker, TOPIC, inMemory / 5, inMemory);
      StreamsPeer disk = new StreamsPeer(broker, TOPIC, onDisk / 5, onDisk);
      boolean cached = cachesBetter(run, memory);
      Map<String, Figure> figures =
          new Contest(run, name, UNIT)
              .warmups(0) // JMH warms up by itself, and Kafka Streams has just run twice
              .contestant(
                  Figure.OURS, n -> apart(n == 1 ? ours.measureAndProfile(name) : ours.measure()))
              .contestant(
                  "kafka-streams-memory", n -> memory.measure(topology.apply(Store.MEMORY, cached)))
              .contestant(
                  "kafka-streams-rocksdb", n -> disk.measure(topology.apply(Store.ROCKSDB, true)))
              .go();
      Figure our = figures.get(Figure.OURS);
      run.compare(name, Better.HIGHER, our, figures.get("kafka-streams-memory"), wantedInMemory);
      run.compare(name, Better.HIGHER, our, figures.get("kafka-streams-rocksdb"), null);
      compareAllocation(run, output);
    }
    run.note(
        "Both sides count processor time of the one thread that does the work. Kafka Streams' time"
            + " for reading the topic is measured on its own and left out, as ours is measured from"
            + " Structs. Kafka Streams has no changelog here, and its windows tumble; ours slide.");
  }

  /** In memory a cache may help or cost: the better way is the one compared. */
  private boolean cachesBetter(Run run, StreamsPeer memory) throws Exception {
    double with = memory.measure(topology.apply(Store.MEMORY, true)).value();
    double without = memory.measure(topology.apply(Store.MEMORY, false)).value();
    run.say("Kafka Streams in memory: %,.0f with a cache, %,.0f without", with, without);
    run.fact("Kafka Streams in memory", with > without ? "with caching" : "without caching");
    return with > without;
  }

  /** What is allocated is a figure of its own. */
  private Measurement apart(Measurement measured) {
    return Measurement.of(measured.value(), measured.processes())
        .with(JmhRound.ON_THE_CLOCK, measured.more().get(JmhRound.ON_THE_CLOCK))
        .and(allocation(), ALLOCATED_UNIT, measured.more().get(JmhRound.ALLOCATED));
  }

  private String allocation() {
    return name + "-allocation";
  }

  private void compareAllocation(Run run, JmhRound output) throws Exception {
    double alone = output.measure().more().get(JmhRound.ALLOCATED);
    run.figure(allocation(), ALONE, ALLOCATED_UNIT, alone);
    run.compare(allocation(), Better.LOWER, ALONE, null);
  }
}
