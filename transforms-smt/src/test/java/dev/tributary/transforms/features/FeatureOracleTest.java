package dev.tributary.transforms.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.transforms.features.FeatureOracle.Event;
import dev.tributary.transforms.state.Usage;
import dev.tributary.transforms.state.Written;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Compares every aggregate over every kind of window with working it out anew for each event. */
class FeatureOracleTest {
  private static final List<String> WINDOWED =
      List.of(
          "count()",
          "count(v)",
          "sum(v)",
          "avg(v)",
          "min(v)",
          "max(v)",
          "min(word)",
          "stddev(v)",
          "stddev_samp(v)",
          "variance(v)",
          "variance_samp(v)",
          "first(v)",
          "last(v)",
          "last(word)",
          "last_n(word, 3)",
          "distinct(word)",
          "distinct(v, 1000)",
          "approx_distinct(word)",
          "percentile(v, 50)",
          "percentile(v, 95)",
          "top_k(word, 2)",
          "first_seen()",
          "last_seen()",
          "duration()");
  private static final List<String> TIMED = List.of("rate()", "histogram(v, -1, 0, 2.5)");
  private static final List<String> WITHOUT =
      List.of(
          "seconds_since_last()",
          "decayed_count(2s)",
          "decayed_sum(v, 700ms)",
          "decayed_avg(v, 5s)");
  private static final List<String> WINDOWS =
      List.of(
          "1s",
          "sliding 3s",
          "10s",
          "1001ms",
          "tumbling 1s",
          "tumbling 4200ms",
          "hopping 4200ms by 700ms",
          "session 400ms",
          "session 2s",
          "all");
  private static final List<String> WHERE =
      List.of("", "", " where word = 'a'", " where n > 3", " where n <= 7 exclusive", " exclusive");
  private static final List<Integer> TILES = List.of(1, 7, 100, 350, 700);
  private static final List<Integer> GRACES = List.of(0, 10, 1_500, 20_000);

