package dev.tributary.bench.report;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.result.Comparison;
import dev.tributary.bench.result.MachineFacts;
import dev.tributary.bench.result.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The page {@code benchmarks.md} and its charts, made of the results of runs and of nothing else.
 */
public final class Report {
  private static final String INTRODUCTION =
      """
      # Benchmarks

      Written by `bench/run report` from the numbers of `bench/run`; do not edit. Every figure comes with the command that gives it:
      from a fresh clone it needs a JDK 17, Maven and npm.

      - A **ratio** says how many times better we are: ours / peer for rates, peer / ours for times and memory. Both figures are always of
        one run on one machine; the suite refuses others.
      - Contestants take turns (ours, peer, ours, peer ...), each after warm-ups that are not counted. What is shown is the **median** of
        the rounds; the **spread** is (largest - smallest) / median. A ratio within the spread is no difference.
      - Beside rates stand the **CPU** seconds, the **peak RSS** (of the largest process) and the **GC pauses** of each process in a round.
        `harness` is the JVM that drives the run, and that the sinks' tasks run in where they are measured at `put`.
      - Peers: `debezium` is Debezium 3.7.0.Final in the same worker, tuned (`max.batch.size=8192, max.queue.size=65536,
        poll.interval.ms=10`); `prebuilt` a source that only hands out records made beforehand; `pg-decode` Postgres' own decoding
        (`pg_logical_slot_peek_binary_changes`); `producer-alone` a producer that is handed records as long; `kafka-streams-memory` and `-rocksdb` Kafka Streams in its cheapest configuration;
        `redis-benchmark` Redis' own; `ready-made-bytes` ClickHouse's client with the bytes at hand.
      - Where the rate of a source is measured, the producers of all contenders, ours and peers, send batches of up to 512 KB
        (`producer.override.batch.size=524288`): Connect allows one request at a time, and with the default 16 KB all of them wait for
        the broker's answers. Latency, heap and restart are measured with the producer's defaults.
      """;

  private final Map<String, String> sentences = new LinkedHashMap<>();
  private final List<RunResult> results;

  /**
   * A page.
   *
   * @param benchmarks in the order of the page
   * @param results one for each of them, or for some
   */
  public Report(List<Benchmark> benchmarks, List<RunResult> results) {
    benchmarks.forEach(benchmark -> sentences.put(benchmark.name(), benchmark.sentence()));
    List<String> order = List.copyOf(sentences.keySet());
    this.results =
        results.stream()
            .filter(result -> sentences.containsKey(result.benchmark()))
            .sorted(Comparator.comparing(result -> order.indexOf(result.benchmark())))
            .toList();
  }

  /**
   * Writes page and charts.
   *
   * @param docs the folder they go into
   * @return the page
   */
  public Path write(Path docs) throws IOException {
    Path folder = Files.createDirectories(docs.resolve("benchmarks"));
    for (RunResult result : results) {
      for (Map.Entry<String, String> chart : section(result).charts().entrySet()) {
        Files.writeString(folder.resolve(chart.getKey()), chart.getValue());
      }
    }
    return Files.writeString(docs.resolve("benchmarks.md"), page());
  }

  /** The page's text. */
  String page() throws IOException {
    List<String> lines = new ArrayList<>(INTRODUCTION.lines().toList());
    lines.add("");
    lines.addAll(machines());
    lines.add("## All comparisons");
    lines.add("");
    lines.add("| comparison | ours | peer | | ratio | wanted | unit |");
    lines.add("|---|--:|--:|---|--:|--:|---|");
    comparisons().forEach(comparison -> lines.add(row(comparison)));
    lines.add("");
    lines.addAll(losses());
    results.forEach(result -> lines.addAll(section(result).lines()));
    return String.join("\n", lines).strip() + "\n";
  }

  private Section section(RunResult result) {
    return new Section(result, sentences.get(result.benchmark()));
  }

  private List<Comparison> comparisons() {
    return results.stream().flatMap(result -> result.comparisons().stream()).toList();
  }

  private static String row(Comparison c) {
    return "| %s | %s | %s | %s | **%s** | %s | %s |"
        .formatted(
            c.name(),
            Numbers.of(c.ours().stats().median()),
            Numbers.of(c.peer().stats().median()),
            c.peer().subject(),
            Numbers.of(c.ratio()),
            c.wanted() == null ? "" : Numbers.of(c.wanted()) + (c.reached() ? "" : " (missed)"),
            c.ours().unit());
  }

  private List<String> machines() {
    Map<String, List<String>> machines = new TreeMap<>();
    for (RunResult result : results) {
      machines
          .computeIfAbsent(describe(result.machine()), machine -> new ArrayList<>())
          .add(result.benchmark());
    }
    List<String> lines = new ArrayList<>();
    lines.add("## Machine");
    lines.add("");
    machines.forEach(
        (machine, names) ->
            lines.add(
                "- "
                    + machine
                    + (machines.size() == 1 ? "" : " (" + String.join(", ", names) + ")")));
    lines.add("");
    return lines;
  }

  private static String describe(MachineFacts machine) {
    return "%s, %d cores, %s of memory, %s, %s"
        .formatted(
            machine.processor(),
            machine.cores(),
            Numbers.mebibytes(machine.memoryBytes()),
            machine.system(),
            machine.java());
  }

  private List<String> losses() throws IOException {
    Reasons reasons = Reasons.read();
    List<String> lines = new ArrayList<>();
    lines.add("## Where we lose, and why");
    lines.add("");
    String lost =
        comparisons().stream()
            .filter(c -> c.ratio() < 1 || !c.reached())
            .map(
                c ->
                    "- **%s** against %s, ratio %s%s: %s"
                        .formatted(
                            c.name(),
                            c.peer().subject(),
                            Numbers.of(c.ratio()),
                            c.reached() ? "" : " where " + Numbers.of(c.wanted()) + " is wanted",
                            reasons
                                .of(c.name(), c.peer().subject())
                                .orElse("not looked into yet.")))
            .collect(Collectors.joining("\n"));
    lines.add(lost.isEmpty() ? "Nowhere in these runs." : lost);
    lines.add("");
    return lines;
  }
}
