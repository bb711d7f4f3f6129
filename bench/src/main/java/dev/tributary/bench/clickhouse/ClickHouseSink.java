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
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;

/** Rows of ten columns at the task's put, in inserts of several sizes. */
public final class ClickHouseSink implements Benchmark {
  private static final String PEER = "ready-made-bytes";
  private static final double WANTED = 0.5;
  private static final int[] BATCHES = {1_000, 10_000, 100_000, 500_000};

  @Override
  public String name() {
    return "clickhouse-sink";
  }

  @Override
  public String sentence() {
    return "Rows of ten columns a second, from Structs at the sink's put, beside the same rows sent as"
        + " ready-made RowBinary by the plain client; 1,000 to 500,000 rows an insert.";
  }

  @Override
  public void run(Run run) throws Exception {
    try (ClickHouseServer server = ClickHouseServer.start();
        Target target = new Target(server, "events")) {
      run.fact("ClickHouse", target.version());
      for (int batch : BATCHES) {
        measure(run, target, batch);
      }
      new SmallHeap(target).measure(run);
    }
  }

  private static void measure(Run run, Target target, int batch) throws Exception {
    int inserts = Math.max(run.size(2, 4), Math.min(run.size(30, 200), 300_000 / batch));
    String name = "clickhouse-sink-" + batch;
    byte[] ready = EventRows.rowBinary(new EventRows().next(batch));
    Map<String, Figure> figures =
        new Contest(run, name, "rows/s")
            .contestant(Figure.OURS, n -> put(run, target, batch, inserts, n))
            .contestant(PEER, n -> send(target, ready, batch, inserts))
            .go();
    run.compare(name, Better.HIGHER, figures.get(Figure.OURS), figures.get(PEER), WANTED);
  }

  private static Measurement put(Run run, Target target, int batch, int inserts, int number)
      throws Exception {
    target.empty();
    Profiles profiles = number == 1 && batch == 100_000 ? run.profiles() : Profiles.none();
    return profiles.recorded(
        "clickhouse-sink", ProcessHandle.current().pid(), () -> put(target, batch, inserts));
  }

  private static Measurement put(Target target, int batch, int inserts) throws Exception {
    EventRows rows = new EventRows();
    try (LoneTask task =
        new LoneTask(new ClickHouseSinkTask(), EventRows.PARTITION, target.sinkConfig(batch))) {
      UsageMeter usage = UsageMeter.start();
      for (int i = 0; i < inserts; i++) {
        List<SinkRecord> next = rows.next(batch);
        task.put(next, rows.end());
      }
      task.finish();
      Measurement measured = Measurement.of(rows.end() / task.seconds(), usage.stop());
      expect(target, rows.end());
      return measured;
    }
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
