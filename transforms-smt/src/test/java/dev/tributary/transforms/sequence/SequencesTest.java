package dev.tributary.transforms.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.transforms.state.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The edges, one by one; the events of a key are letters. */
class SequencesTest {
  private static final String A_THEN_B = "p = a: v = 'a' then b: v = 'b' within 10ms";
  private static final String A_NEXT_B = "p = a: v = 'a' next b: v = 'b' within 10ms";
  private static final String A_B_C = "p = a: v = 'a' then b: v = 'b' then c: v = 'c' within 10ms";

  private final Usage usage = new Usage();

  /** What a partition's events are given to. */
  private final class Partition {
    private final SequencePlan plan;
    private final EventFits fits;
    private final Sequences sequences;
    private final Sequence[] into;

    Partition(String patterns, long graceMs, int maxEvents, int maxKeys) {
      plan = new SequencePlan(PatternParser.parse(patterns), graceMs, maxEvents);
      fits = new EventFits(plan);
      sequences = new Sequences(plan, maxKeys, usage);
      into = new Sequence[plan.patterns().size()];
    }

    /** The times of what the event completes, one per pattern. */
    long[][] event(String key, String value, long timeMs) {
      read(value);
      sequences.update(key, timeMs, fits, into);
      return times();
    }

    long[][] again(String key, String value, long timeMs) {
      read(value);
      sequences.current(key, timeMs, fits, into);
      return times();
    }

    private void read(String value) {
      for (int f = 0; f < plan.fields().size(); f++) {
        fits.set(f, value);
      }
      fits.check();
    }

    private long[][] times() {
      long[][] times = new long[into.length][];
      for (int p = 0; p < into.length; p++) {
        times[p] = into[p] == null ? null : into[p].times();
      }
      return times;
    }

    /** What the last of some events completes; each is a letter and a time. */
    long[] last(String... events) {
      long[][] times = null;
      for (String event : events) {
        times = event("k", event.substring(0, 1), Long.parseLong(event.substring(1)));
      }
      return times[0];
    }
  }

  private Partition partition(String patterns) {
    return new Partition(patterns, -1, 1_000, 0);
  }

  @Test
  void thenLetsOthersLieInBetween() {
    assertThat(partition(A_THEN_B).last("a1", "x2", "b3")).containsExactly(1, 3);
    assertThat(partition(A_THEN_B).last("b1", "x2", "b3")).isNull();
    assertThat(partition(A_THEN_B).last("a1", "x2", "b3", "x4")).isNull();
  }

  @Test
  void nextDoesNot() {
    assertThat(partition(A_NEXT_B).last("a1", "b3")).containsExactly(1, 3);
    assertThat(partition(A_NEXT_B).last("a1", "x2", "b3")).isNull();
    assertThat(partition(A_NEXT_B).last("a1", "a2", "b3")).containsExactly(2, 3);
    assertThat(partition(A_NEXT_B).last("a1", "b2", "b3")).isNull();
  }

  @Test
  void nextAsksOnlyForTheEventsOfItsKey() {
    Partition partition = partition(A_NEXT_B);
    partition.event("k", "a", 1);
    partition.event("another", "x", 2);
    assertThat(partition.event("k", "b", 3)[0]).containsExactly(1, 3);
  }

  @Test
  void holdsWhatBeganLessThanItsLengthAgo() {
    assertThat(partition(A_THEN_B).last("a1", "b10")).containsExactly(1, 10);
    assertThat(partition(A_THEN_B).last("a1", "b11")).isNull();
    assertThat(partition(A_B_C).last("a1", "b2", "c11")).isNull();
  }

  @Test
  void usesNothingUp() {
    assertThat(partition(A_THEN_B).last("a1", "b2", "b3")).containsExactly(1, 3);
    assertThat(partition(A_THEN_B).last("a1", "b2", "b11")).isNull();
  }

  @Test
  void tellsTheLatestEventsThatThereAre() {
    assertThat(partition(A_THEN_B).last("a1", "a2", "b3")).containsExactly(2, 3);
    assertThat(partition(A_B_C).last("a1", "b2", "b3", "a4", "c5")).containsExactly(1, 3, 5);
    assertThat(partition(A_B_C).last("a1", "b2", "a4", "b5", "c6")).containsExactly(4, 5, 6);
  }

