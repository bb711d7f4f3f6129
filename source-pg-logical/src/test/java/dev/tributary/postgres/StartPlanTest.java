package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.config.SnapshotMode;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.replication.ProblemException;
import dev.tributary.postgres.replication.SlotInfo;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StartPlanTest {
  private static final Position AT = Position.between(Lsn.parse("0/50"));

  private static StartPlan decide(SnapshotMode mode, String confirmed, String logEnd) {
    SlotInfo slot =
        new SlotInfo("s", "pgoutput", "d", null, Lsn.parse(confirmed), false, Lsn.parse(logEnd));
    return StartPlan.decide(mode, false, new Stored.At(AT), Optional.of(slot), "s");
  }

  @Test
  void goesOnUpToTheVeryEndOfTheLog() {
    assertThat(decide(SnapshotMode.INITIAL, "0/40", "0/50")).isEqualTo(new StartPlan.Stream(AT));
  }

  @Test
  void refusesAPositionPastTheEndOfTheLog() {
    assertThatThrownBy(() -> decide(SnapshotMode.INITIAL, "0/40", "0/4F"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContainingAll("0/50", "end of the server's log, 0/4F", "reset the connector's");
  }

  @Test
  void takesASnapshotWhateverIsStoredWhenThatIsAskedFor() {
    assertThat(decide(SnapshotMode.ALWAYS, "0/40", "0/4F"))
        .isEqualTo(new StartPlan.TakeSnapshot(true, true));
  }
}
