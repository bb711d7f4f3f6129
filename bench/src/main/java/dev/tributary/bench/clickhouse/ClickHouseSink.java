package dev.tributary.bench.clickhouse;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Contest;
import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.Profiles;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Figure;
import dev.tributary.bench.sink.LoneTask;
import dev.tributary.clickhouse.ClickHouseSinkTask;
import dev.tributary.stack.ClickHouseServer;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.connect.sink.SinkRecord;

/** Rows of ten columns at the task's put, in inserts of several sizes. */
public final class ClickHouseSink implements Benchmark {
  private static final String PEER = "ready-made-bytes";
  private static final double WANTED = 0.5;

  /** How many rows a put has at most, as a worker with a large max.poll.records gives them. */
  static final int POLL = 10_000;

  private static final int[] BATCHES = {1_000, 10_000, 100_000, 500_000};

  @Override
  public String name() {
    return "clickhouse-sink";
  }

  @Override
  public String sentence() {
    return "Rows of ten columns a second, from Structs at the sink's put, beside the same rows sent as"
        + " ready-made RowBinary by the plain client; flush.rows from 1,000 to 500,000, and inserts of as"
        + " many ready-made rows.";
  }

  @Override
  public void run(Run run) throws Exception {
    try (ClickHouseServer server = ClickHouseServer.start();
        Target target = new Target(server, "events")) {
      run.fact("ClickHouse", target.version());
      for (int batch : BATCHES) {
        measure(run, target, batch);
      }
      measureApart(run, target);
      new SmallHeap(target).measure(run);
      run.note(
          "What is put while an insert runs goes into one insert behind it, so that the sink's inserts"
              + " have more rows than flush.rows where that is small (rows/insert); those of the peer"
              + " have as many as the name says. Where it is 'apart', every 1,000 rows are written"
              + " before the next ones are put, and both insert as many.");
    }
  }

  private static void measure(Run run, Target target, int batch) throws Exception {
    int enough = Math.max(run.size(2, 4), run.size(1_000_000, 4_000_000) / batch);
    int inserts = Math.min(run.size(300, 1_000), enough);
    String name = "clickhouse-sink-" + batch;
    byte[] ready = EventRows.rowBinary(new EventRows().next(batch));
    Map<String, Figure> figures =
        new Contest(run, name, "rows/s")
            .contestant(Figure.OURS, n -> put(run, target, batch, inserts, n))
            .contestant(PEER, n -> send(target, ready, batch, inserts))
            .go();
    run.compare(name, Better.HIGHER, figures.get(Figure.OURS), figures.get(PEER), WANTED);
  }

  /** One small insert after the other. */
  private static void measureApart(Run run, Target target) throws Exception {
    int batch = BATCHES[0];
    int inserts = run.size(100, 300);
    String name = "clickhouse-sink-" + batch + "-apart";
    byte[] ready = EventRows.rowBinary(new EventRows().next(batch));
    Map<String, Figure> figures =
        new Contest(run, name, "rows/s")
            .contestant(Figure.OURS, n -> putApart(target, batch, inserts))
            .contestant(PEER, n -> send(target, ready, batch, inserts))
            .go();
    run.compare(name, Better.HIGHER, figures.get(Figure.OURS), figures.get(PEER), null);
  }

  private static Measurement putApart(Target target, int batch, int inserts) throws Exception {
    target.empty();
    EventRows rows = EventRows.readyMade(batch);
    try (LoneTask task =
        new LoneTask(new ClickHouseSinkTask(), EventRows.PARTITION, target.sinkConfig(batch))) {
      UsageMeter usage = UsageMeter.start();
      for (int i = 0; i < inserts; i++) {
        List<SinkRecord> next = rows.next(batch);
        task.put(next, rows.end());
        task.finish();
      }
      Measurement measured = Measurement.of(rows.end() / task.seconds(), usage.stop());
      expect(target, rows.end());
      return measured.with("rows/insert", rowsPerInsert());
    }
  }

  private static Measurement put(Run run, Target target, int batch, int inserts, int number)
      throws Exception {
    target.empty();
    Profiles profiles = batch == 100_000 ? run.profiles(number) : Profiles.none();
    return profiles.recorded(
        "clickhouse-sink", ProcessHandle.current().pid(), () -> put(target, batch, inserts));
  }

  private static Measurement put(Target target, int batch, int inserts) throws Exception {
    EventRows rows = EventRows.readyMade(POLL);
    try (LoneTask task =
        new LoneTask(new ClickHouseSinkTask(), EventRows.PARTITION, target.sinkConfig(batch))) {
      UsageMeter usage = UsageMeter.start();
      double rate = putAll(task, rows, (long) inserts * batch, batch);
      Measurement measured = Measurement.of(rate, usage.stop());
      expect(target, rows.end());
      return measured.with("rows/insert", rowsPerInsert());
    }
  }

  /**
   * Rows a second from the first put on, which the table holds once less than a batch is left: that
   * waits for more to come, and is written meanwhile.
   */
  static double putAll(LoneTask task, EventRows rows, long count, int batch) {
    long start = System.nanoTime();
    while (rows.end() < count) {
      List<SinkRecord> next = rows.next(Math.min(batch, POLL));
      task.put(next, rows.end());
    }
    long written = task.finish(count - batch + 1);
    double seconds = (System.nanoTime() - start) / 1e9;
    task.finish();
    return written / seconds;
  }

  private static double rowsPerInsert() throws JMException {
    return ((Number)
            ManagementFactory.getPlatformMBeanServer()
                .getAttribute(
                    new ObjectName(
                        "tributary.clickhouse:type=sink-task-metrics,connector=bench,task=0"),
                    "rows-per-insert"))
        .doubleValue();
  }

  private static Measurement send(Target target, byte[] ready, int batch, int inserts)
      throws Exception {
    target.empty();
    UsageMeter usage = UsageMeter.start();
    long start = System.nanoTime();
    for (int i = 0; i < inserts; i++) {
      target.insert(ready);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Measurement measured = Measurement.of((long) inserts * batch / seconds, usage.stop());
    expect(target, (long) inserts * batch);
    return measured;
  }

  static void expect(Target target, long rows) throws Exception {
    if (target.count() != rows) {
      throw new IllegalStateException(
          "the table holds " + target.count() + " rows in place of " + rows);
    }
  }
}
