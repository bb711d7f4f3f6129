package dev.tributary.postgres;

import dev.tributary.postgres.config.ReplicationKeys;
import dev.tributary.postgres.config.SnapshotMode;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.position.SnapshotPosition;
import dev.tributary.postgres.replication.Problem;
import dev.tributary.postgres.replication.ProblemException;
import dev.tributary.postgres.replication.SlotInfo;
import java.util.Optional;

/**
 * What a session starts with, decided from what Connect has stored and from the slot. Pure.
 *
 * <p>A slot is never dropped here, and never trusted: where nothing is stored, a slot that is
 * already there (made by a DBA, or left by a start that was cut) tells nothing about what was
 * emitted. So the snapshot is then taken on a temporary slot, which gives a consistent point of its
 * own, and the slot that is there streams from that point on: it holds the log since before, so
 * there is no gap, and no double since what is before that point is not streamed.
 */
sealed interface StartPlan {
  /** Stream from a position. */
  record Stream(Position from) implements StartPlan {}

  /** Create the slot and stream from where it starts. */
  record CreateAndStream() implements StartPlan {}

  /**
   * Read the tables.
   *
   * @param slotExists whether the slot is there already
   * @param thenStream whether changes are streamed afterwards
   * @param loss what is lost, which this makes good; null for nothing
   */
  record TakeSnapshot(boolean slotExists, boolean thenStream, String loss) implements StartPlan {}

  /**
   * Drop the slot, which can never be used again, and decide anew.
   *
   * @param loss what is lost
   */
  record DropSlot(String loss) implements StartPlan {}

  /**
   * Go on with a snapshot that was cut off.
   *
   * @param thenStream whether changes are streamed afterwards
   */
  record ResumeSnapshot(SnapshotPosition from, boolean thenStream) implements StartPlan {}

  /** There is nothing left to do. */
  record Finished() implements StartPlan {}

  /**
   * Decides.
   *
   * @param started whether an earlier session of this run has taken its snapshot
   * @param logEnd up to where the server has the log that what is stored is from, and it is durable
   * @param name of the slot
   * @throws ProblemException if going on would lose changes
   */
  static StartPlan decide(
      SnapshotMode mode,
      boolean started,
      Stored stored,
      Optional<SlotInfo> slot,
      Lsn logEnd,
      String name) {
    Optional<String> unusable =
        slot.filter(SlotInfo::lost).map(it -> Losses.of(it, stored, logEnd));
    if (unusable.isPresent()) {
      return mode == SnapshotMode.WHEN_NEEDED
          ? new DropSlot(unusable.get())
          : fail(unusable.get(), Losses.dropAndReset(name));
    }
    boolean again = mode == SnapshotMode.ALWAYS && !started;
    if (stored instanceof Stored.At at && !again) {
      return mode == SnapshotMode.INITIAL_ONLY
          ? new Finished()
          : resume(mode, at.position(), slot, logEnd, name);
    }
    if (mode == SnapshotMode.NO_DATA) {
      return slot.<StartPlan>map(s -> new Stream(Position.between(s.confirmed())))
          .orElseGet(CreateAndStream::new);
    }
    boolean thenStream = mode != SnapshotMode.INITIAL_ONLY;
    if (stored instanceof Stored.Unfinished left
        && left.at() != null
        && (!thenStream || canStreamFrom(left.at().consistentAt(), slot, logEnd))) {
      return new ResumeSnapshot(left.at(), thenStream);
    }
    return new TakeSnapshot(slot.isPresent(), thenStream, null);
  }

  /** A snapshot goes on only if the slot still has everything from its consistent point on. */
  private static boolean canStreamFrom(Lsn consistentAt, Optional<SlotInfo> slot, Lsn logEnd) {
    return slot.isPresent()
        && !slot.get().confirmed().isAfter(consistentAt)
        && !consistentAt.isAfter(logEnd);
  }

  private static StartPlan resume(
      SnapshotMode mode, Position position, Optional<SlotInfo> slot, Lsn logEnd, String name) {
    Optional<Losses.Loss> loss = Losses.between(position, slot, logEnd, name);
    if (loss.isEmpty()) {
      return new Stream(position);
    }
    return mode == SnapshotMode.WHEN_NEEDED
        ? new TakeSnapshot(slot.isPresent(), true, loss.get().what())
        : fail(loss.get().what(), loss.get().cure());
  }

  private static StartPlan fail(String what, String cure) {
    throw new ProblemException(new Problem(ReplicationKeys.SLOT_NAME, what + ". " + cure));
  }
}
