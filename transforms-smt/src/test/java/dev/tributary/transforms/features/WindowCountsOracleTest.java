package dev.tributary.transforms.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Compares with counting all events anew for each one. */
class WindowCountsOracleTest {
  record Event(int key, long time) {}

  record Setup(List<Long> windowsMs, long tileMs, Long graceMs) {}

  @Provide
  Arbitrary<List<Event>> events() {
    Arbitrary<Long> step =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.longs().between(0, 300)),
            Tuple.of(2, Arbitraries.longs().between(-2_000, 0)),
            Tuple.of(1, Arbitraries.longs().between(-9_000, 9_000)),
            Tuple.of(1, Arbitraries.of(0L, 1L, -1L, 999L, 1_000L, 1_001L)));
    Arbitrary<Integer> key = Arbitraries.integers().between(0, 3);
    return Combinators.combine(key, step)
        .as(Event::new)
        .list()
        .ofMaxSize(300)
        .map(WindowCountsOracleTest::sumUpTimes);
  }

  private static List<Event> sumUpTimes(List<Event> steps) {
    List<Event> events = new ArrayList<>();
    long time = 1_000;
    for (Event step : steps) {
      time += step.time();
      events.add(new Event(step.key(), time));
    }
    return events;
  }

  @Provide
  Arbitrary<Setup> setups() {
    Arbitrary<List<Long>> windows =
        Arbitraries.of(50L, 1_000L, 1_001L, 3_000L, 10_000L).set().ofMinSize(1).map(ArrayList::new);
    return Combinators.combine(
            windows,
            Arbitraries.of(1L, 7L, 50L),
            Arbitraries.of(0L, 10L, 1_500L, 20_000L).injectNull(0.3))
        .as(Setup::new);
  }

  @Property(tries = 500)
  void countsLikeTheSlowWay(@ForAll("setups") Setup setup, @ForAll("events") List<Event> events) {
    List<Feature> features = new ArrayList<>();
    for (long window : setup.windowsMs()) {
      features.add(new Feature("f" + window, Aggregate.COUNT, new Window.Sliding(window)));
    }
    features.add(new Feature("total", Aggregate.COUNT, new Window.All()));
    WindowPlan plan =
        WindowPlan.of(
            features,
            Duration.ofMillis(setup.tileMs()),
            setup.graceMs() == null ? null : Duration.ofMillis(setup.graceMs()));
    WindowCounts counts = new WindowCounts(plan);
    long[] numbers = new long[plan.slotCount()];

    List<Event> inTime = new ArrayList<>();
    long newest = Long.MIN_VALUE;
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      boolean late = newest != Long.MIN_VALUE && event.time() < newest - plan.graceMs();
      if (!late) {
        newest = Math.max(newest, event.time());
        inTime.add(event);
      }
      assertThat(counts.update(event.key(), event.time(), numbers)).isEqualTo(!late);
      long total = events.subList(0, i + 1).stream().filter(e -> e.key() == event.key()).count();
      assertThat(numbers[plan.slot(features.size() - 1)]).isEqualTo(total);
      for (int f = 0; !late && f < setup.windowsMs().size(); f++) {
        assertThat(numbers[plan.slot(f)])
            .as("event %s of %s", i, events)
            .isEqualTo(slow(inTime, event, setup.windowsMs().get(f), setup.tileMs()));
      }
    }
  }

  private static long slow(List<Event> before, Event event, long window, long tile) {
    long tiles = (window + tile - 1) / tile;
    long newest = Math.floorDiv(event.time(), tile);
    return before.stream()
        .filter(e -> e.key() == event.key())
        .mapToLong(e -> Math.floorDiv(e.time(), tile))
        .filter(t -> newest - tiles < t && t <= newest)
        .count();
  }

  @Property(tries = 200)
  void holdsExactlyTheWindowWithTilesOfAMillisecond(@ForAll("events") List<Event> events) {
    WindowPlan plan =
        WindowPlan.of(
            FeatureParser.parse("a = count() over 1s"), Duration.ofMillis(1), Duration.ofHours(1));
    WindowCounts counts = new WindowCounts(plan);
    long[] numbers = new long[plan.slotCount()];
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      counts.update(event.key(), event.time(), numbers);
      long expected =
          events.subList(0, i + 1).stream()
              .filter(e -> e.key() == event.key())
              .filter(e -> e.time() > event.time() - 1_000 && e.time() <= event.time())
              .count();
      assertThat(numbers[0]).isEqualTo(expected);
    }
  }
}
