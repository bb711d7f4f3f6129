package dev.tributary.bench.source;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import java.util.Map;

/** How fast rows that are there become records, read by one thread. */
public final class SourceSnapshot implements Benchmark {
  private static final int WARMUPS = 2;
  private static final double WANTED = 5;

  @Override
  public String name() {
    return "source-snapshot";
  }

  @Override
  public String sentence() {
    return "Records a second from a snapshot of user_events, read by one thread, beside Debezium and a"
        + " source of prebuilt records.";
  }

  @Override
  public void run(Run run) throws Exception {
    int count = run.size(300_000, 1_000_000);
    Workload workload = Workload.oneTransaction();
    try (SourceLab lab = new SourceLab(run, "1g")) {
      SourceLab.tellThroughput(run);
      run.say("writing %,d rows", count);
      lab.database().prepare(workload, count);
      lab.database().change(workload, count);
      lab.database().execute("VACUUM (FREEZE, ANALYZE) " + workload.table());
      Map<String, Figure> figures =
          new Contest(run, name(), "records/s")
              .warmups(WARMUPS)
              .contestant(Figure.OURS, n -> read(run, lab, Contender.TRIBUTARY, count, n))
              .contestant("debezium", n -> read(run, lab, Contender.DEBEZIUM, count, n))
              .contestant(
                  "prebuilt",
                  n ->
                      lab.prebuilt(
                          run.profiles(n),
                          name() + "-prebuilt",
                          "snapshot_prebuilt_" + (n + WARMUPS),
                          workload,
                          count))
              .go();
      Figure ours = figures.get(Figure.OURS);
      run.compare(name(), Better.HIGHER, ours, figures.get("debezium"), WANTED);
      run.compare(name(), Better.HIGHER, ours, figures.get("prebuilt"), null);
    }
  }

  private Measurement read(Run run, SourceLab lab, Contender who, int count, int number)
      throws Exception {
    String id = "snapshot_" + who.subject() + "_" + (number + WARMUPS);
    Map<String, String> config =
        who.config(
            lab.postgres(),
            "user_events",
            id,
            id,
            Map.of("snapshot.mode", "initial", "snapshot.max.threads", "1"));
    config.putAll(SourceLab.THROUGHPUT);
    try (Topic topic = lab.topic(id + ".public.user_events")) {
      try {
        return lab.drain(
            run.profiles(number), name() + "-" + who.subject(), id, config, topic, count);
      } finally {
        lab.end(id, id);
      }
    }
  }
}
