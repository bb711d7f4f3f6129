package dev.tributary.transforms.zscore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.transforms.state.Written;
import dev.tributary.transforms.zscore.ZScoring.Method;
import dev.tributary.transforms.zscore.ZScoring.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every method against one written the slow way, over long series that are random, constant, jump
 * or hold values that are none.
 */
class ScoringOracleTest {
  private static final int EVENTS = 3_000;
  private static final int KEYS = 3;

  private record Event(String key, long time, double value) {}

  /** The series that are scored. */
  enum Kind {
    RANDOM,
    CONSTANT,
    JUMPING,
    COUNTS,
    WITH_HOLES
  }

  private static List<Event> series(Kind kind, Random random) {
    List<Event> events = new ArrayList<>();
    long now = 1_700_000_000_000L;
    for (int i = 0; i < EVENTS; i++) {
      now += random.nextInt(2_000);
      double value =
          switch (kind) {
            case RANDOM -> random.nextGaussian() * 10 + 1_000;
            case CONSTANT -> i % 97 == 0 ? 8 : 7.25;
            case JUMPING -> (i - i % 500) / 10.0 + random.nextDouble();
            case COUNTS -> random.nextInt(4);
            case WITH_HOLES ->
                switch (random.nextInt(9)) {
                  case 0 -> Double.NaN;
                  case 1 -> Double.POSITIVE_INFINITY;
                  case 2 -> -0.0;
                  default -> random.nextInt(100) - 50.0;
                };
          };
      long time = random.nextInt(5) == 0 ? now - random.nextInt(30_000) : now;
      events.add(new Event("k" + random.nextInt(KEYS), time, value));
    }
    return events;
  }

  @ParameterizedTest
  @EnumSource
  void meanOfTheLastValues(Kind kind) {
    byLast(kind, Method.ZSCORE);
  }

  @ParameterizedTest
  @EnumSource
  void medianOfTheLastValues(Kind kind) {
    byLast(kind, Method.ROBUST);
  }