  @Test
  void takesAnEventForOneStepOnly() {
    String twice = "p = a: v = 'a' then b: v in ('a', 'b') within 10ms";
    assertThat(partition(twice).last("a1")).isNull();
    assertThat(partition(twice).last("a1", "a2")).containsExactly(1, 2);
    assertThat(partition(twice).last("a1", "a2", "b3")).containsExactly(2, 3);
  }

  @Test
  void countsRepetitions() {
    String thrice = "p = a 3 times: v = 'a' then b: v = 'b' within 10ms";
    assertThat(partition(thrice).last("a1", "a2", "b3")).isNull();
    assertThat(partition(thrice).last("a1", "a2", "x3", "a4", "b5")).containsExactly(1, 2, 4, 5);
    String inARow = "p = a 3 times in a row: v = 'a' within 10ms";
    assertThat(partition(inARow).last("a1", "a2", "x3", "a4")).isNull();
    assertThat(partition(inARow).last("a1", "x2", "a3", "a4", "a5")).containsExactly(3, 4, 5);
    assertThat(partition(inARow).last("a1", "a2", "a3", "a4")).containsExactly(2, 3, 4);
  }

  @Test
  void takesEventsOfOneTimeAsTheyCame() {
    assertThat(partition(A_THEN_B).last("a1", "b1")).containsExactly(1, 1);
    assertThat(partition(A_THEN_B).last("b1", "a1")).isNull();
    // out of order, too, behind what has that time already
    assertThat(partition(A_THEN_B).last("a1", "x5", "b1")).containsExactly(1, 1);
    assertThat(partition(A_NEXT_B).last("a1", "x1", "x5", "b1")).isNull();
  }

  @Test
  void putsWhatIsOutOfOrderWhereItsTimeSays() {
    // complete as of its own time
    assertThat(partition(A_THEN_B).last("a1", "x5", "b3")).containsExactly(1, 3);
    assertThat(partition(A_THEN_B).last("a5", "b3")).isNull();
    // the first event comes last: nobody tells it, but the next one finds it
    assertThat(partition(A_THEN_B).last("b3", "a1")).isNull();
    assertThat(partition(A_THEN_B).last("b3", "a1", "b4")).containsExactly(1, 4);
    assertThat(partition(A_B_C).last("b3", "a1", "c4")).containsExactly(1, 3, 4);
    // one that comes in between is the very next
    assertThat(partition(A_NEXT_B).last("a1", "b4", "x2", "b5")).isNull();
    assertThat(partition(A_NEXT_B).last("x3", "b4", "a3", "b5")).isNull();
    assertThat(partition(A_NEXT_B).last("b4", "x2", "a3", "x6", "b5")).isNull();
    assertThat(partition(A_NEXT_B).last("x2", "b6", "a3", "b4")).containsExactly(3, 4);
  }

  @Test
  void leavesOutWhatIsLate() {
    Partition partition = new Partition(A_THEN_B, 5, 1_000, 0);
    assertThat(partition.last("a1", "x6", "b1")).as("as late as may be").containsExactly(1, 1);
    assertThat(usage.late()).isZero();
    assertThat(partition.last("x7", "b1")).isNull();
    assertThat(usage.late()).isEqualTo(1);
    // all keys make it late
    partition.event("another", "x", 20);
    assertThat(partition.event("k", "a", 14)[0]).isNull();
    assertThat(partition.event("k", "b", 15)[0]).as("14 was late").isNull();
    assertThat(usage.late()).isEqualTo(2);
  }

  @Test
  void takesGraceFromTheLongestPattern() {
    assertThat(partition(A_THEN_B + ", q = a: v = 'a' then b: v = 'b' within 30ms").plan.graceMs())
        .isEqualTo(30);
    assertThat(new Partition(A_THEN_B, 5, 1, 0).plan.reachMs()).isEqualTo(15);
  }

