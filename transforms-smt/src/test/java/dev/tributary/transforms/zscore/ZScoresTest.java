package dev.tributary.transforms.zscore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.transforms.state.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ZScoresTest {
  private final Verdict verdict = new Verdict(1);

  private Verdict update(ZScores scores, double value) {
    scores.update("k", 0, new double[] {value}, verdict);
    return verdict;
  }

  private static ZScores scores(int window, int minSamples) {
    return new ZScores(ZScoring.byLast(window, minSamples, 3.0, false), 1);
  }

  @Test
  void scoresAgainstTheValuesBefore() {
    ZScores scores = scores(100, 4);
    for (double value : new double[] {2, 4, 4, 6}) {
      assertThat(update(scores, value).zScore(0)).as("too few").isNaN();
    }
    // mean 4, population deviation sqrt(2)
    assertThat(update(scores, 4 + 2 * Math.sqrt(2)).zScore(0)).isCloseTo(2, within(1e-12));
    assertThat(verdict.isFlagged(0)).isFalse();
  }

  @Test
  void flagsBeyondTheThresholdOnBothSidesAndNotOnIt() {
    for (double sign : new double[] {1, -1}) {
      ZScores scores = scores(100, 2);
      update(scores, -1);
      update(scores, 1); // mean 0, deviation 1
      scores.current("k", 0, new double[] {sign * 3}, verdict);
      assertThat(verdict.isFlagged(0)).as("|z| = 3").isFalse();
      scores.current("k", 0, new double[] {sign * 3.0001}, verdict);
      assertThat(verdict.isFlagged(0)).as("|z| > 3").isTrue();
      assertThat(verdict.flagged()).isEqualTo(1);
    }
  }

  @Test
  void givesAConstantSeriesScoreZero() {
    ZScores scores = scores(10, 3);
    for (int i = 0; i < 30; i++) {
      update(scores, 0.1);
    }
    assertThat(update(scores, 0.1).zScore(0)).isZero();
  }

  @Test
  void leavesTheFirstChangeOfAConstantSeriesUnscoredUnlessAsked() {
    ZScores ignoring = scores(10, 3);
    ZScores flagging = new ZScores(ZScoring.byLast(10, 3, 3.0, true), 1);
    for (int i = 0; i < 5; i++) {
      update(ignoring, 0.1);
      update(flagging, 0.1);
    }
    assertThat(update(ignoring, 1e9).isFlagged(0)).isFalse();
    assertThat(verdict.zScore(0)).isNaN();
    assertThat(update(flagging, 1e9).isFlagged(0)).isTrue();
    assertThat(verdict.zScore(0)).isNaN();
    assertThat(update(ignoring, 0.1).zScore(0)).as("there is a deviation now").isNegative();
  }

  @Test
  void neitherScoresNorKeepsWhatIsNotFinite() {
    ZScores scores = scores(10, 2);
    update(scores, 1);
    update(scores, 3);
    for (double odd :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      assertThat(update(scores, odd).zScore(0)).isNaN();
      assertThat(verdict.isFlagged(0)).isFalse();
    }
    assertThat(update(scores, 4).zScore(0)).isCloseTo(2, within(1e-12));
  }

  @Test
  void scoresWhereSquaresAreBeyondADouble() {
    ZScores scores = scores(10, 2);
    update(scores, Double.MAX_VALUE);
    update(scores, -Double.MAX_VALUE);
    assertThat(update(scores, Double.MAX_VALUE / 4).zScore(0)).isEqualTo(0.25);
    ZScores tiny = scores(10, 2);
    update(tiny, 1e-200);
    update(tiny, 3e-200);
    assertThat(update(tiny, 4e-200).zScore(0)).isCloseTo(2, within(1e-12));
  }

  @Test
  void keepsKeysAndFieldsApart() {
    ZScores scores = new ZScores(ZScoring.byLast(10, 1, 3.0, false), 2);
    Verdict two = new Verdict(2);
    scores.update("a", 0, new double[] {1, Double.NaN}, two);
    scores.update("b", 0, new double[] {5, 5}, two);
    scores.update("a", 0, new double[] {1, 7}, two);
    assertThat(two.zScore(0)).isZero();
    assertThat(two.zScore(1)).as("no value of this field before").isNaN();
  }

  @Test
  void forgetsTheKeyThatHasHadNoValueForLongest() {
    Usage usage = new Usage();
    ZScores scores = new ZScores(ZScoring.byLast(10, 1, 3.0, false), 1, 2, usage);
    keep(scores, "a", 1);
    keep(scores, "b", 2);
    keep(scores, "a", 3);
    keep(scores, "b", Double.NaN); // no value: b stays the idlest
    keep(scores, "c", 4);
    assertThat(scores.knows("b")).isFalse();
    assertThat(scores.size()).isEqualTo(2);
    scores.current("a", 0, new double[] {2}, verdict);
    assertThat(verdict.zScore(0)).as("a has its two values").isZero();
    keep(scores, "b", 5);
    assertThat(scores.knows("a")).isFalse();
    scores.current("b", 0, new double[] {5}, verdict);
    assertThat(verdict.zScore(0)).as("b begins anew").isZero();
    assertThat(usage.evicted()).isEqualTo(2);
    assertThat(usage.keys()).isEqualTo(2);
    assertThat(scores.appeared()).isEqualTo(4);
  }

  @Test
  void countsTheMemoryOfWhatItHolds() {
    Usage usage = new Usage();
    ZScores scores = new ZScores(ZScoring.byLast(100, 1, 3.0, false), 1, 3, usage);
    long before = usage.bytes();
    keep(scores, "a", 1);
    long one = usage.bytes() - before;
    for (int i = 0; i < 200; i++) {
      keep(scores, "a", i);
    }
    long full = usage.bytes() - before;
    assertThat(full).isBetween(one + 92 * 8, one + 92 * 8 + 400);
    keep(scores, "b", 1);
    keep(scores, "c", 1);
    keep(scores, "d", 1);
    assertThat(usage.bytes() - before).as("a is gone").isEqualTo(3 * one);
    scores.close();
    assertThat(usage.bytes()).isZero();
    assertThat(usage.keys()).isZero();
  }

  @Test
  void needsNoMoreMemoryOnceAHugeValueHasGone() {
    Usage usage = new Usage();
    ZScores scores = new ZScores(ZScoring.byLast(10, 1, 3.0, false), 1, 0, usage);
    for (int i = 0; i < 10; i++) {
      keep(scores, "a", i);
    }
    long before = usage.bytes();
    keep(scores, "a", 1e300);
    assertThat(usage.bytes()).isGreaterThan(before + 500);
    for (int i = 0; i < 20; i++) {
      keep(scores, "a", i);
    }
    assertThat(usage.bytes()).isEqualTo(before);
  }

  @Test
  void countsTheMemoryThatScoringInAWindowOfTimeNeeds() {
    ZScoring scoring =
        new ZScoring(
            ZScoring.Method.ZSCORE, new ZScoring.Window.Within(1_000, 100, 10), 2, 3.0, false, 0);
    Usage usage = new Usage();
    ZScores scores = new ZScores(scoring, 1, 0, usage);
    Verdict verdict = new Verdict(1);
    scores.keep("0", 0, new double[] {1});
    long one = usage.bytes();
    for (int key = 0; key < 100; key++) {
      long from = key * 10_000L;
      for (int i = 0; i < 5; i++) {
        scores.update(Integer.toString(key), from + i, new double[] {i}, verdict);
      }
    }
    scores.keep("last", 5_000_000, new double[] {1});
    assertThat(usage.keys()).isEqualTo(1);
    assertThat(usage.bytes()).isBetween(one - 100, one + 100);
  }

  @Test
  void holdsNothingOfAKeyWhoseWindowHasPassed() {
    ZScoring scoring =
        new ZScoring(
            ZScoring.Method.ZSCORE, new ZScoring.Window.Within(1_000, 100, 10), 1, 3.0, false, 0);
    ZScores scores = new ZScores(scoring, 1);
    scores.keep("a", 5_000, new double[] {1});
    scores.keep("b", 5_050, new double[] {1});
    scores.keep("a", 4_950, new double[] {1});
    scores.keep("c", 6_099, new double[] {1});
    assertThat(scores.knows("a")).isTrue();
    scores.keep("c", 6_100, new double[] {1});
    assertThat(scores.knows("a")).as("b is idler, and its value may yet be seen").isTrue();
    assertThat(scores.knows("b")).isTrue();
    scores.keep("c", 6_150, new double[] {1});
    assertThat(scores.size()).isEqualTo(1);
  }

  private static void keep(ZScores scores, String key, double value) {
    scores.keep(key, 0, new double[] {value});
  }

  @Property(tries = 200)
  void scoresLikeTheTextbook(
      @ForAll @Size(min = 1, max = 80) List<@DoubleRange(min = -1e6, max = 1e6) Double> values,
      @ForAll @IntRange(min = 2, max = 20) int window) {
    ZScores scores = scores(window, 2);
    for (int i = 0; i < values.size(); i++) {
      List<Double> before = values.subList(Math.max(0, i - window), i);
      double z = update(scores, values.get(i)).zScore(0);
      double mean = before.stream().mapToDouble(v -> v).average().orElse(0);
      double deviation =
          Math.sqrt(before.stream().mapToDouble(v -> (v - mean) * (v - mean)).average().orElse(0));
      if (before.size() < 2) {
        assertThat(z).isNaN();
      } else if (deviation > 1e-6) {
        double expected = (values.get(i) - mean) / deviation;
        assertThat(z).isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
      }
    }
  }

  @Test
  void dependsOnNothingButTheLastValuesToTheBit() {
    Random random = new Random(7);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      values.add(random.nextGaussian() * Math.pow(10, random.nextInt(12)));
    }
    for (int start = 0; start < 400; start += 7) {
      ZScores all = scores(100, 1);
      ZScores tail = scores(100, 1);
      values.subList(0, start).forEach(v -> all.keep("k", 0, new double[] {v}));
      for (int i = start; i < start + 300; i++) {
        double z = update(all, values.get(i)).zScore(0);
        double ofTail = update(tail, values.get(i)).zScore(0);
        if (i >= start + 100) {
          assertThat(Double.doubleToLongBits(ofTail)).isEqualTo(Double.doubleToLongBits(z));
        }
      }
    }
  }

  @Test
  void staysExactOnALargeOffset() {
    ZScores scores = scores(100, 2);
    for (int i = 0; i < 100; i++) {
      update(scores, 1e12 + (i % 2 == 0 ? 1 : -1));
    }
    assertThat(update(scores, 1e12 + 2).zScore(0)).isCloseTo(2, within(1e-9));
  }
}
