package dev.tributary.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SnapshotProgressTest {
  private long now;
  private final SnapshotProgress progress = new SnapshotProgress(() -> now);

  private void after(int seconds, long rows) {
    now += Duration.ofSeconds(seconds).toNanos();
    progress.read(rows);
  }

  @Test
  void tellsRowsPercentRateAndWhatIsToGo() {
    progress.expect(2, 1000);
    after(5, 250);
    assertThat(progress)
        .hasToString("250 rows of about 1000 (25.0 %), 50 rows/s, about 15 s to go");
  }

  @Test
  void isDoneOnlyWhenAllIsRead() {
    progress.expect(1, 100);
    after(1, 300);
    assertThat(progress.percent()).isEqualTo(99.9);
    assertThat(progress.remaining()).isNull();
    progress.end();
    assertThat(progress.percent()).isEqualTo(100);
    assertThat(progress).hasToString("300 rows, 300 rows/s");
  }

  @Test
  void claimsNothingWithoutAnEstimate() {
    progress.expect(1, 0);
    after(1, 10);
    assertThat(progress.percent()).isNaN();
    assertThat(progress).hasToString("10 rows, 10 rows/s");
  }
}
