package dev.tributary.common.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

  @Test
  void doublesUpToTheMaximumAndStaysInItsUpperHalf() {
    Random random = new Random(1);
    long[] ceilings = {100, 200, 400, 800, 1600, 3200, 5000, 5000};
    for (int failures = 1; failures <= ceilings.length; failures++) {
      for (int i = 0; i < 200; i++) {
        assertThat(backoff.after(failures, random).toMillis())
            .isBetween(ceilings[failures - 1] / 2, ceilings[failures - 1]);
      }
    }
    assertThat(backoff.after(Integer.MAX_VALUE, random))
        .isBetween(Duration.ofMillis(2500), Duration.ofSeconds(5));
  }
}
