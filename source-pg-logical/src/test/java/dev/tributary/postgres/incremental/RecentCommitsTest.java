package dev.tributary.postgres.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecentCommitsTest {
  private static final long EPOCH = 3L << 32;

  private final RecentCommits commits = new RecentCommits();

  @Test
  void knowsThoseBeforeTheMark() {
    commits.add(700);
    commits.mark();
    commits.add(701);
    assertThat(commits.hadAny(List.of(EPOCH + 5, EPOCH + 700))).isTrue();
    assertThat(commits.hadAny(List.of(EPOCH + 701))).isFalse();
    commits.mark();
    assertThat(commits.hadAny(List.of(EPOCH + 701))).isTrue();
    assertThat(commits.hadAny(List.of(EPOCH + 700))).isTrue();
    assertThat(commits.hadAny(List.of())).isFalse();
  }

  /** However many come after it. */
  @Test
  void doesNotForgetThoseBeforeTheMarkForThoseAfterIt() {
    commits.add(700);
    commits.mark();
    for (int i = 0; i < 200_000; i++) {
      commits.add(1000 + i);
    }
    assertThat(commits.hadAny(List.of(700L))).isTrue();
    commits.mark();
    assertThat(commits.hadAny(List.of(700L, 1000L))).isFalse();
    assertThat(commits.hadAny(List.of(200_999L))).isTrue();
    assertThat(commits.hadAny(List.of(140_000L))).isTrue();
  }
}
