package dev.tributary.bench.source;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import java.util.Map;

/** How fast a backlog in the log becomes records in a topic. */
public final class SourceStreaming implements Benchmark {
  private static final String UNIT = "records/s";
  private static final String BASE = "base";

  /** After one, the worker still compiles as much as it works. */
  private static final int WARMUPS = 2;

  private static final double WANTED_OF_DEBEZIUM = 3;
  private static final double WANTED_OF_PREBUILT = 0.8;

  private final String name;
  private final String sentence;
  private final Workload workload;
  private final int quickRecords;
  private final int records;
  private final boolean withDecoding;

  private SourceStreaming(
      String name,
      String sentence,
      Workload workload,
      int quickRecords,
      int records,
      boolean withDecoding) {
    this.name = name;
    this.sentence = sentence;
    this.workload = workload;
    this.quickRecords = quickRecords;
    this.records = records;
    this.withDecoding = withDecoding;
  }

  /** Small transactions of a narrow table. */
  public static SourceStreaming events() {
    return new SourceStreaming(
        "source-streaming",
        "Records a second from a backlog of inserts into user_events, 100 rows a transaction, beside"
            + " Debezium, a source of prebuilt records, and Postgres' own decoding.",
        Workload.events(),
        300_000,
        1_000_000,
        true);
  }

  /** A table of 60 columns. */
  public static SourceStreaming wide() {
    return new SourceStreaming(
        "source-streaming-wide",
        "The same from a table of 60 columns.",
        Workload.wide(),
        80_000,
        200_000,
        false);
  }

  /** Updates with the whole old row. */
  public static SourceStreaming fullUpdates() {
    return new SourceStreaming(
        "source-streaming-full",
        "The same from updates with REPLICA IDENTITY FULL, which carry the row before and after.",
        Workload.fullUpdates(),
        200_000,
        600_000,
        false);
  }

  /** One large transaction. */
  public static SourceStreaming oneTransaction() {
    return new SourceStreaming(
        "source-streaming-large",
        "The same from one transaction of a million rows (200,000 with --quick).",
        Workload.oneTransaction(),
        200_000,
        1_000_000,
        false);
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
    int count = run.size(quickRecords, records);
    try (SourceLab lab = new SourceLab(run, "1g")) {
      SourceLab.tellThroughput(run);
      run.say("writing the backlog: %,d changes", count);
      lab.database().prepare(workload, count);
      lab.database().createSlot(BASE);
      lab.database().change(workload, count);
      Contest contest =
          new Contest(run, name, UNIT)
              .warmups(WARMUPS)
              .contestant(Figure.OURS, n -> stream(run, lab, Contender.TRIBUTARY, count, n))
              .contestant("debezium", n -> stream(run, lab, Contender.DEBEZIUM, count, n))
              .contestant(
                  "prebuilt",
                  n ->
                      lab.prebuilt(
                          run.profiles(n),
                          name + "-prebuilt",
                          "prebuilt_" + (n + WARMUPS),
                          workload,
                          count));
      if (withDecoding) {
        contest.contestant("pg-decode", n -> decode(lab, count));
      }
      compare(run, contest.go());
    }
  }

  private void compare(Run run, Map<String, Figure> figures) {
    Figure ours = figures.get(Figure.OURS);
    run.compare(name, Better.HIGHER, ours, figures.get("debezium"), WANTED_OF_DEBEZIUM);
    run.compare(name, Better.HIGHER, ours, figures.get("prebuilt"), WANTED_OF_PREBUILT);
    if (withDecoding) {
      run.compare(name, Better.HIGHER, ours, figures.get("pg-decode"), null);
      run.note(
          "prebuilt and pg-decode are limits: what the worker can convert and send, and what the"
              + " server can decode. Each has the machine for itself; a source shares it with both.");
    }
  }

  private Measurement stream(Run run, SourceLab lab, Contender who, int count, int number)
      throws Exception {
    String id = who.subject() + "_" + (number + WARMUPS);
    lab.database().copySlot(BASE, id);
    Map<String, String> config =
        who.config(lab.postgres(), workload.table(), id, id, SourceLab.THROUGHPUT);
    try (Topic topic = lab.topic(id + ".public." + workload.table())) {
      try {
        return lab.drain(
            run.profiles(number), name + "-" + who.subject(), id, config, topic, count);
      } finally {
        lab.end(id, id);
      }
    }
  }

  private static Measurement decode(SourceLab lab, int count) throws Exception {
    UsageMeter usage = lab.usage();
    long start = System.nanoTime();
    lab.database().decode(BASE);
    return Measurement.of(count / ((System.nanoTime() - start) / 1e9), usage.stop());
  }
}
