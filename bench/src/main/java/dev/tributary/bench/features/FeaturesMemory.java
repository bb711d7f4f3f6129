package dev.tributary.bench.features;

import dev.tributary.bench.features.Topologies.Store;
import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import dev.tributary.stack.KafkaBroker;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The heap that windows take, by what is alive before and after they are filled. */
public final class FeaturesMemory implements Benchmark {
  private static final int EVENTS_PER_KEY = 10;
  private static final double TEN_MINUTES_MS = 600_000;
  private static final String TOPIC = "memory";
  private static final String UNIT = "bytes/key";

  @Override
  public String name() {
    return "features-memory";
  }

  @Override
  public String sentence() {
    return "Bytes of heap for each of a million keys (100,000 with --quick) with three counts, a total and"
        + " ten events within ten minutes, beside Kafka Streams in memory.";
  }

  @Override
  public void run(Run run) throws Exception {
    int keys = run.size(100_000, 1_000_000);
    int events = keys * EVENTS_PER_KEY;
    try (KafkaBroker broker = KafkaBroker.start()) {
      run.say("writing %,d events for Kafka Streams", events);
      StreamsInput.write(broker, TOPIC, events(keys), events);
      Map<String, Figure> figures =
          new Contest(run, name(), UNIT)
              .warmups(0) // memory needs none
              .rounds(run.quick() ? 3 : 2)
              .contestant(Figure.OURS, n -> ours(keys, events))
              .contestant("kafka-streams-memory", n -> streams(broker, keys, events))
              .go();
      run.compare(
          name(),
          Better.LOWER,
          figures.get(Figure.OURS),
          figures.get("kafka-streams-memory"),
          null);
    }
    run.note("Wanted of ours: at most 400 bytes. Kafka Streams keeps no total here.");
  }

  /** All of a key's events within ten minutes, so that every window but the shortest holds them. */
  private static EventStructs events(int keys) {
    return new EventStructs(keys, TEN_MINUTES_MS / (keys * (double) EVENTS_PER_KEY));
  }

  private static Measurement ours(int keys, int events) {
    long before = live();
    EventStructs structs = events(keys);
    try (TransformChain chain = TransformChain.features(TransformChain.COUNTS, Map.of())) {
      for (int i = 0; i < events; i++) {
        chain.apply(structs.next());
      }
      return Measurement.of((live() - before) / (double) keys);
    }
  }

  private static Measurement streams(KafkaBroker broker, int keys, int events) throws Exception {
    Path state = Files.createTempDirectory("bench-streams");
    double reading = grown(broker, false, events, state);
    double all = grown(broker, true, events, state);
    StateFolder.delete(state);
    return Measurement.of((all - reading) / keys)
        .with("bytes of an application that only reads", reading);
  }

  private static double grown(KafkaBroker broker, boolean counts, int events, Path state)
      throws Exception {
    long before = live();
    try (StreamsApplication application =
        new StreamsApplication(
            broker,
            TOPIC,
            counts ? Topologies.counts(Store.MEMORY, false) : Topologies.nothing(),
            0,
            events,
            state)) {
      application.await();
      return live() - before;
    }
  }

  /** After full collections; a second one also gets what the first has only unlinked. */
  private static long live() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