  @Test
  void findsEachPatternByItself() {
    Partition partition =
        partition(
            A_THEN_B
                + ", q = b: v = 'b' next any: v <> '' within 10ms, r = x: v = 'x' then"
                + " b: v = 'b' within 10ms");
    partition.event("k", "a", 1);
    assertThat(partition.event("k", "b", 2)).isEqualTo(new long[][] {{1, 2}, null, null});
    assertThat(partition.event("k", "b", 3)).isEqualTo(new long[][] {{1, 3}, {2, 3}, null});
  }

  @Test
  void keepsNoMoreEventsThanAsked() {
    Partition partition = new Partition(A_THEN_B, -1, 2, 0);
    partition.last("a1", "b2", "b3", "b4");
    assertThat(usage.events()).isEqualTo(2);
    // in order nothing is missed
    assertThat(partition.last("b5")).containsExactly(1, 5);
    assertThat(usage.dropped()).isZero();
    // two are newer than 3, so it has its place still; what is older has none
    assertThat(partition.last("a3")).isNull();
    assertThat(usage.dropped()).isZero();
    assertThat(partition.last("a2")).isNull();
    assertThat(usage.dropped()).isEqualTo(1);
    assertThat(partition.last("b5")).containsExactly(3, 5);
  }

  @Test
  void holdsNothingOfWhatHasPassed() {
    Partition partition = partition(A_THEN_B);
    partition.event("k", "a", 1);
    partition.event("k2", "x", 20);
    assertThat(partition.sequences.knows("k2")).as("no event of the pattern").isFalse();
    assertThat(partition.sequences.knows("k")).isTrue();
    partition.event("k2", "x", 21);
    assertThat(partition.sequences.size()).isZero();
    assertThat(usage.keys()).isZero();
    assertThat(usage.events()).isZero();
  }

  @Test
  void holdsAKeyUntilItsNewestEventHasPassed() {
    Partition partition = new Partition(A_THEN_B, 20, 1_000, 0);
    partition.event("k", "a", 10);
    partition.event("k", "a", 1);
    partition.event("another", "a", 35);
    assertThat(partition.event("k", "b", 16)[0]).containsExactly(10, 16);
  }

  @Test
  void forgetsTheIdlestKey() {
    Partition partition = new Partition(A_THEN_B, -1, 1_000, 2);
    partition.event("k1", "a", 1);
    partition.event("k2", "a", 2);
    partition.event("k1", "a", 3);
    partition.event("k2", "x", 4);
    partition.event("k3", "a", 5);
    assertThat(usage.evicted()).isEqualTo(1);
    assertThat(usage.keys()).isEqualTo(2);
    assertThat(partition.event("k1", "b", 6)[0]).containsExactly(3, 6);
    assertThat(partition.event("k2", "b", 6)[0]).as("x was no event of the pattern").isNull();
    partition.sequences.close();
    assertThat(usage.keys()).isZero();
    assertThat(usage.events()).isZero();
  }

  @Test
  void tellsTheSameAgainWithoutAChange() {
    Partition partition = partition(A_THEN_B);
    partition.last("a1", "b2", "a3", "b4");
    assertThat(partition.again("k", "b", 2)[0]).containsExactly(1, 2);
    assertThat(partition.again("k", "b", 4)[0]).containsExactly(3, 4);
    assertThat(partition.again("k", "b", 3)[0]).as("never came").isNull();
    assertThat(partition.again("another", "b", 4)[0]).isNull();
    assertThat(usage.events()).isEqualTo(4);
  }

  @Test
  void reckonsAtTheEndsOfTime() {
    String ever = "p = a: v = 'a' then b: v = 'b' within 100000d";
    Partition partition = partition(ever);
    partition.event("k", "a", Long.MIN_VALUE + 1);
    assertThat(partition.event("k", "b", Long.MIN_VALUE + 2)[0])
        .isEqualTo(new long[] {Long.MIN_VALUE + 1, Long.MIN_VALUE + 2});
    assertThat(partition.event("k", "b", Long.MAX_VALUE)[0]).isNull();
    assertThat(List.of(usage.keys(), usage.events())).containsExactly(1L, 1L);
  }
}
