package dev.tributary.bench.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.load.Arrivals;
import dev.tributary.bench.load.CommitClock;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import dev.tributary.bench.result.Round;
import dev.tributary.stack.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** From the commit's return to the consumer, at a steady thousand commits a second. */
public final class SourceLatency implements Benchmark {
  private static final int PER_SECOND = 1_000;
  private static final int WARMUP_SECONDS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final double WANTED = 2;
  private static final String UNIT = "ms";
  private static final List<Double> PERCENTILES = List.of(99.0, 99.9);

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String INSERT =
      """
      INSERT INTO user_events (user_id, event_type, ts, amount, engagement, data)
      VALUES (?, 'view', now(), 12.34, 0.5, '{"page": "/product/1"}')""";

  private static final Contender QUICK_DEBEZIUM =
      new Contender("debezium", Contender.DEBEZIUM.className(), Map.of("poll.interval.ms", "5"));

  @Override
  public String name() {
    return "source-latency";
  }

  @Override
  public String sentence() {
    return "Milliseconds from commit to consumer at 1,000 commits a second, with our defaults, beside"
        + " Debezium with poll.interval.ms=5; p50, p99 and p99.9.";
  }

  @Override
  public void run(Run run) throws Exception {
    int seconds = WARMUP_SECONDS + run.size(8, 30);
    try (SourceLab lab = new SourceLab(run, "1g")) {
      lab.database().prepare(Workload.events(), 0);
      Map<String, Figure> figures =
          new Contest(run, "source-latency-p50", UNIT)
              .contestant(Figure.OURS, n -> follow(run, lab, Contender.TRIBUTARY, seconds, n))
              .contestant("debezium", n -> follow(run, lab, QUICK_DEBEZIUM, seconds, n))
              .go();
      compare(run, "source-latency-p50", figures.get(Figure.OURS), figures.get("debezium"), WANTED);
      for (double percentile : PERCENTILES) {
        String what = "source-latency-p" + (percentile == 99 ? "99" : "99.9");
        compare(
            run,
            what,
            percentile(run, what, figures.get(Figure.OURS), percentile),
            percentile(run, what, figures.get("debezium"), percentile),
            percentile == 99 ? WANTED : null);
      }
      run.note(
          "synchronous_commit is on: a commit returns when it is on disk. The consumer runs in the"
              + " harness, with Kafka's defaults; so do the producers of both connectors.");
    }
  }

  private static void compare(Run run, String what, Figure ours, Figure peer, Double wanted) {
    run.compare(what, Better.LOWER, ours, peer, wanted);
  }

  private static Figure percentile(Run run, String what, Figure p50, double percentile) {
    List<Round> rounds =
        p50.rounds().stream()
            .map(
                r ->
                    new Round(r.number(), r.more().get("ms at p" + percentile), Map.of(), Map.of()))
            .toList();
    return run.figure(what, p50.subject(), UNIT, rounds);
  }

  private static long number(byte[] value) throws IOException {
    return JSON.readTree(value).path("after").path("user_id").asLong(-1);
  }

  private static Measurement follow(Run run, SourceLab lab, Contender who, int seconds, int number)
      throws Exception {
    String id = who.subject() + "_" + (number + 1);
    int rows = seconds * PER_SECOND;
    CommitClock commits = new CommitClock(lab.postgres(), INSERT, rows, PER_SECOND);
    lab.database().createSlot(id);
    try (Topic topic = lab.topic(id + ".public.user_events")) {
      Arrivals arrivals =
          new Arrivals(
              Map.of("bootstrap.servers", lab.bootstrapServers()),
              Set.of(topic.partition()),
              rows,
              SourceLatency::number);
      Thread consumer = arrivals.start();
      try {
        lab.start(id, who.config(lab.postgres(), "user_events", id, id, Map.of()));
        UsageMeter usage = lab.usage();
        double reached = commits.run();
        Await.until("all rows to arrive", PATIENCE, arrivals::complete);
        consumer.join();
        int warmup = Math.min(rows / 2, WARMUP_SECONDS * PER_SECOND);
        Histogram latencies = arrivals.latencies(commits, warmup);
        run.say("%s: %s", who.subject(), arrivals.slowest(commits, warmup));
        Measurement measured =
            Measurement.of(latencies.getValueAtPercentile(50) / 1e3, usage.stop())
                .with("commits/s", reached);
        for (double percentile : PERCENTILES) {
          measured =
              measured.with(
                  "ms at p" + percentile, latencies.getValueAtPercentile(percentile) / 1e3);
        }
        return measured;
      } finally {
        arrivals.stop();
        lab.end(id, id);
      }
    }
  }
}
