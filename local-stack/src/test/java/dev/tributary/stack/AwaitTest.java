package dev.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void returnsTheStateThatWasAwaited() {
    int state = Await.until("three", Duration.ofSeconds(10), asked::incrementAndGet, n -> n == 3);

    assertThat(state).isEqualTo(3);
  }

  @Test
  void takesWhatIsThrownForNotYet() {
    Await.untilPasses(
        "the third attempt",
        Duration.ofSeconds(10),
        () -> assertThat(asked.incrementAndGet()).isEqualTo(3));

    assertThat(asked).hasValue(3);
  }

  @Test
  void tellsWhatWasAwaitedAndTheLastStateSeen() {
    assertThatThrownBy(
            () -> Await.until("the impossible", Duration.ofMillis(20), () -> 7, n -> n == 8))
        .isInstanceOf(StackException.class)
        .hasMessage("waited 20 ms for the impossible; last seen: 7");
  }
}
