package dev.tributary.transforms.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WindowCountsTest {
  private final long[] numbers = new long[2];

  private static WindowCounts counts(String features, Duration tile, Duration grace) {
    return new WindowCounts(WindowPlan.of(FeatureParser.parse(features), tile, grace));
  }

  private long update(WindowCounts counts, Object key, long time) {
    assertThat(counts.update(key, time, numbers)).isTrue();
    return numbers[0];
  }

  @Test
  void holdsExactlyTheWindowWithTilesOfAMillisecond() {
    WindowCounts counts = counts("a = count() over 1m", Duration.ofMillis(1), null);
    assertThat(update(counts, "k", 100_000)).isEqualTo(1);
    assertThat(update(counts, "k", 100_000)).as("at the same time").isEqualTo(2);
    assertThat(update(counts, "k", 159_999)).as("1 ms inside").isEqualTo(3);
    assertThat(update(counts, "k", 160_000)).as("on the edge").isEqualTo(2);
  }

  @Test
  void holdsWholeTilesWithWiderOnes() {
    WindowCounts counts = counts("a = count() over 1m", Duration.ofSeconds(10), null);
    assertThat(update(counts, "k", 10_000)).isEqualTo(1);
    assertThat(update(counts, "k", 19_999)).isEqualTo(2);
    assertThat(update(counts, "k", 69_999)).as("tile 6 sees tiles 1 to 6").isEqualTo(3);
    assertThat(update(counts, "k", 70_000)).as("tile 7 sees tiles 2 to 7").isEqualTo(2);
  }

  @Test
  void seesAnEventOutOfOrderFromItsOwnTime() {
    WindowCounts counts = counts("a = count() over 10s", Duration.ofSeconds(1), null);
    update(counts, "k", 20_000);
    update(counts, "k", 28_000);
    assertThat(update(counts, "k", 24_000)).as("20 and 24").isEqualTo(2);
    assertThat(update(counts, "k", 29_000)).as("20, 24, 28 and 29").isEqualTo(4);
  }

  @Test
  void worksBeforeTheEpoch() {
    WindowCounts counts = counts("a = count() over 10s", Duration.ofSeconds(1), null);
    update(counts, "k", -500);
    assertThat(update(counts, "k", 500)).isEqualTo(2);
    assertThat(update(counts, "k", 9_500)).as("tile -1 is out, tile 0 in").isEqualTo(2);
  }

  @Test
  void countsALateEventInNothingButTheTotal() {
    WindowCounts counts =
        counts("a = count() over 10s, t = count() over all", null, Duration.ofSeconds(5));
    update(counts, "k", 100_000);
    assertThat(counts.update("k", 95_000, numbers)).as("on the edge").isTrue();
    assertThat(numbers).containsExactly(1, 2);
    assertThat(counts.update("k", 94_999, numbers)).as("1 ms behind it").isFalse();
    assertThat(numbers[1]).isEqualTo(3);
    assertThat(counts.update("k", 100_000, numbers)).isTrue();
    assertThat(numbers).as("100, 95 and 100, and 94.999 in the total").containsExactly(3, 4);
  }

  @Test
  void measuresLatenessAgainstTheNewestEventOfAllKeys() {
    WindowCounts counts = counts("a = count() over 10s", null, Duration.ofSeconds(5));
    update(counts, "k", 100_000);
    assertThat(counts.update("other", 90_000, numbers)).isFalse();
    assertThat(counts.knows("other")).isFalse();
  }

  @Test
  void knowsNoLatenessWithoutWindows() {
    WindowCounts counts = counts("t = count() over all", null, null);
    assertThat(counts.update("k", Long.MAX_VALUE / 2, numbers)).isTrue();
    assertThat(counts.update("k", 0, numbers)).isTrue();
    assertThat(numbers[0]).isEqualTo(2);
  }

  @Test
  void letsGoOfKeysWhoseWindowsHavePassed() {
    WindowCounts counts = counts("a = count() over 10s", null, null);
    for (int i = 0; i < 1_000_000; i++) {
      counts.update(i, i * 1_000L, numbers);
    }
    assertThat(counts.size()).isLessThan(3_000);
  }

  @Test
  void givesTheCurrentFeaturesWithoutAChange() {
    WindowCounts counts = counts("a = count() over 10s, t = count() over all", null, null);
    counts.update("k", 1_000, numbers);
    counts.update("k", 30_000, numbers);
    counts.current("k", numbers);
    assertThat(numbers).containsExactly(1, 2);
    counts.current("stranger", numbers);
    assertThat(numbers).containsExactly(0, 0);
    assertThat(counts.knows("stranger")).isFalse();
  }
}