  private static void byLast(Kind kind, Method method) {
    for (int window : new int[] {2, 25, 100}) {
      int minSamples = Math.min(window, 10);
      ZScoring scoring =
          new ZScoring(
              method, new Window.Last(window), minSamples, method.defaultThreshold(), false, 0);
      Map<String, List<Double>> all = new HashMap<>();
      check(
          kind,
          scoring,
          event -> {
            List<Double> before = all.computeIfAbsent(event.key, k -> new ArrayList<>());
            double score =
                score(
                    method,
                    before.subList(Math.max(0, before.size() - window), before.size()),
                    event.value,
                    minSamples);
            if (Double.isFinite(event.value)) {
              before.add(event.value);
            }
            return score;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void windowsOfTime(Kind kind) {
    long length = 60_000;
    long grace = 10_000;
    for (Method method : List.of(Method.ZSCORE, Method.ROBUST)) {
      ZScoring scoring =
          new ZScoring(
              method,
              new Window.Within(length, grace, 10_000),
              5,
              method.defaultThreshold(),
              false,
              0);
      List<Event> all = new ArrayList<>();
      long[] newest = {Long.MIN_VALUE};
      check(
          kind,
          scoring,
          event -> {
            newest[0] = Math.max(newest[0], event.time);
            if (event.time < newest[0] - grace) {
              return Double.NaN;
            }
            List<Double> before =
                all.stream()
                    .filter(e -> e.key.equals(event.key))
                    .filter(e -> e.time > event.time - length && e.time <= event.time)
                    .sorted((a, b) -> Long.compare(a.time, b.time))
                    .map(Event::value)
                    .toList();
            double score = score(method, before, event.value, 5);
            if (Double.isFinite(event.value)) {
              all.add(event);
              all.removeIf(e -> e.time < newest[0] - length - grace - 1);
            }
            return score;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void exponentialWeights(Kind kind) {
    int span = 20;
    double alpha = 2.0 / (span + 1);
    ZScoring scoring = new ZScoring(Method.EWMA, new Window.Last(span), 10, 3.0, false, 0);
    Map<String, List<Double>> all = new HashMap<>();
    check(
        kind,
        scoring,
        event -> {
          List<Double> before = all.computeIfAbsent(event.key, k -> new ArrayList<>());
          double score = Double.NaN;
          if (Double.isFinite(event.value) && before.size() >= 10) {
            // the weights written out: (1 - alpha)^age alpha, all the rest on the first value
            List<Double> recent = before.subList(Math.max(0, before.size() - 800), before.size());
            double[] weights = new double[recent.size()];
            double rest = 1;
            for (int i = recent.size() - 1; i > 0; i--) {
              weights[i] = rest * alpha;
              rest *= 1 - alpha;
            }
            weights[0] = rest;
            double first = recent.get(0);
            double mean = first;
            for (int i = 0; i < weights.length; i++) {
              mean += weights[i] * (recent.get(i) - first);
            }
            double variance = 0;
            for (int i = 0; i < weights.length; i++) {
              variance += weights[i] * (recent.get(i) - mean) * (recent.get(i) - mean);
            }
            score = ratio(event.value - mean, Math.sqrt(variance));
          }
          if (Double.isFinite(event.value)) {
            before.add(event.value);
          }
          return score;
        });
  }

  @ParameterizedTest
  @EnumSource
  void pageHinkley(Kind kind) {
    ZScoring scoring =
        new ZScoring(Method.PAGE_HINKLEY, new Window.Last(100), 10, 10.0, false, 0.5);
    Map<String, List<Double>> all = new HashMap<>();
    int[] changes = {0};
    check(
        kind,
        scoring,
        event -> {
          List<Double> since = all.computeIfAbsent(event.key, k -> new ArrayList<>());
          if (!Double.isFinite(event.value)) {
            return Double.NaN;
          }
          since.add(event.value);
          double score = pageHinkley(since);
          if (Math.abs(score) > 10) {
            since.clear();
            changes[0]++;
          }
          return score;
        });
    if (kind == Kind.JUMPING) {
      assertThat(changes[0]).as("jumps found of 5 per key").isBetween(5 * KEYS, 6 * KEYS);
    }
  }

  /** Of the last of these, all sums made again from the first. */
  private static double pageHinkley(List<Double> values) {
    int n = values.size() - 1;
    if (n < 10) {
      return Double.NaN;
    }
    double sum = 0;
    double least = 0;
    double sumDown = 0;
    double leastDown = 0;
    double mean = 0;
    double squares = 0;
    double last = Double.NaN;
    for (int i = 0; i <= n; i++) {
      double value = values.get(i);
      if (i >= 10) {
        double deviation = Math.sqrt(squares / i);
        if (deviation > 0) {
          double distance = (value - mean) / deviation;
          sum += distance - 0.5;
          least = Math.min(least, sum);
          sumDown += -distance - 0.5;
          leastDown = Math.min(leastDown, sumDown);
          double up = sum - least;
          double down = sumDown - leastDown;
          last = up >= down ? up : -down;
        } else {
          last = value == mean ? 0 : Double.NaN;
        }
      }
      double next = mean + (value - mean) / (i + 1);
      squares += (value - mean) * (value - next);
      mean = next;
    }
    return last;
  }

  private static double score(Method method, List<Double> before, double value, int minSamples) {
    if (!Double.isFinite(value) || before.size() < minSamples) {
      return Double.NaN;
    }
    if (method == Method.ZSCORE) {
      return ExactOracle.score(before, value);
    }
    double median = median(before);
    double mad = median(before.stream().map(v -> Math.abs(v - median)).toList());
    if (mad > 0) {
      return 0.6745 * (value - median) / mad;
    }
    double mean = before.stream().mapToDouble(v -> Math.abs(v - median)).average().orElseThrow();
    return ratio(value - median, 1.253314 * mean);
  }

  private static double ratio(double distance, double deviation) {
    return deviation > 0 ? distance / deviation : distance == 0 ? 0 : Double.NaN;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().map(v -> v + 0.0).sorted().toList();
    int n = sorted.size();
    return n % 2 == 1 ? sorted.get(n / 2) : (sorted.get(n / 2 - 1) + sorted.get(n / 2)) / 2;
  }

  private static void check(Kind kind, ZScoring scoring, ToDoubleFunction<Event> oracle) {
    ZScores scores = new ZScores(scoring, 1);
    Verdict verdict = new Verdict(1);
    ZScores copied = new ZScores(scoring, 1);
    Verdict ofCopied = new Verdict(1);
    int scored = 0;
    for (Event event : series(kind, new Random(kind.name().hashCode()))) {
      double[] value = {event.value};
      scores.update(event.key, event.time, value, verdict);
      double z = verdict.zScore(0);
      if (event.time % 11 == 0) {
        ZScores before = copied;
        copied = new ZScores(scoring, 1);
        Written.down(before::write, copied::read);
        assertThat(copied.size()).isEqualTo(before.size());
      }
      copied.update(event.key, event.time, value, ofCopied);
      assertThat((Double) ofCopied.zScore(0))
          .as("to the bit, %s %s %s", kind, scoring, event)
          .isEqualTo((Double) z);
      assertThat(ofCopied.isFlagged(0)).isEqualTo(verdict.isFlagged(0));
      double expected = oracle.applyAsDouble(event);
      if (Double.isNaN(expected)) {
        assertThat(z).as("%s %s %s", kind, scoring, event).isNaN();
      } else {
        scored++;
        double rounding =
            switch (scoring.method()) {
              case ZSCORE -> 0;
              case EWMA -> 1e-5; // of weights in the past there are hundreds, each rounded
              default -> 1e-9;
            };
        double tolerance = rounding * Math.max(1, Math.abs(expected));
        assertThat(z).as("%s %s %s", kind, scoring, event).isCloseTo(expected, within(tolerance));
        if (Math.abs(Math.abs(expected) - scoring.threshold()) > tolerance) {
          assertThat(verdict.isFlagged(0)).isEqualTo(Math.abs(expected) > scoring.threshold());
        }
      }
    }
    assertThat(scored).as("scored of %s %s", kind, scoring).isGreaterThan(EVENTS / 4);
  }
}
