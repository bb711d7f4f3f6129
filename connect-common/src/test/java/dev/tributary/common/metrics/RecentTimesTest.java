package dev.tributary.common.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentTimesTest {
  private final AtomicLong now = new AtomicLong(-Duration.ofMinutes(7).toNanos());
  private final RecentTimes times = new RecentTimes(now::get);

  @Test
  void tellsPercentilesInMilliseconds() {
    for (int millis = 1; millis <= 100; millis++) {
      times.record(Duration.ofMillis(millis).toNanos());
    }

    assertThat(times.percentileMillis(50)).isCloseTo(50, within(0.5));
    assertThat(times.percentileMillis(99)).isCloseTo(99, within(1.0));
  }

  @Test
  void forgetsWhatIsOlderThanAMinute() {
    times.record(Duration.ofSeconds(1).toNanos());
    now.addAndGet(Duration.ofSeconds(40).toNanos());
    times.record(Duration.ofMillis(1).toNanos());
    assertThat(times.percentileMillis(100)).isCloseTo(1000, within(10.0));

    now.addAndGet(Duration.ofSeconds(25).toNanos());

    assertThat(times.percentileMillis(100)).isCloseTo(1, within(0.01));
    now.addAndGet(Duration.ofMinutes(5).toNanos());
    assertThat(times.percentileMillis(100)).isNaN();
  }

  @Test
  void takesAnyDuration() {
    times.record(-1);
    times.record(Long.MAX_VALUE);

    assertThat(times.percentileMillis(0)).isZero();
    assertThat(times.percentileMillis(100)).isCloseTo(3_600_000, within(36_000.0));
  }
}
