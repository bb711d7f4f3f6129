package dev.tributary.bench.harness;

import dev.tributary.bench.measure.Profiles;
import dev.tributary.bench.result.Better;
import dev.tributary.bench.result.Comparison;
import dev.tributary.bench.result.Figure;
import dev.tributary.bench.result.MachineFacts;
import dev.tributary.bench.result.Round;
import dev.tributary.bench.result.RunResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** A run of one benchmark that is under way. Used by the thread that runs it. */
public final class Run {
  private static final int ROUNDS = 5;
  private static final int ROUNDS_QUICK = 3;

  /** For a look at whether a benchmark works at all: a part of the size, and no figure to tell. */
  private static final double SCALE =
      Double.parseDouble(System.getProperty("tributary.bench.scale", "1"));

  private final String id = UUID.randomUUID().toString();
  private final Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final MachineFacts machine = MachineFacts.read();
  private final String benchmark;
  private final boolean quick;
  private final Profiles profiles;
  private final Consumer<String> progress;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<Figure> figures = new ArrayList<>();
  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * Begins.
   *
   * @param progress is told what happens, line by line
   */
  public Run(String benchmark, boolean quick, Profiles profiles, Consumer<String> progress) {
    this.benchmark = benchmark;
    this.quick = quick;
    this.profiles = profiles;
    this.progress = progress;
    if (SCALE < 1) {
      fact("size", SCALE + " of a run's, so these are no figures to tell");
    }
  }

  /** Whether it is to stay under two minutes. */
  public boolean quick() {
    return quick;
  }

  /** One of two sizes. */
  public int size(int whenQuick, int whenNot) {
    return Math.max(1, (int) ((quick ? whenQuick : whenNot) * SCALE));
  }

  /** How many rounds count. */
  public int rounds() {
    return SCALE < 1 ? 1 : quick ? ROUNDS_QUICK : ROUNDS;
  }

  /** Where profiles go, if any are wanted. */
  public Profiles profiles() {
    return profiles;
  }

  /** The same for a round: of one that counts, and no more. */
  public Profiles profiles(int round) {
    return round == 1 ? profiles : Profiles.none();
  }

  /** Tells what happens. */
  public void say(String format, Object... arguments) {
    progress.accept(String.format(Locale.ROOT, format, arguments));
  }

  /** Keeps a version or a setting that the figures depend on. */
  public void fact(String what, String value) {
    facts.put(what, value);
  }

  /** Keeps a sentence that a reader needs beside the numbers. */
  public void note(String sentence) {
    notes.add(sentence);
  }

  /** Keeps a figure. */
  public Figure figure(String name, String subject, String unit, List<Round> rounds) {
    Figure figure = new Figure(id, name, subject, unit, rounds);
    figures.add(figure);
    return figure;
  }

  /** Keeps a figure of one measurement. */
  public Figure figure(String name, String subject, String unit, double value) {
    return figure(name, subject, unit, List.of(new Round(1, value, Map.of(), Map.of())));
  }

  /** The figures of a name that are kept, by subject. */
  public Map<String, Figure> figures(String name) {
    Map<String, Figure> found = new LinkedHashMap<>();
    for (Figure figure : figures) {
      if (figure.name().equals(name)) {
        found.put(figure.subject(), figure);
      }
    }
    return found;
  }

  /**
   * Compares two figures of this run.
   *
   * @param wanted the ratio that we want to reach, or null
   */
  public void compare(String name, Better better, Figure ours, Figure peer, Double wanted) {
    comparisons.add(new Comparison(name, better, ours, peer, wanted));
  }

  /**
   * Compares our figure of a name with a peer's, both of which are kept.
   *
   * @param wanted the ratio that we want to reach, or null
   */
  public void compare(String name, Better better, String peer, Double wanted) {
    Map<String, Figure> of = figures(name);
    compare(name, better, of.get(Figure.OURS), of.get(peer), wanted);
  }

  /** What came out of it. */
  public RunResult result(String commit) {
    return new RunResult(
        id,
        benchmark,
        started.toString(),
        commit,
        "bench/run " + benchmark + (quick ? " --quick" : ""),
        quick,
        machine,
        facts,
        figures,
        comparisons,
        notes);
  }
}
