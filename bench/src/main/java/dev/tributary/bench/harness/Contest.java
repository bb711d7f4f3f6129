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

  private record Key(String figure, String subject, String unit) {}

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

  /**
   * Runs all rounds and gives the figures to the run, those of the contest and the others that the
   * attempts brought.
   *
   * @return the contest's by subject
   */
  public Map<String, Figure> go() throws Exception {
    Map<Key, List<Round>> done = new LinkedHashMap<>();
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
          keep(done, new Key(name, contestant.getKey(), unit), round(number, m));
          for (Measurement.Other other : m.others()) {
            keep(
                done,
                new Key(other.figure(), contestant.getKey(), other.unit()),
                round(number, Measurement.of(other.value())));
          }
        }
      }
    }
    done.forEach((key, all) -> run.figure(key.figure(), key.subject(), key.unit(), all));
    return run.figures(name);
  }

  private static void keep(Map<Key, List<Round>> done, Key key, Round round) {
    done.computeIfAbsent(key, k -> new ArrayList<>()).add(round);
  }

  private static Round round(int number, Measurement m) {
    return new Round(number, m.value(), m.processes(), m.more());
  }

  private static String readable(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : "%.3f", value);
  }
}
