package dev.tributary.transforms.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WindowPlanTest {
  private static WindowPlan plan(String features, Duration tile, Duration grace) {
    return WindowPlan.of(FeatureParser.parse(features), tile, grace);
  }

  @Test
  void cutsTheShortestWindowIntoSixtyTiles() {
    assertThat(plan("a = count() over 1h, b = count() over 1m", null, null).tileMs())
        .isEqualTo(1_000);
    assertThat(plan("a = count() over 30ms", null, null).tileMs()).isEqualTo(1);
  }

  @Test
  void givesTheGraceOfTheLongestWindow() {
    assertThat(plan("a = count() over 1h, b = count() over 1m", null, null).graceMs())
        .isEqualTo(3_600_000);
    assertThat(plan("a = count() over 1h", null, Duration.ofSeconds(1)).graceMs()).isEqualTo(1_000);
  }

  @Test
  void reachesBackOverWindowAndGraceAndOneTile() {
    assertThat(plan("a = count() over 1m", Duration.ofSeconds(7), Duration.ofSeconds(5)).reachMs())
        .hasValue(5_000 + 10 * 7_000);
    assertThat(plan("a = count() over 1m, b = count() over all", null, null).reachMs()).isEmpty();
  }

  @Test
  void cannotTellHowFarBackTotalsAndSessionsReach() {
    assertThat(plan("a = count() over session 1m", null, null).reachMs()).isEmpty();
    assertThat(plan("a = seconds_since_last()", null, null).reachMs()).isEmpty();
    assertThat(plan("a = decayed_count(1h)", null, null).reachMs()).isEmpty();
  }

  @Test
  void keepsEqualCountsOnce() {
    WindowPlan plan =
        plan(
            "a = count() over 1m, t = count() over all, b = count() over 60s, r = rate() over 1m",
            null,
            null);
    assertThat(plan.counts().numbers()).as("one window and the total").isEqualTo(2);
  }

  @Test
  void choosesATileThatDividesTheHops() {
    assertThat(plan("a = count() over tumbling 1m", null, null).tileMs()).isEqualTo(1_000);
    assertThat(plan("a = count() over tumbling 50s, b = count() over 1h", null, null).tileMs())
        .as("at most a 60th, 833 ms")
        .isEqualTo(625);
    assertThat(plan("a = count() over hopping 70ms by 7ms", null, null).tileMs()).isEqualTo(1);
  }

  @Test
  void refusesATileThatTheEdgesOfWindowsWouldCut() {
    assertThatThrownBy(() -> plan("a = count() over tumbling 1m", Duration.ofSeconds(7), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tiles of 7s would be cut by the edges of windows")
        .hasMessageContaining("every 1m");
  }

  @Test
  void refusesMoreTilesThanItCanCount() {
    assertThatThrownBy(() -> plan("a = count() over 30d", Duration.ofMillis(1), Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("set a wider tile");
  }

  @Test
  void refusesATileWiderThanTheShortestWindow() {
    assertThatThrownBy(() -> plan("a = count() over 1m", Duration.ofSeconds(61), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shortest window (1m)");
    assertThatThrownBy(() -> plan("a = count() over 1m", Duration.ZERO, null))
        .hasMessageContaining("at least 1ms");
  }
}
