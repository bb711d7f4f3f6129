package dev.tributary.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.postgres.position.Lsn;
import org.junit.jupiter.api.Test;

class TimelinesTest {
  /** As the server keeps it after two promotions. */
  private static final String HISTORY =
      """
      1\t0/3000060\tno recovery target specified

      2\t0/5000A10\tbefore 2026-11-20 10:00:00+00
      """;

  @Test
  void readsWhereATimelineEnded() {
    assertThat(Timelines.end(HISTORY, 1)).isEqualTo(Lsn.parse("0/3000060"));
    assertThat(Timelines.end(HISTORY, 2)).isEqualTo(Lsn.parse("0/5000A10"));
  }

  @Test
  void knowsNothingOfATimelineThatThisOneDoesNotStemFrom() {
    assertThat(Timelines.end(HISTORY, 3)).isEqualTo(Lsn.ZERO);
    assertThat(Timelines.end("", 1)).isEqualTo(Lsn.ZERO);
  }
}
