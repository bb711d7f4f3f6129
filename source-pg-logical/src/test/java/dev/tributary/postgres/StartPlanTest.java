package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.config.SnapshotMode;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.replication.ProblemException;
import dev.tributary.postgres.replication.SlotInfo;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartPlanTest {
  private static final Position AT = Position.between(Lsn.parse("0/50"));

  private static StartPlan decide(SnapshotMode mode, String confirmed, String logEnd) {
    return decide(mode, Optional.of(slot(confirmed, "reserved", null)), logEnd);
  }

  private static StartPlan decide(SnapshotMode mode, Optional<SlotInfo> slot, String logEnd) {
    return StartPlan.decide(mode, false, new Stored.At(AT), slot, Lsn.parse(logEnd), "s");
  }

  private static SlotInfo slot(String confirmed, String walStatus, String invalidation) {
    return new SlotInfo("s", "pgoutput", "d", null, Lsn.parse(confirmed), walStatus, invalidation);
  }

  private static void refuses(Optional<SlotInfo> slot, String logEnd, String... parts) {
    for (SnapshotMode mode : List.of(SnapshotMode.INITIAL, SnapshotMode.NO_DATA)) {
      assertThatThrownBy(() -> decide(mode, slot, logEnd))
          .isInstanceOf(ProblemException.class)
          .hasMessageContainingAll(parts)
          .hasMessageContaining("eset the connector's offsets");
    }
  }

  @Test
  void goesOnUpToTheVeryEndOfTheLog() {
    assertThat(decide(SnapshotMode.INITIAL, "0/40", "0/50")).isEqualTo(new StartPlan.Stream(AT));
    assertThat(decide(SnapshotMode.WHEN_NEEDED, "0/50", "0/50"))
        .isEqualTo(new StartPlan.Stream(AT));
  }

  @Test
  void saysWhatIsLostFromWhereToWhere() {
    refuses(
        Optional.of(slot("0/40", "reserved", null)),
        "0/4F",
        "0/50 is past 0/4F",
        "from 0/4F to 0/50");
    refuses(Optional.empty(), "0/70", "slot 's' does not exist", "from 0/50 to 0/70");
    refuses(
        Optional.of(slot("0/60", "reserved", null)),
        "0/70",
        "confirmed up to 0/60",
        "from 0/50 to 0/60 are lost");
    refuses(
        Optional.of(slot("0/40", "lost", null)),
        "0/70",
        "max_slot_wal_keep_size",
        "from 0/50 to 0/70",
        "pg_drop_replication_slot('s')");
    refuses(
        Optional.of(slot("0/40", "reserved", "idle_timeout")),
        "0/70",
        "idle_replication_slot_timeout");
  }

  @Test
  void takesANewSnapshotInsteadWhenThatIsAskedFor() {
    assertThat(decide(SnapshotMode.WHEN_NEEDED, "0/40", "0/4F"))
        .isInstanceOfSatisfying(
            StartPlan.TakeSnapshot.class,
            plan -> assertThat(plan.loss()).contains("from 0/4F to 0/50"));
    assertThat(decide(SnapshotMode.WHEN_NEEDED, "0/60", "0/70"))
        .isInstanceOfSatisfying(
            StartPlan.TakeSnapshot.class, plan -> assertThat(plan.slotExists()).isTrue());
    assertThat(decide(SnapshotMode.WHEN_NEEDED, Optional.empty(), "0/70"))
        .isInstanceOfSatisfying(
            StartPlan.TakeSnapshot.class, plan -> assertThat(plan.slotExists()).isFalse());
    assertThat(decide(SnapshotMode.WHEN_NEEDED, Optional.of(slot("0/40", "lost", null)), "0/70"))
        .isInstanceOf(StartPlan.DropSlot.class);
  }

  @Test
  void takesASnapshotWhateverIsStoredWhenThatIsAskedFor() {
    assertThat(decide(SnapshotMode.ALWAYS, "0/40", "0/4F"))
        .isEqualTo(new StartPlan.TakeSnapshot(true, true, null));
  }
}
