package dev.tributary.bench.source;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.Profiles;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import java.time.Duration;
import java.util.Map;

/** How fast rows that are there become records, read by one thread. */
public final class SourceSnapshot implements Benchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final double WANTED = 5;

  @Override
  public String name() {
    return "source-snapshot";
  }

  @Override
  public String sentence() {
    return "Records a second from a snapshot of user_events, read by one thread, beside Debezium.";
  }

  @Override
  public void run(Run run) throws Exception {
    int count = run.size(200_000, 1_000_000);
    Workload workload = Workload.oneTransaction();
    try (SourceLab lab = new SourceLab(run, "1g")) {
      run.say("writing %,d rows", count);
      lab.database().prepare(workload, count);
      lab.database().change(workload, count);
      lab.database().execute("VACUUM (FREEZE, ANALYZE) " + workload.table());
      Map<String, Figure> figures =
          new Contest(run, name(), "records/s")
              .contestant(Figure.OURS, n -> read(run, lab, Contender.TRIBUTARY, count, n))
              .contestant("debezium", n -> read(run, lab, Contender.DEBEZIUM, count, n))
              .go();
      run.compare(name(), Better.HIGHER, figures.get(Figure.OURS), figures.get("debezium"), WANTED);
    }
  }

  private Measurement read(Run run, SourceLab lab, Contender who, int count, int number)
      throws Exception {
    String id = "snapshot_" + who.subject() + "_" + (number + 1);
    Map<String, String> config =
        who.config(
            lab.postgres(),
            "user_events",
            id,
            id,
            Map.of("snapshot.mode", "initial", "snapshot.max.threads", "1"));
    Profiles profiles = number == 1 ? run.profiles() : Profiles.none();
    try (Topic topic = lab.topic(id + ".public.user_events")) {
      try {
        return profiles.recorded(
            name() + "-" + who.subject(),
            lab.workerPid(),
            () -> {
              UsageMeter usage = lab.usage();
              lab.start(id, config);
              topic.await(count, PATIENCE);
              return Measurement.of(topic.rate(count), usage.stop());
            });
      } finally {
        lab.end(id, id);
      }
    }
  }
}
