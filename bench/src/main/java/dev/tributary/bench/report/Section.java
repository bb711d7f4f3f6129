package dev.tributary.bench.report;

import dev.tributary.bench.result.Figure;
import dev.tributary.bench.result.ProcessUsage;
import dev.tributary.bench.result.Round;
import dev.tributary.bench.result.RunResult;
import dev.tributary.bench.result.Stats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The part of the page about one benchmark. */
final class Section {
  private final RunResult result;
  private final String sentence;

  Section(RunResult result, String sentence) {
    this.result = result;
    this.sentence = sentence;
  }

  /** Charts by file name, one for each unit. */
  Map<String, String> charts() {
    Map<String, List<Figure>> byUnit = new LinkedHashMap<>();
    result
        .figures()
        .forEach(f -> byUnit.computeIfAbsent(f.unit(), unit -> new ArrayList<>()).add(f));
    Map<String, String> charts = new LinkedHashMap<>();
    byUnit.forEach(
        (unit, figures) ->
            charts.put(
                chartName(unit, byUnit.size()),
                BarChart.of(result.benchmark() + ", " + unit, figures)));
    return charts;
  }

  private String chartName(String unit, int units) {
    String more =
        units == 1 ? "" : "-" + unit.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return result.benchmark() + more + ".svg";
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("## " + result.benchmark());
    lines.add("");
    lines.add(sentence);
    lines.add("");
    lines.add("```bash");
    lines.add(result.command());
    lines.add("```");
    lines.add("");
    charts().keySet().forEach(file -> lines.add("![" + file + "](benchmarks/" + file + ")"));
    lines.add("");
    lines.add("| what | who | median | smallest to largest | spread | rounds | unit |");
    lines.add("|---|---|--:|--:|--:|--:|---|");
    result.figures().forEach(figure -> lines.add(row(figure)));
    lines.add("");
    lines.addAll(more());
    lines.addAll(costs());
    result.notes().forEach(note -> lines.addAll(List.of("- " + note)));
    if (!result.notes().isEmpty()) {
      lines.add("");
    }
    lines.add(
        "Run of "
            + result.startedAt()
            + (result.quick() ? ", a quick one" : "")
            + ", commit "
            + result.commit()
            + ", load before "
            + Numbers.of(result.machine().loadBefore())
            + facts());
    lines.add("");
    return lines;
  }

  private String facts() {
    return new TreeMap<>(result.facts())
        .entrySet().stream()
            .map(fact -> "; " + fact.getKey() + ": " + fact.getValue())
            .collect(Collectors.joining("", "", "."));
  }

  private static String row(Figure figure) {
    Stats stats = figure.stats();
    return "| %s | %s | %s | %s to %s | %s | %d | %s |"
        .formatted(
            figure.name(),
            figure.subject(),
            Numbers.of(stats.median()),
            Numbers.of(stats.min()),
            Numbers.of(stats.max()),
            Numbers.percent(stats.spread()),
            figure.rounds().size(),
            figure.unit());
  }

  /** The numbers beside the rounds' values, as medians. */
  private List<String> more() {
    List<String> lines = new ArrayList<>();
    for (Figure figure : result.figures()) {
      for (String what : new TreeSet<>(figure.rounds().get(0).more().keySet())) {
        double[] values =
            figure.rounds().stream()
                .map(round -> round.more().get(what))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .toArray();
        lines.add(
            "| %s | %s | %s | %s |"
                .formatted(
                    figure.name(), figure.subject(), Numbers.of(Stats.of(values).median()), what));
      }
    }
    if (!lines.isEmpty()) {
      lines.addAll(
          0,
          List.of(
              "Beside them (medians):", "", "| what | who | median | unit |", "|---|---|--:|---|"));
      lines.add("");
    }
    return lines;
  }

  private List<String> costs() {
    List<String> lines = new ArrayList<>();
    for (Figure figure : result.figures()) {
      TreeSet<String> roles = new TreeSet<>();
      figure.rounds().forEach(round -> roles.addAll(round.processes().keySet()));
      for (String role : roles) {
        cost(figure, role).ifPresent(lines::add);
      }
    }
    if (!lines.isEmpty()) {
      lines.addAll(
          0,
          List.of(
              "What it cost each process (medians of a round):",
              "",
              "| what | who | process | CPU | peak RSS | GC pauses |",
              "|---|---|---|--:|--:|--:|"));
      lines.add("");
    }
    return lines;
  }

  /** A process that did next to nothing is left out. */
  private static Optional<String> cost(Figure figure, String role) {
    List<ProcessUsage> usages =
        figure.rounds().stream()
            .map(Round::processes)
            .map(processes -> processes.get(role))
            .filter(Objects::nonNull)
            .toList();
    double cpu = median(usages.stream().mapToDouble(ProcessUsage::cpuSeconds).toArray());
    if (cpu < 0.02) {
      return Optional.empty();
    }
    double[] rss =
        usages.stream()
            .map(ProcessUsage::peakRssBytes)
            .filter(Objects::nonNull)
            .mapToDouble(Long::doubleValue)
            .toArray();
    double[] gc =
        usages.stream()
            .map(ProcessUsage::gcSeconds)
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .toArray();
    return Optional.of(
        "| %s | %s | %s | %s s | %s | %s |"
            .formatted(
                figure.name(),
                figure.subject(),
                role,
                Numbers.of(cpu),
                rss.length == 0 ? "" : Numbers.mebibytes((long) median(rss)),
                gc.length == 0 ? "" : Numbers.of(median(gc) * 1000) + " ms"));
  }

  private static double median(double... values) {
    return Stats.of(values).median();
  }
}
