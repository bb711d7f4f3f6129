package dev.tributary.bench.result;

import java.util.List;
import java.util.Map;

/** Results that tests use. */
public final class Samples {
  private Samples() {}

  public static Figure figure(String run, String subject, String unit, double... values) {
    return new Figure(
        run,
        "speed",
        subject,
        unit,
        java.util.stream.IntStream.range(0, values.length)
            .mapToObj(
                i ->
                    new Round(
                        i + 1,
                        values[i],
                        Map.of("worker", new ProcessUsage(1.5 + i, 300L << 20, 0.25)),
                        Map.of("bytes/record", 100.0 + i)))
            .toList());
  }

  public static RunResult result(String benchmark, double ours, double peer, Double wanted) {
    Figure our = figure("run-1", Figure.OURS, "records/s", ours, ours, ours);
    Figure other = figure("run-1", "debezium", "records/s", peer, peer, peer);
    return new RunResult(
        "run-1",
        benchmark,
        "2026-01-02T03:04:05Z",
        "abc",
        "bench/run " + benchmark + " --quick",
        true,
        new MachineFacts("A processor", 2, 8L << 30, "Linux", "Java 17", 0.5),
        Map.of("Postgres", "18"),
        List.of(our, other),
        List.of(new Comparison("speed", Better.HIGHER, our, other, wanted)),
        List.of("A note."));
  }
}
