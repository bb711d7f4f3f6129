package dev.tributary.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ProbeTest {
  private final long start = System.nanoTime();
  private final List<List<Integer>> asked = new ArrayList<>();

  @Test
  void watchesEverySoManyThRowUntilItArrives() {
    Probe probe = new Probe(this::arrivesWhenAskedTwice, row -> start, 10, 3, 1);
    probe.run();
    assertThat(probe.complete()).isTrue();
    assertThat(asked).containsExactly(List.of(0, 3, 6, 9), List.of(0, 3, 6, 9));
    assertThat(probe.latencies(0, 1).getTotalCount()).isEqualTo(4);
    assertThat(probe.latencies(0.5, 1).getTotalCount()).isEqualTo(2);
    assertThat(probe.watched()).containsExactly(0, 3, 6, 9);
  }

  @Test
  void aSlowRowDelaysNoOthersSample() {
    long hour = 3_600_000_000_000L;
    // row 1 was committed an hour before the others, and arrives only when they have
    Probe probe = new Probe(this::secondComesLast, row -> row == 1 ? start - hour : start, 3, 1, 1);
    probe.run();
    Histogram latencies = probe.latencies(0, 1);
    assertThat(latencies.getMaxValue()).isGreaterThan(3_500_000_000L);
    assertThat(latencies.getValueAtPercentile(50)).isLessThan(300_000_000);
    assertThat(probe.latencyMicros(1)).isGreaterThan(3_500_000_000L);
    assertThat(probe.latencyMicros(2)).isLessThan(300_000_000);
  }

  @Test
  void doesNotAskForWhatIsNotCommitted() {
    Probe probe =
        new Probe(
            rows -> {
              asked.add(rows);
              return new HashSet<>(rows);
            },
            row -> asked.isEmpty() && row > 0 ? 0 : start,
            3,
            1,
            1);
    probe.run();
    assertThat(asked).containsExactly(List.of(0), List.of(1, 2));
  }

  @Test
  void tellsWhyItFailed() {
    Probe probe =
        new Probe(
            rows -> {
              throw new IllegalStateException("Redis is away");
            },
            row -> start,
            1,
            1,
            1);
    probe.run();
    assertThatThrownBy(probe::complete).hasRootCauseMessage("Redis is away");
  }

  private Set<Integer> arrivesWhenAskedTwice(List<Integer> rows) {
    asked.add(rows);
    return asked.size() < 2 ? Set.of() : new HashSet<>(rows);
  }

  private Set<Integer> secondComesLast(List<Integer> rows) {
    asked.add(rows);
    Set<Integer> there = new HashSet<>(rows);
    if (asked.size() == 1) {
      there.remove(1);
    }
    return there;
  }
}