  @Property(tries = 1500)
  void everythingEqualsTheSlowWay(@ForAll Random random) {
    List<String> declared = new ArrayList<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      declared.add("f" + i + " = " + feature(random));
    }
    check(String.join(", ", declared), random, 120);
  }

  /** Each aggregate over each kind of window in turn, so that none is left to chance. */
  @Property(tries = 4)
  void eachOverEach(@ForAll Random random) {
    for (String window : WINDOWS) {
      List<String> declared = new ArrayList<>();
      for (String aggregate : WINDOWED) {
        declared.add(
            "f" + declared.size() + " = " + aggregate + " over " + window + any(random, WHERE));
      }
      check(String.join(", ", declared), random, 80);
    }
  }

  @Property(tries = 60)
  void manyTilesInTheirBlocks(@ForAll Random random) {
    check(
        "a = sum(v) over 10s, b = variance(v) over 3s, c = max(v) over 10s, d = percentile(v, 90)"
            + " over 10s, e = top_k(word, 3) over 9s exclusive, f = distinct(n) over 10s",
        random,
        400);
  }

  @Property(tries = 100)
  void ratios(@ForAll Random random) {
    check(
        "a = count() over 3s where word = 'a', b = count() over all, c = ratio(a, b),"
            + " d = sum(v) over 1s, e = ratio(d, a)",
        random,
        100);
  }

  private static String feature(Random random) {
    int kind = random.nextInt(12);
    String where = any(random, WHERE);
    if (kind == 0) {
      return any(random, WITHOUT) + where;
    }
    if (kind == 1) {
      return any(random, TIMED) + " over " + WINDOWS.get(random.nextInt(7)) + where;
    }
    return any(random, WINDOWED) + " over " + any(random, WINDOWS) + where;
  }

  private static <T> T any(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static WindowPlan plan(String features, Random random) {
    while (true) {
      try {
        return WindowPlan.of(
            FeatureParser.parse(features),
            random.nextInt(4) == 0 ? null : Duration.ofMillis(any(random, TILES)),
            random.nextInt(3) == 0 ? null : Duration.ofMillis(any(random, GRACES)));
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageMatching(".*(as wide as the shortest|would be cut by).*");
      }
    }
  }

  private static void check(String features, Random random, int length) {
    WindowPlan plan = plan(features, random);
    FeatureOracle oracle = new FeatureOracle(plan);
    Usage usage = new Usage();
    FeatureState state = new FeatureState(plan, 0, usage);
    EventValues values = new EventValues(plan);
    Object[] into = new Object[plan.features().size()];
    FeatureState copied = new FeatureState(plan);
    Object[] intoOfCopied = new Object[into.length];
    List<Event> events = new ArrayList<>();
    int numbers = random.nextInt(3);
    long newest = Long.MIN_VALUE;
    long now = random.nextInt(3) == 0 ? -5_000 : 1_000_000;
    for (int i = 0; i < length; i++) {
      now += step(random);
      boolean late =
          newest != Long.MIN_VALUE
              && plan.graceMs() != WindowPlan.ENDLESS
              && now < newest - plan.graceMs();
      newest = late ? newest : Math.max(newest, now);
      Event event = new Event(random.nextInt(3), now, fields(random, numbers), late);
      events.add(event);
      set(plan, values, event);
      assertThat(state.update(event.key(), now, values, into)).isEqualTo(!late);
      if (random.nextInt(8) == 0) {
        copied = copy(plan, copied);
      }
      copied.update(event.key(), now, values, intoOfCopied);
      assertThat(intoOfCopied)
          .as("to the bit what %s gives, tile %s, event %s", features, plan.tileMs(), i)
          .isEqualTo(into);
      for (int f = 0; f < into.length; f++) {
        Feature feature = plan.features().get(f);
        Object expected = oracle.value(feature, events);
        assertThat(FeatureOracle.near(into[f], expected))
            .as(
                "%s of %s, tile %s, grace %s, event %s: %s, expected %s",
                feature, features, plan.tileMs(), plan.graceMs(), i, into[f], expected)
            .isTrue();
      }
    }
    assertThat(usage.keys()).isEqualTo(state.size()).isLessThanOrEqualTo(3);
    state.close();
    assertThat(usage.keys()).isZero();
    assertThat(usage.bytes()).isZero();
  }

  /** One that is made of what another writes down. */
  private static FeatureState copy(WindowPlan plan, FeatureState state) {
    FeatureState copy = new FeatureState(plan);
    Written.down(state::write, copy::read);
    assertThat(copy.size()).isEqualTo(state.size());
    return copy;
  }

  static void set(WindowPlan plan, EventValues values, Event event) {
    for (int f = 0; f < plan.fields().size(); f++) {
      Object value = event.get(plan.fields().get(f));
      values.set(f, value, plan.isNumeric(f) ? (Number) value : null);
    }
  }

  private static long step(Random random) {
    return switch (random.nextInt(10)) {
      case 0, 1 -> -random.nextInt(2_000);
      case 2 -> random.nextInt(18_000) - 9_000;
      case 3 -> any(random, List.of(0, 1, -1, 400, 401, 699, 700, 1_000, 1_001));
      case 4 -> random.nextInt(30) == 0 ? 100_000 : 0;
      default -> random.nextInt(300);
    };
  }

  private static Map<String, Object> fields(Random random, int numbers) {
    Map<String, Object> fields = new HashMap<>();
    if (random.nextInt(6) > 0) {
      fields.put(
          "v",
          switch (numbers) {
            case 0 -> (long) random.nextInt(9) - 4;
            case 1 -> (random.nextInt(2_000) - 1_000) / 128.0;
            default -> BigDecimal.valueOf(random.nextInt(2_000) - 1_000L, random.nextInt(4));
          });
    }
    fields.put("n", (long) random.nextInt(10));
    if (random.nextInt(5) > 0) {
      fields.put("word", List.of("a", "b", "c", "d", "").get(random.nextInt(5)));
    }
    return fields;
  }

  /**
   * A state that is made of a part of the events, from the reach on, answers as the one that has
   * had all of them: to the bit.
   */
  @Property(tries = 300)
  void dependsOnNothingBeforeItsReach(@ForAll Random random) {
    WindowPlan plan =
        WindowPlan.of(
            FeatureParser.parse(
                "a = sum(v) over 3s, b = variance(v) over 1s, c = avg(v) over tumbling 2s, d ="
                    + " percentile(v, 50) over 3s, e = count() over 2s, f = last_n(v, 4) over 3s,"
                    + " g = approx_distinct(v) over 3s, h = top_k(v, 3) over 3s"),
            Duration.ofMillis(50),
            Duration.ofMillis(1_500));
    long reach = plan.reachMs().orElseThrow();
    List<Event> events = new ArrayList<>();
    long now = 1_000_000;
    for (int i = 0; i < 300; i++) {
      now += random.nextInt(120);
      long time = random.nextInt(4) == 0 ? now - random.nextInt(1_400) : now;
      events.add(
          new Event(
              random.nextInt(4),
              time,
              new LinkedHashMap<>(Map.of("v", random.nextGaussian() * 1e6)),
              false));
    }
    int from = 150;
    List<List<Object>> whole = answers(plan, events, from);
    long earliest = Long.MAX_VALUE;
    for (Event event : events.subList(from, events.size())) {
      earliest = Math.min(earliest, event.time());
    }
    int start = 0;
    // the first of the events that were made at or after it: times run behind by less than that
    while (events.get(start).time() < earliest - reach) {
      start++;
    }
    List<List<Object>> part = answers(plan, events.subList(start, events.size()), from - start);
    assertThat(part).isEqualTo(whole);
  }

  private static List<List<Object>> answers(WindowPlan plan, List<Event> events, int from) {
    FeatureState state = new FeatureState(plan);
    EventValues values = new EventValues(plan);
    Object[] into = new Object[plan.features().size()];
    List<List<Object>> answers = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      set(plan, values, event);
      state.update(event.key(), event.time(), values, into);
      if (i >= from) {
        answers.add(new ArrayList<>(Arrays.asList(into)));
      }
    }
    return answers;
  }
}
