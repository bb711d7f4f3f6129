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
  void sharesTheNumberOfEqualWindows() {
    WindowPlan plan =
        plan("a = count() over 1m, t = count() over all, b = count() over 60s", null, null);
    assertThat(plan.slotCount()).isEqualTo(2);
    assertThat(plan.slot(0)).isEqualTo(plan.slot(2)).isNotEqualTo(plan.slot(1));
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
