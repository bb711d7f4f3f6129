package dev.tributary.bench.harness;

import dev.tributary.bench.result.Figure;
import dev.tributary.bench.result.Round;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Contestants that take turns: A, B, C, A, B, C ... Each first does its work without being counted,
 * so that its code is compiled and its caches are filled; whatever slows the machine down for a
 * while then meets all of them.
 */
public final class Contest {
  private final Run run;
  private final String name;
  private final String unit;
  private final Map<String, Attempt> contestants = new LinkedHashMap<>();
  private int warmups = 1;
  private int rounds;

  /**
   * A contest without contestants.
   *
   * @param name what is measured
   */
  public Contest(Run run, String name, String unit) {
    this.run = run;
    this.name = name;
    this.unit = unit;
    this.rounds = run.rounds();
  }

  /** Adds a contestant; the first one starts. */
  public Contest contestant(String subject, Attempt attempt) {
    contestants.put(subject, attempt);
    return this;
  }

  /** How often each does its work uncounted; once, if nothing else is said. */
  public Contest warmups(int times) {
    warmups = times;
    return this;
  }

  /** How many rounds count, where the run's own number is not right. */
  public Contest rounds(int times) {
    rounds = times;
    return this;
  }

  /** Runs all rounds, gives the figures to the run and returns them by subject. */
  public Map<String, Figure> go() throws Exception {
    Map<String, List<Round>> done = new LinkedHashMap<>();
    for (int number = 1 - warmups; number <= rounds; number++) {
      for (Map.Entry<String, Attempt> contestant : contestants.entrySet()) {
        Measurement m = contestant.getValue().run(number);
        boolean counts = number >= 1;
        run.say(
            "%s, %s, %s: %s %s",
            name,
            counts ? "round " + number + " of " + rounds : "warm-up",
            contestant.getKey(),
            readable(m.value()),
            unit);
        if (counts) {
          done.computeIfAbsent(contestant.getKey(), k -> new ArrayList<>())
              .add(new Round(number, m.value(), m.processes(), m.more()));
        }
      }
    }
    Map<String, Figure> figures = new LinkedHashMap<>();
    done.forEach((subject, all) -> figures.put(subject, run.figure(name, subject, unit, all)));
    return figures;
  }

  private static String readable(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.3f", value);
  }
}
