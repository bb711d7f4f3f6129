package dev.tributary.postgres.position;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Against a model that keeps the whole stream in a list. */
class ProgressTest {
  /**
   * A transaction, or with no commit a logical message outside any.
   *
   * @param gap bytes of log before it
   * @param keepalive whether the server says afterwards how far it is
   */
  record Transaction(int changes, int gap, boolean keepalive, boolean message) {}

  /** What is delivered: the transaction and the index of the change in it. */
  record Change(int transaction, int index) {}

  @Provide
  Arbitrary<List<Transaction>> streams() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 6),
            Arbitraries.integers().between(1, 40),
            Arbitraries.of(true, false),
            Arbitraries.integers().between(0, 4).map(i -> i == 0))
        .as(Transaction::new)
        .list()
        .ofMaxSize(12);
  }

  @Property
  void deliversEveryChangeOnceWhereverItIsStopped(
      @ForAll("streams") List<Transaction> stream,
      @ForAll List<@net.jqwik.api.constraints.IntRange(min = 0, max = 90) Integer> stops) {
    List<Change> delivered = new ArrayList<>();
    Position position = Position.between(Lsn.ZERO);
    for (int stop : stops) {
      position = run(stream, position, stop, delivered);
    }
    run(stream, position, Integer.MAX_VALUE, delivered);
    assertThat(delivered).isEqualTo(all(stream));
  }

  /** Plays the server, which sends what is committed from the boundary on, for some messages. */
  private static Position run(
      List<Transaction> stream, Position from, int messages, List<Change> delivered) {
    Progress progress = new Progress(from);
    long lsn = 100;
    int left = messages;
    for (int t = 0; t < stream.size(); t++) {
      Transaction transaction = stream.get(t);
      Lsn start = new Lsn(lsn + transaction.gap());
      Lsn end = new Lsn(start.value() + 8);
      lsn = end.value();
      if (start.isBefore(from.committed())) {
        continue; // the server does not send it again
      }
      if (transaction.message()) {
        if (left-- <= 0) {
          return progress.position();
        }
        if (progress.standalone(start)) {
          delivered.add(new Change(t, 0));
        }
      } else {
        progress.begin(start);
        for (int i = 0; i < transaction.changes(); i++) {
          if (left-- <= 0) {
            return progress.position();
          }
          boolean isNew = progress.isNextNew();
          assertThat(progress.change()).isEqualTo(isNew);
          if (isNew) {
            delivered.add(new Change(t, i));
          }
          progress.reach(new Lsn(Long.MAX_VALUE)); // says nothing inside a transaction
        }
        if (left-- <= 0) {
          return progress.position();
        }
        progress.commit(end);
      }
      if (transaction.keepalive()) {
        progress.reach(new Lsn(end.value() + 1));
      }
    }
    return progress.position();
  }

  private static List<Change> all(List<Transaction> stream) {
    List<Change> changes = new ArrayList<>();
    for (int t = 0; t < stream.size(); t++) {
      for (int i = 0; i < (stream.get(t).message() ? 1 : stream.get(t).changes()); i++) {
        changes.add(new Change(t, i));
      }
    }
    return changes;
  }

  @Property
  void offsetsReadBackAsTheyWereWritten(
      @ForAll long committed, @ForAll long transaction, @ForAll int index) {
    Position position =
        index <= 0 || transaction == 0
            ? Position.between(new Lsn(committed))
            : new Position(new Lsn(committed), new Lsn(transaction), index);
    assertThat(Offsets.read(new Offsets(0).of(position)))
        .isEqualTo(new Offsets.Stored.At(position));
  }

  @Test
  void offsetsShowLsnsInServerNotation() {
    assertThat(new Offsets(0).of(new Position(Lsn.parse("16/B374D848"), Lsn.parse("16/C0"), 12)))
        .containsEntry("commit_lsn", "16/B374D848")
        .containsEntry("tx_final_lsn", "16/C0")
        .containsEntry("tx_index", 12L);
  }

  @Test
  void lsnsAreOrderedAsUnsigned() {
    assertThat(Lsn.parse("FFFFFFFF/0").isAfter(Lsn.parse("7FFFFFFF/FFFFFFFF"))).isTrue();
  }

  @Test
  void dropsTransactionsBeforeTheBoundary() {
    Progress progress = new Progress(Position.between(new Lsn(100)));
    progress.begin(new Lsn(99));
    assertThat(progress.change()).isFalse();
    progress.commit(new Lsn(100));
    assertThat(progress.position()).isEqualTo(Position.between(new Lsn(100)));
  }
}
