package dev.tributary.bench.source;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.Jcmd;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * How much heap a connector needs while it works off a backlog: the largest live set, measured by
 * full collections all the time. It does not depend on how large a heap was given, or on how lazy
 * the collector is.
 */
public final class SourceMemory implements Benchmark {
  private static final String CONNECTOR = "source-memory";
  private static final String WORKER = "source-memory-worker";
  private static final String DEBEZIUM = "debezium";
  private static final String UNIT = "MB";
  private static final String BASE = "base";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final double WANTED = 2;
  private static final double MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return CONNECTOR;
  }

  @Override
  public String sentence() {
    return "The most heap that is alive in the worker (by full collections, one after the other) while a"
        + " backlog is read, less what an idle worker holds, beside Debezium.";
  }

  @Override
  public void run(Run run) throws Exception {
    int count = run.size(150_000, 600_000);
    Workload workload = Workload.events();
    try (SourceLab lab = new SourceLab(run, "1g")) {
      run.say("writing the backlog: %,d changes", count);
      lab.database().prepare(workload, count);
      lab.database().createSlot(BASE);
      lab.database().change(workload, count);
      new Contest(run, WORKER, UNIT)
          .contestant(Figure.OURS, n -> peak(lab, Contender.TRIBUTARY, count, n))
          .contestant(DEBEZIUM, n -> peak(lab, Contender.DEBEZIUM, count, n))
          .go();
      run.compare(CONNECTOR, Better.LOWER, DEBEZIUM, WANTED);
      run.compare(WORKER, Better.LOWER, DEBEZIUM, null);
      run.note(
          "Each round measures the idle worker just before its connector starts. The rate in these"
              + " rounds says nothing: the collections stop the worker all the time.");
    }
  }

  private static Measurement peak(SourceLab lab, Contender who, int count, int number)
      throws Exception {
    String id = who.subject() + "_" + (number + 1);
    double idle = largestLive(lab, () -> true);
    lab.database().copySlot(BASE, id);
    try (Topic topic = lab.topic(id + ".public.user_events")) {
      try {
        lab.start(id, who.config(lab.postgres(), "user_events", id, id, Map.of()));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        double peak =
            largestLive(lab, () -> topic.count() >= count || System.nanoTime() > deadline);
        topic.await(count, Duration.ofSeconds(1));
        return Measurement.of(peak)
            .with("MB in the idle worker", idle)
            .and(CONNECTOR, UNIT, peak - idle);
      } finally {
        lab.end(id, id);
      }
    }
  }

  /** Collects at least once, and again until the end. */
  private static double largestLive(SourceLab lab, BooleanSupplier end) throws IOException {
    int position = lab.gcLog().position();
    do {
      Jcmd.run(lab.workerPid(), "GC.run");
    } while (!end.getAsBoolean());
    return lab.gcLog().liveBytes(position).stream().mapToLong(Long::longValue).max().orElseThrow()
        / MEBIBYTE;
  }
}
