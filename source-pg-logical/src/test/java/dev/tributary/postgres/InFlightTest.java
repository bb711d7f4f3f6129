package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InFlightTest {
  private static final int MOST = 10;
  private static final Duration QUIET = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final InFlight inFlight = new InFlight(MOST, QUIET);

  private void acknowledge(int records) {
    for (int i = 0; i < records; i++) {
      inFlight.acknowledged();
    }
  }

  @Test
  void waitsUntilFewEnoughAreOnTheirWay() throws Exception {
    InFlight patient = new InFlight(MOST, LONG);
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
    assertThat(patient.await(LONG)).isTrue();
    assertThat(patient.records()).isEqualTo(MOST);
    producer.join();
  }

  @Test
  void endsAfterAWhileSoThatATaskCanBeStopped() throws Exception {
    InFlight patient = new InFlight(MOST, LONG);
    patient.handed(30);
    assertThat(patient.await(QUIET)).isFalse();
    for (int i = 0; i < 30 - MOST; i++) {
      patient.acknowledged();
    }
    assertThat(patient.await(QUIET)).isTrue();
  }

  @Test
  void doesNotWaitForFew() throws Exception {
    inFlight.handed(MOST);
    Thread.currentThread().interrupt(); // would end a wait
    assertThat(inFlight.await(LONG)).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void givesMoreToAProducerThatWaitsItself() throws Exception {
    inFlight.handed(30);
    assertThat(inFlight.await(LONG)).isTrue();
    assertThat(inFlight.records()).isEqualTo(30);
    inFlight.handed(MOST);
    Thread.currentThread().interrupt();
    assertThat(inFlight.await(LONG)).isTrue(); // what was waited for in vain counts no more
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void countsAnewWhatComesBehindALateAcknowledgement() throws Exception {
    inFlight.handed(30);
    assertThat(inFlight.await(LONG)).isTrue();
    acknowledge(30);
    assertThat(inFlight.await(LONG)).isTrue();
    inFlight.handed(MOST + 1);
    long start = System.nanoTime();
    assertThat(inFlight.await(LONG)).isTrue();
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(QUIET.toNanos());
  }
}
