package dev.tributary.bench.source;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.load.Arrivals;
import dev.tributary.bench.load.CommitClock;
import dev.tributary.bench.load.SendClock;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import dev.tributary.stack.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;
import org.HdrHistogram.Histogram;

/** From the commit's return to the consumer, at a steady thousand commits a second. */
public final class SourceLatency implements Benchmark {
  private static final int PER_SECOND = 1_000;
  private static final int WARMUP_SECONDS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final double WANTED = 2;
  private static final String UNIT = "ms";
  private static final String DEBEZIUM = "debezium";
  private static final String ALONE = "producer-alone";
  private static final List<Double> PERCENTILES = List.of(99.0, 99.9);

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String INSERT =
      """
      INSERT INTO user_events (user_id, event_type, ts, amount, engagement, data)
      VALUES (?, 'view', now(), 12.34, 0.5, '{"page": "/product/1"}')""";

  /** As long as what comes of such a row, which is some 650 bytes. */
  private static final String EVENT =
      "{\"after\":{\"user_id\":%d},\"rest\":\"" + "x".repeat(615) + "\"}";

  private static final Contender QUICK_DEBEZIUM =
      new Contender(DEBEZIUM, Contender.DEBEZIUM.className(), Map.of("poll.interval.ms", "5"));

  @Override
  public String name() {
    return "source-latency";
  }

  @Override
  public String sentence() {
    return "Milliseconds from commit to consumer at 1,000 commits a second, with our defaults, beside"
        + " Debezium with poll.interval.ms=5 and a producer alone; p50, p99 and p99.9.";
  }

  @Override
  public void run(Run run) throws Exception {
    try (SourceLab lab = new SourceLab(run, "1g")) {
      lab.database().prepare(Workload.events(), 0);
      new Contest(run, figure(50), UNIT)
          .contestant(Figure.OURS, n -> follow(run, lab, Contender.TRIBUTARY, n))
          .contestant(DEBEZIUM, n -> follow(run, lab, QUICK_DEBEZIUM, n))
          .contestant(ALONE, n -> send(run, lab, n))
          .go();
      compare(run, figure(50), WANTED);
      for (double percentile : PERCENTILES) {
        compare(run, figure(percentile), percentile == 99 ? WANTED : null);
      }
      run.note(
          "synchronous_commit is on: a commit returns when it is on disk. The consumer runs in the"
              + " harness, with Kafka's defaults; so do the producers of both connectors.");
      run.note(
          ALONE
              + " is no source: a producer, set as Connect sets a source's, is handed records of the"
              + " same length at the same rate. With linger.ms at Kafka's default of 5, no source can"
              + " be faster.");
    }
  }

  private static String figure(double percentile) {
    return "source-latency-p" + (percentile % 1 == 0 ? "%.0f" : "%s").formatted(percentile);
  }

  private static void compare(Run run, String what, Double wanted) {
    run.compare(what, Better.LOWER, DEBEZIUM, wanted);
    run.compare(what, Better.LOWER, ALONE, null);
  }

  private static long number(byte[] value) throws IOException {
    return JSON.readTree(value).path("after").path("user_id").asLong(-1);
  }

  private static Measurement follow(Run run, SourceLab lab, Contender who, int number)
      throws Exception {
    String id = who.subject() + "_" + (number + 1);
    int quick = number < 1 ? 13 : 5; // the JVM has most to compile in the warm-up
    int rows = (WARMUP_SECONDS + run.size(quick, 30)) * PER_SECOND;
    CommitClock commits = new CommitClock(lab.postgres(), INSERT, rows, PER_SECOND);
    lab.database().createSlot(id);
    try (Topic topic = lab.topic(id + ".public.user_events")) {
      return arrivals(
          lab,
          topic,
          rows,
          arrivals -> {
            lab.start(id, who.config(lab.postgres(), "user_events", id, id, Map.of()));
            UsageMeter usage = lab.usage();
            double reached = commits.run();
            Await.until("all rows to arrive", PATIENCE, arrivals::complete);
            return measured(run, who.subject(), arrivals, commits::committedAt, usage)
                .with("commits/s", reached);
          });
    } finally {
      lab.end(id, id);
    }
  }

  /** Records as long as a change event, straight from a producer to the consumer. */
  private static Measurement send(Run run, SourceLab lab, int number) throws Exception {
    int rows = (WARMUP_SECONDS + run.size(2, 30)) * PER_SECOND;
    try (Topic topic = lab.topic("producer_alone_" + (number + 1))) {
      SendClock sends =
          new SendClock(
              lab.bootstrapServers(), topic.partition(), EVENT::formatted, rows, PER_SECOND);
      return arrivals(
          lab,
          topic,
          rows,
          arrivals -> {
            UsageMeter usage = lab.usage();
            sends.run();
            Await.until("all records to arrive", PATIENCE, arrivals::complete);
            return measured(run, ALONE, arrivals, sends::sentAt, usage);
          });
    }
  }

  /** What comes of a load while a consumer reads the topic. */
  @FunctionalInterface
  private interface Load {
    Measurement run(Arrivals arrivals) throws Exception;
  }

  private static Measurement arrivals(SourceLab lab, Topic topic, int rows, Load load)
      throws Exception {
    Arrivals arrivals =
        new Arrivals(
            Map.of("bootstrap.servers", lab.bootstrapServers()),
            Set.of(topic.partition()),
            rows,
            SourceLatency::number);
    Thread consumer = arrivals.start();
    try {
      return load.run(arrivals);
    } finally {
      arrivals.stop();
      consumer.join();
    }
  }

  private static Measurement measured(
      Run run, String subject, Arrivals arrivals, IntToLongFunction left, UsageMeter usage)
      throws IOException {
    int warmup = WARMUP_SECONDS * PER_SECOND;
    Histogram latencies = arrivals.latencies(left, warmup);
    run.say("%s: %s", subject, arrivals.slowest(left, warmup));
    Measurement measured = Measurement.of(latencies.getValueAtPercentile(50) / 1e3, usage.stop());
    for (double percentile : PERCENTILES) {
      measured =
          measured.and(figure(percentile), UNIT, latencies.getValueAtPercentile(percentile) / 1e3);
    }
    return measured;
  }
}
