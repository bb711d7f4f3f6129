package dev.tributary.postgres.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.postgres.catalog.TableName;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncrementalProgressTest {
  private static final TableName TABLE = new TableName("public", "a");

  private long now = Duration.ofHours(5).toNanos();
  private final IncrementalProgress progress = new IncrementalProgress(() -> now);

  private void after(int seconds, long rowsOfTable, long estimate, long count) {
    now += Duration.ofSeconds(seconds).toNanos();
    progress.read(TABLE, rowsOfTable, estimate, count);
  }

  @Test
  void tellsRowsPercentRateAndWhatIsToGo() {
    progress.show(
        new IncrementalState("1", false, List.of(IncrementalState.Table.of(TABLE, null, 0))));
    after(0, 100, 1000, 100);
    after(4, 500, 1000, 400);
    assertThat(progress)
        .hasToString(
            "table public.a: 500 rows of about 1000 (50.0 %), 125 rows/s, about 4 s to go, 1 tables left");
    assertThat(progress.isRunning()).isTrue();
  }

  @Test
  void claimsNoMoreThanItKnows() {
    after(0, 100, -1, 100);
    after(2, 300, -1, 200);
    assertThat(progress).hasToString("table public.a: 300 rows, 150 rows/s, 0 tables left");
    assertThat(progress.percent()).isNaN();
    after(2, 2000, 1000, 1700);
    assertThat(progress.percent()).isEqualTo(100);
    assertThat(progress.remaining()).isNull();
  }
}
