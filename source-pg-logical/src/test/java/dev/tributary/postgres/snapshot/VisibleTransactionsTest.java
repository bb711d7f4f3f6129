package dev.tributary.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class VisibleTransactionsTest {
  private static long[] shown(String snapshot) {
    VisibleTransactions visible = VisibleTransactions.parse(VisibleTransactions.readable(snapshot));
    return LongStream.rangeClosed(740, 750).filter(visible::shows).toArray();
  }

  @Test
  void showsWhatWasCommittedWhenItWasTaken() {
    assertThat(shown("742:747:743,745")).containsExactly(740, 741, 742, 744, 746);
    assertThat(shown("742:742:")).containsExactly(740, 741);
    assertThat(VisibleTransactions.parse("742:742:").shows(2)).isTrue();
  }

  @Test
  void readsTheSnapshotOfASlotThatEndsBeforeItBegins() {
    assertThat(shown("743:742:")).containsExactly(740, 741, 742);
    assertThat(VisibleTransactions.readable("743:742:")).isEqualTo("743:743:");
    assertThat(VisibleTransactions.readable("742:745:743")).isEqualTo("742:745:743");
  }
}
