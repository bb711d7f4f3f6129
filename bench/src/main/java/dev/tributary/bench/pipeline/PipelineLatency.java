package dev.tributary.bench.pipeline;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.Processes;
import dev.tributary.bench.measure.Profiles;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.bench.result.Figure;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * From commit to both targets at steady rates, and the highest rate that holds; with a source that
 * writes at least once, or in Kafka transactions. Either way each event counts once in Redis and
 * ClickHouse, since the sinks know what they have written.
 */
public final class PipelineLatency implements Benchmark {
  private static final int TASKS = 2;
  private static final List<Integer> RATES = List.of(100, 1_000, 5_000);
  private static final int WARM_UP_RATE = 1_000;
  private static final String MS = "ms";
  private static final double FIRST = 4_000;
  private static final double STEP = 1.5;
  private static final double ENOUGH_REACHED = 0.97;
  private static final double LONGEST_MS = 2_000;

  /** No more than one stall, of a collection or of the disk, takes; lag that grows passes it. */
  private static final double SLACK_MS = 100;

  private final boolean exactlyOnce;

  /**
   * A benchmark.
   *
   * @param exactlyOnce whether the source writes in Kafka transactions
   */
  public PipelineLatency(boolean exactlyOnce) {
    this.exactlyOnce = exactlyOnce;
  }

  @Override
  public String name() {
    return exactlyOnce ? "pipeline-exactly-once" : "pipeline";
  }

  @Override
  public String sentence() {
    if (exactlyOnce) {
      return "The same with a source that writes in Kafka transactions, and consumers that see no other.";
    }
    return "Milliseconds from commit in Postgres to the feature in Redis and the row in ClickHouse at 100,"
        + " 1,000 and 5,000 events a second, and the highest rate held for a minute (10 s with --quick).";
  }

  @Override
  public void run(Run run) throws Exception {
    try (Job job = new Job(run, TASKS, exactlyOnce)) {
      run.fact("tasks and partitions", Integer.toString(TASKS));
      run.fact("set on the source", Job.settings());
      run.fact("worker's JVM", String.join(" ", Job.WORKER_JVM));
      job.register();
      try (Targets targets = new Targets(job)) {
        SteadyLoad load = new SteadyLoad(job, targets);
        new WarmUp(run, () -> load.run(WARM_UP_RATE, 5)).run(run.size(7, 36));
        highest(run, load); // first, since latency needs the JVMs warmest
        for (int rate : RATES) {
          latency(run, load, rate);
        }
      }
    }
    run.note(
        "The connectors are those of config-examples, with JSON without schemas, set as"
            + " [low latency](low-latency.md) says; one event a commit up to 1,000 a second.");
    run.note(
        "ClickHouse's latency is mostly flush.ms (1 s by default), which gathers rows into inserts."
            + " Wanted: commit to Redis at 1,000 events/s with p99 under 50 ms. Broker, worker, three"
            + " servers and this harness share the machine's cores; the facts say how busy the JVMs'"
            + " compilers still were.");
  }

  private void latency(Run run, SteadyLoad load, int rate) throws Exception {
    int seconds = run.size(6, 30);
    new Contest(run, figure("Redis", "p50", rate), MS)
        .warmups(0)
        .rounds(run.quick() ? 1 : 3)
        .contestant(Figure.OURS, n -> measure(load, rate, seconds, run.profiles(n)))
        .go();
  }

  private static String figure(String to, String percentile, int rate) {
    return "commit to " + to + ", " + percentile + ", " + rate + "/s";
  }

  private Measurement measure(SteadyLoad load, int rate, int seconds, Profiles profiles)
      throws Exception {
    UsageMeter usage = UsageMeter.start();
    String name = name() + "-" + rate;
    SteadyLoad.Outcome outcome =
        profiles.recorded(name, Processes.byRole().get("worker"), () -> load.run(rate, seconds));
    if (profiles.folder().isPresent()) {
      Timeline.write(profiles.folder().get().resolve(name + ".csv"), outcome);
    }
    Histogram redis = outcome.redis().latencies(0.1, 1);
    Histogram clickHouse = outcome.clickHouse().latencies(0.1, 1);
    Histogram topic =
        outcome.topic().latencies(outcome.commits()::committedAt, rate * seconds / 10);
    return Measurement.of(ms(redis, 50), usage.stop())
        .with("events/s committed", outcome.reached())
        .and(figure("Redis", "p99", rate), MS, ms(redis, 99))
        .and(figure("Redis", "p99.9", rate), MS, ms(redis, 99.9))
        .and(figure("a consumer", "p50", rate), MS, ms(topic, 50))
        .and(figure("a consumer", "p99", rate), MS, ms(topic, 99))
        .and(figure("ClickHouse", "p50", rate), MS, ms(clickHouse, 50))
        .and(figure("ClickHouse", "p99", rate), MS, ms(clickHouse, 99))
        .and(figure("ClickHouse", "p99.9", rate), MS, ms(clickHouse, 99.9));
  }

  /** Goes up until the lag grows, or the writers cannot commit more. */
  private static void highest(Run run, SteadyLoad load) throws Exception {
    int seconds = run.size(10, 60);
    double held = 0;
    for (double rate = FIRST; ; rate *= STEP) {
      SteadyLoad.Outcome outcome = load.run((int) rate, seconds);
      double middle = ms(outcome.redis().latencies(0.3, 0.6), 50);
      double end = ms(outcome.redis().latencies(0.7, 1), 50);
      boolean committed = outcome.reached() >= ENOUGH_REACHED * rate;
      boolean steady = end < LONGEST_MS && end <= 1.5 * middle + SLACK_MS;
      String lag =
          String.format(Locale.ROOT, "%.0f ms in the middle, %.0f ms at the end", middle, end);
      run.say("%,.0f events/s: %,.0f committed, lag %s", rate, outcome.reached(), lag);
      if (!committed || !steady) {
        run.fact("above the highest rate", committed ? "lag grows" : "Postgres commits no more");
        break;
      }
      held = outcome.reached();
      run.fact("lag at the highest rate", lag);
    }
    run.figure("highest rate held for " + seconds + " s", Figure.OURS, "events/s", held);
  }

  private static double ms(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1e3;
  }
}
