package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InFlightTest {
  private static final int MOST = 10;
  private static final Duration QUIET = Duration.ofMillis(20);

  private final InFlight inFlight = new InFlight(MOST, QUIET);

  private void acknowledge(int records) {
    for (int i = 0; i < records; i++) {
      inFlight.acknowledged();
    }
  }

  @Test
  void waitsUntilFewEnoughAreOnTheirWay() throws Exception {
    InFlight patient = new InFlight(MOST, Duration.ofMinutes(1));
    int handed = 10_000;
    patient.handed(handed);
    Thread producer =
        new Thread(
            () -> {
              for (int i = MOST; i < handed; i++) {
                patient.acknowledged();
              }
            });
    producer.start();
    patient.await();
    assertThat(patient.records()).isEqualTo(MOST);
    producer.join();
  }

  @Test
  void doesNotWaitForFew() throws Exception {
    inFlight.handed(MOST);
    Thread.currentThread().interrupt(); // would end a wait
    inFlight.await();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void givesMoreToAProducerThatWaitsItself() throws Exception {
    inFlight.handed(30);
    inFlight.await();
    assertThat(inFlight.records()).isEqualTo(30);
    inFlight.handed(MOST);
    Thread.currentThread().interrupt();
    inFlight.await(); // what was waited for in vain counts no more
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void countsAnewWhatComesBehindALateAcknowledgement() throws Exception {
    inFlight.handed(30);
    inFlight.await();
    acknowledge(30);
    inFlight.await();
    inFlight.handed(MOST + 1);
    long start = System.nanoTime();
    inFlight.await();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(QUIET.toNanos());
  }
}
