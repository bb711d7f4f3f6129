package dev.tributary.bench;

import dev.tributary.bench.harness.Benchmark;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.Profiles;
import dev.tributary.bench.report.Report;
import dev.tributary.bench.result.Comparison;
import dev.tributary.bench.result.Figure;
import dev.tributary.bench.result.RunResult;
import dev.tributary.stack.BuildRoot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What {@code bench/run} starts. Exit status: 0 all measured, 1 a benchmark failed, 2 the command
 * line is wrong.
 */
public final class Bench {
  private final Path root = BuildRoot.find();
  private final Options options;

  private Bench(Options options) {
    this.options = options;
  }

  /** Runs what the command line asks for. */
  public static void main(String[] arguments) throws IOException {
    Options options;
    try {
      options = Options.parse(arguments);
      Catalog.check(options.words());
    } catch (IllegalArgumentException e) {
      System.err.println("bench: " + e.getMessage());
      System.err.print(usage());
      System.exit(2);
      return;
    }
    System.exit(new Bench(options).run() ? 0 : 1);
  }

  /** What {@code bench/run --help} shows. */
  static String usage() throws IOException {
    try (InputStream text = Bench.class.getResourceAsStream("usage.txt")) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private boolean run() throws IOException {
    switch (options.words().get(0)) {
      case "list" -> {
        Catalog.all().forEach(b -> System.out.printf("%-26s %s%n", b.name(), b.sentence()));
        return true;
      }
      case "report" -> {
        report(options.words().stream().skip(1).map(Path::of).toList());
        return true;
      }
      case "all" -> {
        boolean all = measure(Catalog.all());
        report(List.of());
        return all;
      }
      default -> {
        return measure(options.words().stream().map(Catalog::named).toList());
      }
    }
  }

  /** Goes on after a benchmark that fails, so that the others are not lost. */
  private boolean measure(List<Benchmark> benchmarks) {
    List<String> lines = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    for (Benchmark benchmark : benchmarks) {
      try {
        RunResult result = measure(benchmark);
        result.comparisons().stream().map(Comparison::resultLine).forEach(lines::add);
        if (result.comparisons().isEmpty()) { // there is no peer: the figures are all there is
          result.figures().stream().map(Figure::line).forEach(lines::add);
        }
      } catch (Exception e) {
        e.printStackTrace();
        failures.add("FAILED name=" + benchmark.name() + " reason=" + e.getMessage());
      }
    }
    failures.forEach(System.err::println);
    lines.forEach(System.out::println);
    return failures.isEmpty();
  }

  private RunResult measure(Benchmark benchmark) throws Exception {
    long start = System.nanoTime();
    Profiles profiles =
        options.profile() ? Profiles.into(root.resolve("target/bench/profiles")) : Profiles.none();
    Run run =
        new Run(
            benchmark.name(),
            options.quick(),
            profiles,
            line -> System.err.printf(Locale.ROOT, "[%5.1f s] %s%n", seconds(start), line));
    run.say("%s: %s", benchmark.name(), benchmark.sentence());
    benchmark.run(run);
    RunResult result = run.result(Commit.of(root));
    Path file = options.json().orElseGet(() -> results().resolve(benchmark.name() + ".json"));
    result.write(file);
    run.say("%s took %.0f s; its numbers are in %s", benchmark.name(), seconds(start), file);
    return result;
  }

  private void report(List<Path> given) throws IOException {
    List<Path> files = given.isEmpty() ? written() : given;
    List<RunResult> results = new ArrayList<>();
    for (Path file : files) {
      results.add(RunResult.read(file));
    }
    Path page = new Report(Catalog.all(), results).write(root.resolve("docs"));
    System.err.println("bench: wrote " + root.relativize(page) + " from " + files.size() + " runs");
  }

  private Path results() {
    return root.resolve("target/bench/results");
  }

  private List<Path> written() throws IOException {
    if (!Files.isDirectory(results())) {
      throw new IOException("no results in " + results() + "; run a benchmark first");
    }
    try (Stream<Path> files = Files.list(results())) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  private static double seconds(long since) {
    return Duration.ofNanos(System.nanoTime() - since).toMillis() / 1000.0;
  }
}
