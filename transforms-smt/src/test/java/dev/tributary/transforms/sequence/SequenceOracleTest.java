package dev.tributary.transforms.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.transforms.language.Condition;
import dev.tributary.transforms.state.Usage;
import dev.tributary.transforms.state.Written;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Compares what is found in random events with every sequence there is: all ways to choose events
 * for the steps, tried one by one.
 */
class SequenceOracleTest {
  private static final List<String> CONDITIONS =
      List.of("v = 'a'", "v = 'b'", "v = 'c'", "v in ('a', 'b')", "v <> 'c'", "v is null");
  private static final List<String> WITHIN = List.of("1ms", "7ms", "20ms", "60ms");

  /**
   * An event.
   *
   * @param order where it stands in the partition
   */
  private record Event(int key, long time, String value, int order) {
    boolean fits(Step step) {
      Condition condition = step.condition();
      if (condition instanceof Condition.IsNull) {
        return value == null;
      }
      if (condition instanceof Condition.In in) {
        return in.values().stream().anyMatch(literal -> literal.value().equals(value));
      }
      Condition.Comparison comparison = (Condition.Comparison) condition;
      boolean equal = ((Condition.Operand.Literal) comparison.right()).value().equals(value);
      return value != null && equal == (comparison.operator() == Condition.Operator.EQUAL);
    }
  }

  /** One pattern, and the events of each key that it knows of. */
  private static final class Oracle {
    private static final Comparator<Event> ORDER =
        Comparator.comparingLong(Event::time).thenComparingInt(Event::order);

    private final Pattern pattern;
    private final int maxEvents;
    private final Map<Integer, List<Event>> known = new LinkedHashMap<>();

    Oracle(Pattern pattern, int maxEvents) {
      this.pattern = pattern;
      this.maxEvents = maxEvents;
    }

    boolean matters(Event event) {
      return pattern.steps().stream().skip(1).anyMatch(s -> s.link() == Step.Link.NEXT)
          || pattern.steps().stream().anyMatch(event::fits);
    }

    /** The times of the latest sequence that ends with the event; null if there is none. */
    long[] take(Event event) {
      if (!matters(event)) {
        return null;
      }
      List<Event> ofKey = known.computeIfAbsent(event.key(), k -> new ArrayList<>());
      if (ofKey.stream().filter(e -> e.time() > event.time()).count() > maxEvents) {
        return null;
      }
      ofKey.add(event);
      List<Event> before = ofKey.stream().filter(e -> ORDER.compare(e, event) <= 0).toList();
      return latest(before.stream().sorted(ORDER).toList());
    }

    private long[] latest(List<Event> events) {
      List<int[]> all = new ArrayList<>();
      choose(events, new int[pattern.steps().size()], 0, all);
      long[] times = null;
      if (!all.isEmpty()) {
        int[] latest = new int[pattern.steps().size()];
        for (int[] sequence : all) {
          for (int s = 0; s < latest.length; s++) {
            latest[s] = Math.max(latest[s], sequence[s]);
          }
        }
        assertThat(all).as("each event is the latest possible").contains(latest);
        times = Arrays.stream(latest).mapToLong(i -> events.get(i).time()).toArray();
      }
      return times;
    }

    private void choose(List<Event> events, int[] chosen, int step, List<int[]> all) {
      int last = events.size() - 1;
      if (step == chosen.length) {
        boolean inTime =
            events.get(chosen[0]).time() > events.get(last).time() - pattern.withinMs();
        if (chosen[step - 1] == last && inTime) {
          all.add(chosen.clone());
        }
        return;
      }
      int from = step == 0 ? 0 : chosen[step - 1] + 1;
      boolean next = step > 0 && pattern.steps().get(step).link() == Step.Link.NEXT;
      for (int i = from; i <= (next ? Math.min(from, last) : last); i++) {
        if (events.get(i).fits(pattern.steps().get(step))) {
          chosen[step] = i;
          choose(events, chosen, step + 1, all);
        }
      }
    }
  }

  @Property(tries = 1500)
  void findsWhatThereIs(@ForAll Random random) {
    check(random, 1_000, 0, true);
  }

  @Property(tries = 500)
  void findsAllThatComesInOrderWhateverIsKept(@ForAll Random random) {
    check(random, 1, 0, false);
  }

  @Property(tries = 500)
  void leavesOutWhatHasNoPlace(@ForAll Random random) {
    check(random, 1 + random.nextInt(4), 0, true);
  }

  @Property(tries = 500)
  void forgetsTheIdlestKeys(@ForAll Random random) {
    check(random, 1_000, 1 + random.nextInt(3), true);
  }

