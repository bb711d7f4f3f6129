package dev.tributary.bench.clickhouse;

import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.ForkedJava;
import dev.tributary.bench.sink.LoneTask;
import dev.tributary.clickhouse.ClickHouseSinkTask;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** 500,000 rows an insert in a JVM of 512 MB. */
final class SmallHeap {
  private static final int ROWS = 500_000;
  private static final String HEAP = "512m";

  private final Target target;

  SmallHeap(Target target) {
    this.target = target;
  }

  void measure(Run run) throws Exception {
    target.empty();
    int inserts = run.size(2, 6);
    List<String> arguments =
        Stream.concat(
                Stream.of(Integer.toString(inserts)),
                target.sinkConfig(ROWS).entrySet().stream()
                    .map(e -> e.getKey() + "=" + e.getValue()))
            .toList();
    String said =
        ForkedJava.run(List.of("-Xmx" + HEAP), Main.class, arguments.toArray(String[]::new));
    ClickHouseSink.expect(target, (long) inserts * ROWS);
    double rate = Double.parseDouble(said.strip());
    run.say("clickhouse-sink in a heap of %s: %,.0f rows/s", HEAP, rate);
    run.figure("clickhouse-sink-500000 in a heap of 512 MB", "tributary", "rows/s", rate);
  }

  /** Runs in the small JVM: puts, and prints rows a second. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) {
      int inserts = Integer.parseInt(arguments[0]);
      Map<String, String> config =
          Stream.of(arguments)
              .skip(1)
              .map(argument -> argument.split("=", 2))
              .collect(java.util.stream.Collectors.toMap(pair -> pair[0], pair -> pair[1]));
      EventRows rows = EventRows.readyMade(ClickHouseSink.POLL);
      try (LoneTask task = new LoneTask(new ClickHouseSinkTask(), EventRows.PARTITION, config)) {
        System.out.println(ClickHouseSink.putAll(task, rows, (long) inserts * ROWS, ROWS));
      }
    }
  }
}
