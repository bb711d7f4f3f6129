package dev.tributary.transforms.zscore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.transforms.state.Written;
import dev.tributary.transforms.zscore.ZScoring.Method;
import dev.tributary.transforms.zscore.ZScoring.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Scores are the nearest doubles to what they are in exact arithmetic, whatever was before. */
class ExactScoreTest {
  private final Verdict verdict = new Verdict(1);

  /** Series that are hard on sums. */
  enum Kind {
    COUNTS,
    CENTS,
    GAUSSIAN,
    SMALL_ON_LARGE,
    NEARLY_CONSTANT,
    CONSTANT_WITH_JUMPS,
    HUGE_JUMPS,
    TINY,
    SUBNORMAL,
    ALL_SIZES,
    DECAYING
  }

  private static double next(Kind kind, Random random, double before) {
    return switch (kind) {
      case COUNTS -> random.nextInt(5);
      case CENTS -> random.nextInt(5_000) / 100.0;
      case GAUSSIAN -> random.nextGaussian();
      case SMALL_ON_LARGE -> 1e15 + random.nextInt(9) / 8.0;
      case NEARLY_CONSTANT -> random.nextInt(4) == 0 ? Math.nextUp(0.1) : 0.1;
      case CONSTANT_WITH_JUMPS -> random.nextInt(12) == 0 ? random.nextGaussian() * 1e6 : -7.3;
      case HUGE_JUMPS ->
          random.nextInt(9) == 0 ? 1e300 * random.nextGaussian() : random.nextInt(100) / 4.0;
      case TINY -> random.nextInt(3) == 0 ? 1e-300 * random.nextGaussian() : random.nextInt(3);
      case SUBNORMAL -> Double.MIN_VALUE * random.nextInt(1_000);
      case ALL_SIZES -> {
        double any = Double.longBitsToDouble(random.nextLong());
        yield Double.isFinite(any) ? any : 0;
      }
      case DECAYING -> random.nextInt(40) == 0 ? 100 * random.nextDouble() : before / 3;
    };
  }

  private static List<Double> series(Kind kind, Random random, int length) {
    List<Double> values = new ArrayList<>();
    double value = 1;
    for (int i = 0; i < length; i++) {
      value = next(kind, random, value);
      values.add(value);
    }
    return values;
  }

  @Property(tries = 300)
  void isTheNearestDoubleOfTheLastValues(
      @ForAll Kind kind, @ForAll @IntRange(min = 1, max = 40) int window, @ForAll Random random) {
    ZScores scores = new ZScores(ZScoring.byLast(window, 1, 3.0, false), 1);
    List<Double> values = series(kind, random, 200);
    for (int i = 1; i < values.size(); i++) {
      scores.keep("k", 0, new double[] {values.get(i - 1)});
      List<Double> before = values.subList(Math.max(0, i - window), i);
      check(scores, 0, before, values.get(i));
      check(scores, 0, before, next(Kind.ALL_SIZES, random, 0));
    }
  }

  @Property(tries = 200)
  void isTheNearestDoubleOfAWindowOfTime(
      @ForAll Kind kind, @ForAll @IntRange(min = 1, max = 40) int length, @ForAll Random random) {
    int grace = random.nextInt(length);
    int maxValues = random.nextInt(4) == 0 ? 10 : 10_000;
    ZScoring scoring =
        new ZScoring(Method.ZSCORE, new Window.Within(length, grace, maxValues), 1, 3.0, false, 0);
    ZScores scores = new ZScores(scoring, 1);
    record Timed(long time, double value) {}
    List<Timed> kept = new ArrayList<>();
    long now = 1_000;
    for (double value : series(kind, random, 200)) {
      now += random.nextInt(20) == 0 ? length : random.nextInt(3);
      long time = random.nextInt(4) == 0 ? now - random.nextInt(grace + 1) : now;
      List<Double> before =
          kept.stream()
              .filter(e -> e.time > time - length && e.time <= time)
              .map(Timed::value)
              .toList();
      if (!before.isEmpty()) {
        check(scores, time, before, value);
      }
      if (random.nextInt(30) == 0) {
        ZScores copy = new ZScores(scoring, 1);
        Written.down(scores::write, copy::read);
        scores = copy;
      }
      scores.keep("k", time, new double[] {value});
      if (kept.size() == maxValues) {
        kept.remove(0);
      }
      int at = kept.size();
      while (at > 0 && kept.get(at - 1).time > time) {
        at--;
      }
      kept.add(at, new Timed(time, value));
      long newest = now;
      kept.removeIf(e -> e.time <= newest - length - grace);
    }
  }

  private void check(ZScores scores, long time, List<Double> before, double value) {
    scores.current("k", time, new double[] {value}, verdict);
    assertThat((Double) verdict.zScore(0))
        .as("%s after %s", value, before)
        .isEqualTo((Double) ExactOracle.score(before, value));
  }

  /** Against -d and d a value is value / d deviations off, which the processor can divide too. */
  @Property(tries = 3_000)
  void roundsAsADivisionDoes(@ForAll Random random) {
    double value = next(Kind.ALL_SIZES, random, 0);
    double deviation = Math.abs(next(Kind.ALL_SIZES, random, 0));
    if (deviation > 0) {
      double expected = value == 0 ? 0 : value / deviation;
      assertThat(score(value, -deviation, deviation)).isEqualTo((Double) expected);
    }
  }

  /** Against 0 and 2 a value is value - 1 deviations off; halfway between two doubles at times. */
  @Property(tries = 3_000)
  void roundsAsASubtractionDoes(@ForAll Random random) {
    double value = random.nextLong() * Math.scalb(1.0, -50 - random.nextInt(80));
    assertThat(score(value, 0, 2)).isEqualTo((Double) (value - 1));
  }

  @Test
  void roundsToEvenHalfwayBetweenTwoDoubles() {
    assertThat(score(0x1p-54, 0, 2)).isEqualTo(-1);
    assertThat(score(3 * 0x1p-54, 0, 2)).isEqualTo(-1 + 2 * 0x1p-53);
    assertThat(score(0x1.0000000000001p-54, 0, 2)).isEqualTo(-1 + 0x1p-53);
    assertThat(score(-0x1p-53, 0, 2)).isEqualTo(-1);
    assertThat(score(-3 * 0x1p-53, 0, 2)).isEqualTo(-1 - 0x1p-51);
  }

  @Test
  void isExactlyThreeWhereItIsThree() {
    for (int offset = 0; offset < 2_000; offset++) {
      for (double step : new double[] {1, 0.25, 3, 1024}) {
        double low = offset * step;
        assertThat(score(low + 4 * step, low, low + 2 * step)).isEqualTo(3);
      }
    }
  }

  private Double score(double value, double... before) {
    ZScores scores = new ZScores(ZScoring.byLast(before.length, 1, 3.0, false), 1);
    for (double each : before) {
      scores.keep("k", 0, new double[] {each});
    }
    scores.current("k", 0, new double[] {value}, verdict);
    return verdict.zScore(0);
  }
}