  private static void check(Random random, int maxEvents, int maxKeys, boolean disorder) {
    List<Pattern> patterns = patterns(random);
    long grace = random.nextInt(3) == 0 ? -1 : random.nextInt(40);
    // in order nothing is late; how much is kept must not matter
    SequencePlan plan = new SequencePlan(patterns, grace, maxEvents);
    Usage usage = new Usage();
    Sequences sequences = new Sequences(plan, maxKeys, usage);
    List<Oracle> oracles =
        patterns.stream().map(p -> new Oracle(p, disorder ? maxEvents : 1_000)).toList();
    List<Integer> idlest = new ArrayList<>();
    long newest = Long.MIN_VALUE;
    for (Event event : events(random, disorder)) {
      newest = Math.max(newest, event.time());
      boolean late = event.time() < newest - plan.graceMs();
      if (!late && oracles.stream().anyMatch(o -> o.matters(event))) {
        idlest.remove((Object) event.key());
        idlest.add(event.key());
        if (maxKeys > 0 && idlest.size() > maxKeys) {
          int forgotten = idlest.remove(0);
          oracles.forEach(o -> o.known.remove(forgotten));
        }
      }
      if (random.nextInt(5) == 0) {
        sequences = writtenDown(sequences, new Sequences(plan, maxKeys, usage));
      }
      long[][] found = update(plan, sequences, event);
      for (int p = 0; p < patterns.size(); p++) {
        assertThat(found[p])
            .as("%s, grace %s, %s", patterns.get(p), plan.graceMs(), event)
            .isEqualTo(late ? null : oracles.get(p).take(event));
      }
    }
    assertThat(usage.keys()).isEqualTo(sequences.size());
    sequences.close();
    assertThat(usage.keys()).isZero();
    assertThat(usage.events()).isZero();
  }

  /** The state as it is read from what it writes. */
  private static Sequences writtenDown(Sequences state, Sequences fresh) {
    Written.down(state::write, fresh::read);
    state.close();
    return fresh;
  }

  private static long[][] update(SequencePlan plan, Sequences sequences, Event event) {
    EventFits fits = new EventFits(plan);
    for (int f = 0; f < plan.fields().size(); f++) {
      fits.set(f, event.value());
    }
    fits.check();
    Sequence[] into = new Sequence[plan.patterns().size()];
    sequences.update(event.key(), event.time(), fits, into);
    return Arrays.stream(into).map(s -> s == null ? null : s.times()).toArray(long[][]::new);
  }

  /**
   * A state that is made of a part of the events, from the reach on, answers as the one that has
   * had all of them.
   */
  @Property(tries = 1000)
  void dependsOnNothingBeforeItsReach(@ForAll Random random) {
    SequencePlan plan =
        new SequencePlan(patterns(random), random.nextInt(60), 1 + random.nextInt(5));
    int maxKeys = random.nextInt(3);
    List<Event> events = new ArrayList<>(events(random, true));
    events.addAll(events(random, true));
    int from = events.size() / 2 + random.nextInt(events.size() / 2);
    // live from there on, so it is restored for the first of them
    long reach = events.get(from).time() - plan.reachMs();
    int start = 0;
    while (events.get(start).time() < reach) {
      start++;
    }
    assertThat(answers(plan, maxKeys, events.subList(start, events.size()), from - start))
        .isEqualTo(answers(plan, maxKeys, events, from));
  }

  private static List<String> answers(
      SequencePlan plan, int maxKeys, List<Event> events, int from) {
    Sequences sequences = new Sequences(plan, maxKeys, new Usage());
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      String answer = Arrays.deepToString(update(plan, sequences, events.get(i)));
      if (i >= from) {
        answers.add(answer);
      }
    }
    return answers;
  }

  private static List<Pattern> patterns(Random random) {
    List<String> patterns = new ArrayList<>();
    for (int p = 1 + random.nextInt(3); p > 0; p--) {
      List<String> steps = new ArrayList<>();
      for (int s = 1 + random.nextInt(3); s > 0; s--) {
        String times =
            switch (random.nextInt(6)) {
              case 0 -> " 2 times";
              case 1 -> " 2 times in a row";
              default -> "";
            };
        steps.add("s" + s + times + ": " + any(random, CONDITIONS));
      }
      if (steps.size() == 1) {
        steps.add("z: " + any(random, CONDITIONS));
      }
      String link = random.nextInt(3) == 0 ? " next " : " then ";
      patterns.add("p" + p + " = " + String.join(link, steps) + " within " + any(random, WITHIN));
    }
    return PatternParser.parse(String.join(", ", patterns));
  }

  private static List<Event> events(Random random, boolean disorder) {
    List<Event> events = new ArrayList<>();
    long now = 1_000;
    for (int i = 0; i < 40; i++) {
      now += random.nextInt(15) == 0 ? 80 : random.nextInt(6);
      long time = disorder && random.nextInt(3) == 0 ? now - random.nextInt(40) : now;
      String value = random.nextInt(6) == 0 ? null : List.of("a", "b", "c").get(random.nextInt(3));
      events.add(new Event(random.nextInt(3), time, value, i));
    }
    return events;
  }

  private static <T> T any(Random random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
