package dev.tributary.transforms.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.transforms.state.Usage;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeatureStateTest {
  private static final BigDecimal MIN = BigDecimal.valueOf(Long.MIN_VALUE);

  private WindowPlan plan;
  private FeatureState state;
  private final Usage usage = new Usage();
  private Object[] into;

  private void declare(String features, Duration tile, Duration grace) {
    declare(features, tile, grace, 0);
  }

  private void declare(String features, Duration tile, Duration grace, int maxKeys) {
    plan = WindowPlan.of(FeatureParser.parse(features), tile, grace);
    state = new FeatureState(plan, maxKeys, usage);
    into = new Object[plan.features().size()];
  }

  private boolean give(Object key, long time, Map<String, Object> fields) {
    EventValues values = new EventValues(plan);
    for (int f = 0; f < plan.fields().size(); f++) {
      Object value = fields.get(plan.fields().get(f));
      values.set(f, value, plan.isNumeric(f) ? (Number) value : null);
    }
    return state.update(key, time, values, into);
  }

  private Object first(Object key, long time) {
    assertThat(give(key, time, Map.of())).isTrue();
    return into[0];
  }

  private Object first(Object key, long time, Object value) {
    assertThat(give(key, time, Map.of("v", value))).isTrue();
    return into[0];
  }

  // edges of windows

  @Test
  void aSlidingWindowOfOneMillisecondTilesIsExact() {
    declare("a = count() over 1m", Duration.ofMillis(1), null);
    assertThat(first("k", 100_000)).isEqualTo(1L);
    assertThat(first("k", 100_000)).as("at the same time").isEqualTo(2L);
    assertThat(first("k", 159_999)).as("1 ms inside").isEqualTo(3L);
    assertThat(first("k", 160_000)).as("on the edge").isEqualTo(2L);
  }

  @Test
  void aSlidingWindowHoldsWholeTiles() {
    declare("a = count() over 1m", Duration.ofSeconds(10), null);
    assertThat(first("k", 10_000)).isEqualTo(1L);
    assertThat(first("k", 19_999)).isEqualTo(2L);
    assertThat(first("k", 69_999)).as("tile 6 sees tiles 1 to 6").isEqualTo(3L);
    assertThat(first("k", 70_000)).as("tile 7 sees tiles 2 to 7").isEqualTo(2L);
  }

  @Test
  void aTumblingWindowBeginsWithItsLengthsMultiples() {
    declare("a = sum(v) over tumbling 1m", null, Duration.ofHours(1));
    assertThat(first("k", 60_000, 1L)).as("its first moment").isEqualTo(1L);
    assertThat(first("k", 119_999, 1L)).as("its last").isEqualTo(2L);
    assertThat(first("k", 120_000, 1L)).as("the next").isEqualTo(1L);
    assertThat(first("k", 119_999, 1L)).as("back in the first").isEqualTo(3L);
    assertThat(first("k", -1, 1L)).as("1 ms before 1970").isEqualTo(1L);
  }

  @Test
  void sumsOfDoublesKeepOverTilesWhatOneDoubleCannotHold() {
    declare("a = sum(v) over 1h", Duration.ofMinutes(1), null);
    first("k", 60_000, 1e16);
    first("k", 60_001, 1.0);
    assertThat(first("k", 120_000, -1e16)).isEqualTo(1.0);
  }

  @Test
  void wholeSumsGoOnBeyond64Bits() {
    BigDecimal twice = BigDecimal.valueOf(Long.MAX_VALUE).multiply(BigDecimal.valueOf(2));
    declare("a = sum(v) over 1h, b = sum(v) over all", Duration.ofMinutes(1), null);
    first("k", 60_000, Long.MAX_VALUE);
    assertThat(first("k", 60_001, Long.MAX_VALUE)).as("in one tile").isEqualTo(twice);
    assertThat(into[1]).as("over all").isEqualTo(twice);
    assertThat(first("k", 120_000, Long.MIN_VALUE)).as("and back").isEqualTo(twice.add(MIN));
  }

  @Test
  void windowsBefore1970BeginAndEndAsThoseAfter() {
    Window.Hopping tumbling = new Window.Hopping(60_000, 60_000);
    assertThat(tumbling.start(-1)).isEqualTo(-60_000);
    assertThat(tumbling.end(-1)).isZero();
    assertThat(tumbling.start(0)).isZero();
    Window.Hopping hopping = new Window.Hopping(60_000, 20_000);
    assertThat(hopping.end(-20_001)).isEqualTo(-20_000);
    assertThat(hopping.start(-20_001)).isEqualTo(-80_000);
  }

  @Test
  void aHoppingWindowIsTheOneThatEndsNext() {
    declare("a = count() over hopping 3m by 1m", null, Duration.ofHours(1));
    first("k", 60_000);
    first("k", 119_999);
    assertThat(first("k", 239_999)).as("of [1m, 4m)").isEqualTo(3L);
    assertThat(first("k", 240_000)).as("of [2m, 5m)").isEqualTo(2L);
  }

  @Test
  void aSessionEndsWithAPauseLongerThanItsGap() {
    declare("a = count() over session 30s, d = duration() over session 30s", null, null);
    assertThat(first("k", 10_000)).isEqualTo(1L);
    assertThat(first("k", 40_000)).as("30 s later").isEqualTo(2L);
    assertThat(into[1]).isEqualTo(30.0);
    assertThat(first("k", 70_001)).as("30.001 s later").isEqualTo(1L);
    assertThat(into[1]).isEqualTo(0.0);
  }

  @Test
  void aSessionIsHeldAsLongAsItMayGoOn() {
    declare("a = count() over session 15ms", Duration.ofMillis(10), Duration.ZERO);
    assertThat(first("k", 9)).isEqualTo(1L);
    assertThat(first("another", 24)).isEqualTo(1L);
    assertThat(first("k", 24)).as("15 ms and two tiles later").isEqualTo(2L);
  }

  @Test
  void anEventOutOfOrderJoinsTwoSessions() {
    declare("a = count() over session 30s", null, Duration.ofMinutes(5));
    first("k", 0);
    assertThat(first("k", 50_000)).as("a session of its own").isEqualTo(1L);
    assertThat(first("k", 25_000)).as("as of its own time").isEqualTo(2L);
    assertThat(first("k", 51_000)).as("all in one").isEqualTo(4L);
  }

  @Test
  void aLongSessionKeepsItsBeginningWithoutItsTiles() {
    declare("a = count() over session 1m, f = first(v) over session 1m", null, null);
    for (long i = 0; i < 100_000; i++) {
      give("k", i * 1_000, Map.of("v", i));
    }
    assertThat(into).containsExactly(100_000L, 0L);
    assertThat(usage.bytes()).isLessThan(100_000);
  }

  @Test
  void seesAnEventOutOfOrderFromItsOwnTime() {
    declare("a = count() over 10s, b = max(v) over 10s", Duration.ofSeconds(1), null);
    first("k", 20_000, 5L);
    first("k", 28_000, 9L);
    assertThat(first("k", 24_000, 1L)).as("20 and 24").isEqualTo(2L);
    assertThat(into[1]).isEqualTo(5L);
    assertThat(first("k", 29_000, 2L)).as("20, 24, 28 and 29").isEqualTo(4L);
    assertThat(into[1]).isEqualTo(9L);
  }

  @Test
  void countsALateEventInNothingButTotals() {
    declare(
        "a = count() over 10s, t = count() over all, s = sum(v) over all, w = sum(v) over 10s",
        null,
        Duration.ofSeconds(5));
    first("k", 100_000, 1L);
    assertThat(give("k", 95_000, Map.of("v", 1L))).as("on the edge").isTrue();
    assertThat(into).containsExactly(1L, 2L, 2L, 1L);
    assertThat(give("k", 94_999, Map.of("v", 1L))).as("1 ms behind it").isFalse();
    assertThat(into).containsExactly(null, 3L, 3L, null);
    assertThat(give("k", 100_000, Map.of("v", 1L))).isTrue();
    assertThat(into).containsExactly(3L, 4L, 4L, 3L);
    assertThat(usage.late()).isEqualTo(1);
  }

  @Test
  void measuresLatenessAgainstTheNewestEventOfAllKeys() {
    declare("a = count() over 10s", null, Duration.ofSeconds(5));
    first("k", 100_000);
    assertThat(give("other", 90_000, Map.of())).isFalse();
    assertThat(state.knows("other")).isFalse();
  }

  @Test
  void knowsNoLatenessWithoutWindows() {
    declare("t = count() over all", null, null);
    assertThat(first("k", Long.MAX_VALUE / 2)).isEqualTo(1L);
    assertThat(first("k", 0)).isEqualTo(2L);
  }

  // aggregates

  @Test
  void decimalsAreSummedExactlyBeyond64Bits() {
    declare("a = sum(v) over 1m, m = avg(v) over 1m", null, null);
    BigDecimal large = new BigDecimal("99999999999999999.99");
    for (int i = 1; i <= 1_000; i++) {
      first("k", 1_000, large);
    }
    assertThat(into[0]).isEqualTo(new BigDecimal("99999999999999999990.00"));
    assertThat(first("k", 1_001, new BigDecimal("0.001")))
        .isEqualTo(new BigDecimal("99999999999999999990.001"));
    assertThat(first("k", 62_000, new BigDecimal("0.10")))
        .as("the large ones have passed")
        .isEqualTo(new BigDecimal("0.10"));
  }

  @Test
  void aLargeNumberThatPassesLeavesNothingBehindInASum() {
    declare("a = sum(v) over 10s, s = stddev(v) over 10s", null, null);
    first("k", 0, 1e300);
    first("k", 5_000, 0.1);
    assertThat(first("k", 11_000, 0.2)).isEqualTo(0.1 + 0.2);
    assertThat((double) into[1]).isCloseTo(0.05, org.assertj.core.data.Offset.offset(1e-15));
  }

  /** What takes differences of large sums of squares answers 0 or NaN here. */
  @Test
  void deviationIsStableOverManyValuesOnALargeBase() {
    declare("a = stddev(v) over 1m, b = stddev(v) over all", null, null);
    int n = 1_000_000;
    for (int i = 0; i < n; i++) {
      first("k", i / 100, 1e9 + (i % 2 == 0 ? 0.5 : -0.5));
    }
    assertThat((double) into[0]).isCloseTo(0.5, org.assertj.core.data.Offset.offset(5e-10));
    assertThat((double) into[1]).isCloseTo(0.5, org.assertj.core.data.Offset.offset(5e-7));
  }

  @Test
  void percentilesStayWithinTheSketchsErrorOverManyTiles() {
    declare("a = percentile(v, 50) over 1h, b = percentile(v, 95) over 1h", null, null);
    int n = 20_000;
    for (int i = 0; i < n; i++) {
      // every value once, in no order
      first("k", i * 150L, (double) (i * 7_919L % n));
    }
    assertThat((double) into[0] / n).isBetween(0.50 - 0.0133, 0.50 + 0.0133);
    assertThat((double) into[1] / n).isBetween(0.95 - 0.0133, 0.95 + 0.0133);
  }

  @Test
  void approximatesManyDifferentValues() {
    declare("a = approx_distinct(v) over 1h", null, null);
    for (int i = 0; i < 100_000; i++) {
      first("k", i * 10L, "user-" + i % 50_000);
    }
    assertThat((long) into[0]).isBetween(48_200L, 51_800L);
  }

  @Test
  void tellsFewDifferentValuesOfEachTypeApart() {
    declare("a = approx_distinct(v) over 1h", null, null);
    List<Object> different =
        List.of(
            "",
            "a",
            "b",
            1L,
            2L,
            0.5,
            -0.5,
            new BigDecimal("0.1"),
            true,
            false,
            ByteBuffer.wrap(new byte[] {1, 2}),
            ByteBuffer.wrap(new byte[] {1, 3}),
            ByteBuffer.wrap(new byte[] {}));
    for (int round = 0; round < 2; round++) {
      for (Object value : different) {
        first("k", 0, value);
      }
    }
    assertThat(first("k", 0, new BigDecimal("0.10"))).isEqualTo((long) different.size());
  }

  @Test
  void distinctIsExactUpToItsBoundAndThenSaysTheBound() {
    declare("a = distinct(v, 100) over 1m", Duration.ofSeconds(1), null);
    for (long i = 0; i < 300; i++) {
      assertThat(first("k", i * 10, i)).isEqualTo(Math.min(100, i + 1));
    }
    assertThat(first("k", 61_500, -1L)).as("tile 2 and the new one").isEqualTo(100L);
    assertThat(first("k", 62_999, -1L)).as("all others have passed").isEqualTo(1L);
  }

  @Test
  void topKKeepsTheFrequentAmongMany() {
    declare("a = top_k(v, 2) over 1h", null, null);
    for (int i = 0; i < 4_000; i++) {
      first("k", i, i % 4 == 0 ? "often" : i % 10 == 1 ? "second" : "once-" + i);
    }
    assertThat((List<?>) into[0])
        .extracting(v -> ((TopValue) v).value())
        .containsExactly("often", "second");
  }

  @Test
  void halvesWithEveryHalfLife() {
    declare("a = decayed_count(10s), b = decayed_sum(v, 10s)", null, null);
    first("k", 0, 8L);
    assertThat(first("k", 10_000, 1L)).isEqualTo(1.5);
    assertThat(into[1]).isEqualTo(5.0);
  }

  @Test
  @SuppressWarnings("JavaUtilDate") // the class Connect's logical types are made of
  void tellsTheTimeSinceTheEventBefore() {
    declare("a = seconds_since_last(), f = first_seen() over all", Duration.ofMillis(1), null);
    assertThat(first("k", 1_000)).isNull();
    assertThat(first("k", 2_500)).isEqualTo(1.5);
    assertThat(first("k", 1_700)).as("out of order").isEqualTo(0.7);
    assertThat(first("k", 3_000)).isEqualTo(0.5);
    assertThat(into[1]).isEqualTo(new Date(1_000));
  }

  @Test
  void dividesFeatures() {
    declare(
        "buys = count() over 1m where v = 'buy', n = count() over 1m, r = ratio(buys, n),"
            + " x = ratio(n, buys)",
        null,
        null);
    give("k", 0, Map.of("v", "click"));
    assertThat(into).containsExactly(0L, 1L, 0.0, null);
    give("k", 0, Map.of("v", "buy"));
    assertThat(into).containsExactly(1L, 2L, 0.5, 2.0);
  }

  // what is held

  @Test
  void letsGoOfKeysWhoseWindowsHavePassed() {
    for (String features :
        List.of("a = count() over 10s", "a = sum(v) over 10s", "a = count() over session 10s")) {
      declare(features, null, null);
      for (int i = 0; i < 100_000; i++) {
        give(i, i * 1_000L, Map.of("v", 1L));
      }
      assertThat(state.size()).as(features).isLessThan(40);
      assertThat(usage.keys()).isEqualTo(state.size());
      assertThat(usage.bytes()).isLessThan(100_000);
      state.close();
    }
  }

  @Test
  void keepsOfAKeyWhoseWindowsHavePassedNothingButItsTotal() {
    declare("a = sum(v) over 10s, b = count() over 10s, t = count() over all", null, null);
    for (int event = 0; event < 1_000; event++) {
      give("busy", event * 10L, Map.of("v", 1L));
    }
    long whileBusy = usage.bytes();
    give("other", 1_000_000, Map.of("v", 1L));
    assertThat(usage.bytes()).isLessThan(whileBusy);
    give("busy", 1_000_001, Map.of("v", 1L));
    assertThat(into).containsExactly(1L, 1L, 1_001L);
  }

  @Test
  void forgetsTheKeyThatIsIdleForLongest() {
    declare("t = count() over all", null, null, 2);
    first("a", 1);
    first("b", 2);
    first("a", 3);
    assertThat(first("c", 4)).isEqualTo(1L);
    assertThat(state.knows("b")).isFalse();
    assertThat(first("a", 5)).isEqualTo(3L);
    assertThat(first("b", 6)).as("as if it had never been there").isEqualTo(1L);
    assertThat(usage.evicted()).isEqualTo(2);
    assertThat(usage.keys()).isEqualTo(2);
  }

  @Test
  void givesTheCurrentFeaturesWithoutAChange() {
    declare("a = count() over 10s, t = count() over all, s = sum(v) over 10s", null, null);
    first("k", 1_000, 4L);
    first("k", 30_000, 5L);
    state.current("k", 1_000, new EventValues(plan), into);
    assertThat(into).containsExactly(1L, 2L, 5L);
    state.current("stranger", 1_000, new EventValues(plan), into);
    assertThat(into).containsExactly(0L, 0L, 0L);
    assertThat(state.knows("stranger")).isFalse();
  }
}
