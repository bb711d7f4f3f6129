package dev.tributary.common.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class OutageTest {
  private final AtomicLong now = new AtomicLong();
  private final Outage outage =
      new Outage(
          "Redis at here",
          new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1)),
          RandomGenerator.of("L64X128MixRandom"),
          now::get);

  @Test
  void leavesTheServerAloneForAsLongAsItSays() {
    Duration wait = outage.failed("away", null);

    assertThat(wait).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    assertThat(outage.isOn()).isTrue();
    assertThat(outage.waitMillis()).isEqualTo(wait.toMillis());
    now.addAndGet(wait.toNanos() - 1);
    assertThat(outage.waitMillis()).isEqualTo(1);
    now.addAndGet(1);
    assertThat(outage.waitMillis()).isZero();
    assertThat(outage.isOn()).isTrue();
  }

  @Test
  void waitsLongerWithEveryFailureUntilOneSucceeds() {
    for (int i = 0; i < 10; i++) {
      outage.failed("away", new IllegalStateException());
    }
    assertThat(outage.waits()).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));

    outage.over();

    assertThat(outage.isOn()).isFalse();
    assertThat(outage.waitMillis()).isZero();
    assertThat(outage.failed("away", null)).isLessThanOrEqualTo(Duration.ofMillis(100));
  }
}
