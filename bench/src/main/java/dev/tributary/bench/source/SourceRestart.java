package dev.tributary.bench.source;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import dev.tributary.stack.Await;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How soon a connector that was stopped goes on, with much log waiting for it. */
public final class SourceRestart implements Benchmark {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** About what one row and its share of index and commit take in the log. */
  private static final int BYTES_PER_ROW = 1_100;

  private static final Workload ROWS =
      new Workload(
          "padded",
          "CREATE TABLE padded (id bigserial PRIMARY KEY, payload text)",
          "",
          """
          INSERT INTO padded (payload)
          SELECT repeat(md5(i::text), 30) FROM generate_series($1, $2) AS i""",
          100,
          List.of("id:int64", "payload:string"),
          false);

  @Override
  public String name() {
    return "source-restart";
  }

  @Override
  public String sentence() {
    return "Milliseconds from the order to go on (REST resume) to the first new record, with 1 GB of log"
        + " behind (100 MB with --quick), beside Debezium.";
  }

  @Override
  public void run(Run run) throws Exception {
    long bytes = run.size(100, 1_000) * 1_000_000L;
    try (SourceLab lab = new SourceLab(run, "1g")) {
      lab.database().execute("ALTER SYSTEM SET wal_compression = off");
      lab.database().prepare(ROWS, 0);
      Map<String, Topic> topics = new LinkedHashMap<>();
      for (Contender who : new Contender[] {Contender.TRIBUTARY, Contender.DEBEZIUM}) {
        topics.put(who.subject(), startAndStop(lab, who));
      }
      String before = lab.database().text("SELECT pg_current_wal_lsn()");
      int rows = Math.max(100, (int) (bytes / BYTES_PER_ROW / 100) * 100);
      run.say("writing %,d MB of log", bytes / 1_000_000);
      lab.database().change(ROWS, rows);
      String written = "SELECT pg_current_wal_lsn() - '" + before + "'::pg_lsn";
      run.fact("log behind", Long.parseLong(lab.database().text(written)) / 1_000_000 + " MB");
      Contest contest = new Contest(run, name(), "ms");
      topics.forEach(
          (who, topic) ->
              contest.contestant(
                  who,
                  n -> {
                    refill(lab, topic, rows);
                    return resume(lab, who, topic);
                  }));
      Map<String, Figure> figures = contest.go();
      run.compare(name(), Better.LOWER, figures.get(Figure.OURS), figures.get("debezium"), null);
      run.note("Wanted of ours: under 2,000 ms.");
      topics.values().forEach(Topic::close);
    }
  }

  /** Leaves a connector that has emitted one row and has stored its position. */
  private static Topic startAndStop(SourceLab lab, Contender who) throws Exception {
    String id = who.subject();
    lab.database().createSlot(id);
    Topic topic = lab.topic(id + ".public." + ROWS.table());
    lab.start(id, who.config(lab.postgres(), ROWS.table(), id, id, Map.of()));
    lab.database().execute("INSERT INTO padded (payload) VALUES ('first')");
    topic.await(1, PATIENCE);
    stop(lab, id);
    return topic;
  }

  private static void stop(SourceLab lab, String id) {
    lab.rest().stop(id);
    Await.until(
        id + " to be stopped",
        PATIENCE,
        () ->
            lab.rest().status(id).tasks().isEmpty()
                && lab.database()
                    .text(
                        "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '%s'"
                            .formatted(id))
                    .equals("0"));
  }

  /** What a round has read of the log is written anew, so that as much is behind in each. */
  private static void refill(SourceLab lab, Topic topic, int rows) throws Exception {
    long written = Long.parseLong(lab.database().text("SELECT count(*) FROM padded"));
    long missing = rows - (written - topic.count());
    if (missing > 0) {
      lab.database().change(ROWS, (int) (missing / 100 + 1) * 100);
    }
  }

  /** It is stopped again at once, so that nearly all of the log stays behind it. */
  private static Measurement resume(SourceLab lab, String id, Topic topic) {
    long known = topic.count();
    UsageMeter usage = lab.usage();
    long order = System.currentTimeMillis();
    lab.rest().resume(id);
    topic.await(known + 1, PATIENCE);
    Measurement measured = Measurement.of((double) (topic.arrival(known) - order), usage.stop());
    stop(lab, id);
    return measured.with(
        "records taken before it was stopped again", (double) (topic.count() - known));
  }
}
