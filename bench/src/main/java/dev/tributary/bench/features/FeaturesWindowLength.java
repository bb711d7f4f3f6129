package dev.tributary.bench.features;

import dev.tributary.bench.features.Topologies.Store;
import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import dev.tributary.stack.KafkaBroker;
import java.util.List;
import java.util.Map;

/** What a record costs, by how many events the window holds. */
public final class FeaturesWindowLength implements Benchmark {
  private static final double HOUR_MS = 3_600_000;
  private static final String UNIT = "ns/record";

  /** Where Kafka Streams' sliding windows, which touch every window an event is in, end in time. */
  private static final int MOST_FOR_STREAMS = 1_000;

  @Override
  public String name() {
    return "features-window-length";
  }

  @Override
  public String sentence() {
    return "Nanoseconds of processor time for a record, with 1 to 100,000 events of its key in a sliding"
        + " window of an hour, beside Kafka Streams' sliding windows in memory (up to 1,000 events).";
  }

  @Override
  public void run(Run run) throws Exception {
    List<Integer> counts =
        run.quick() ? List.of(1, 100, 100_000) : List.of(1, 10, 100, 1_000, 10_000, 100_000);
    try (KafkaBroker broker = KafkaBroker.start()) {
      Figure first = null;
      Figure last = null;
      for (int events : counts) {
        last = measure(run, broker, events, "1m");
        first = first == null ? last : first;
      }
      flat(run, "features-window-length-flat", last, first);
      Figure exactFirst = measure(run, broker, counts.get(0), "1ms");
      Figure exactLast = measure(run, broker, counts.get(counts.size() - 1), "1ms");
      flat(run, "features-window-length-exact-flat", exactLast, exactFirst);
    }
    run.note(
        "The comparisons called flat are ours with ourselves: the cost with most events in the window"
            + " (ours) beside that with one (peer). A ratio near 1 means that it does not grow.");
  }

  private static void flat(Run run, String name, Figure most, Figure one) {
    Figure peer = run.figure(name, "one-event-in-the-window", UNIT, one.rounds());
    run.compare(name, Better.LOWER, run.figure(name, Figure.OURS, UNIT, most.rounds()), peer, null);
  }

  private Figure measure(Run run, KafkaBroker broker, int events, String tile) throws Exception {
    JmhRound jmh =
        new JmhRound(
            run,
            WindowLengthJmh.class,
            "transform",
            Map.of("events", Integer.toString(events), "tile", tile));
    boolean exact = tile.equals("1ms");
    String what = "window of " + events + " events" + (exact ? ", exact to 1 ms" : "");
    Contest contest =
        new Contest(run, what, UNIT)
            .warmups(0)
            .rounds(run.quick() ? 1 : 3)
            .contestant(Figure.OURS, n -> perRecord(jmh.measure()));
    boolean peer = !exact && events <= MOST_FOR_STREAMS;
    if (peer) {
      String topic = "window-" + events;
      int measured = Math.max(2_000, run.size(20_000, 60_000) / Math.max(1, events / 10));
      int filled = events * 2;
      StreamsInput.write(broker, topic, new EventStructs(1, HOUR_MS / events), filled + measured);
      StreamsPeer streams = new StreamsPeer(broker, topic, filled, filled + measured);
      contest.contestant(
          "kafka-streams-memory",
          n -> perRecord(streams.measure(Topologies.sliding(Store.MEMORY))));
    }
    Map<String, Figure> figures = contest.go();
    if (peer) {
      run.compare(
          "features-window-length-" + events,
          Better.LOWER,
          figures.get(Figure.OURS),
          figures.get("kafka-streams-memory"),
          null);
    }
    return figures.get(Figure.OURS);
  }

  private static Measurement perRecord(Measurement rate) {
    return rate.valued(1e9 / rate.value());
  }
}
