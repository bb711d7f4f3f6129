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
   */
  record TakeSnapshot(boolean slotExists, boolean thenStream) implements StartPlan {}

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
   * @throws ProblemException if going on would lose changes
   */
  static StartPlan decide(
      SnapshotMode mode, boolean started, Stored stored, Optional<SlotInfo> slot, String name) {
    slot.filter(SlotInfo::lost).ifPresent(lost -> fail(removed(lost, stored)));
    boolean again = mode == SnapshotMode.ALWAYS && !started;
    if (stored instanceof Stored.At at && !again) {
      return mode == SnapshotMode.INITIAL_ONLY
          ? new Finished()
          : new Stream(resume(at.position(), slot, name));
    }
    if (mode == SnapshotMode.NO_DATA) {
      return slot.<StartPlan>map(s -> new Stream(Position.between(s.confirmed())))
          .orElseGet(CreateAndStream::new);
    }
    boolean thenStream = mode != SnapshotMode.INITIAL_ONLY;
    if (stored instanceof Stored.Unfinished left
        && left.at() != null
        && (!thenStream || canStreamFrom(left.at().consistentAt(), slot))) {
      return new ResumeSnapshot(left.at(), thenStream);
    }
    return new TakeSnapshot(slot.isPresent(), thenStream);
  }

  /** A snapshot goes on only if the slot still has everything from its consistent point on. */
  private static boolean canStreamFrom(Lsn consistentAt, Optional<SlotInfo> slot) {
    return slot.isPresent()
        && !slot.get().confirmed().isAfter(consistentAt)
        && !consistentAt.isAfter(slot.get().logEnd());
  }

  private static Position resume(Position position, Optional<SlotInfo> slot, String name) {
    if (slot.isEmpty()) {
      fail(
          "the connector has stored position "
              + position
              + ", but slot '"
              + name
              + "' does not exist: it was dropped, and the changes committed after "
              + position.committed()
              + " cannot be streamed any more. Set slot.name right if it was changed; otherwise reset"
              + " the connector's offsets, so that it starts over with a new snapshot");
    }
    Lsn logEnd = slot.get().logEnd();
    if (position.committed().isAfter(logEnd)) {
      fail(
          "the connector's stored position "
              + position
              + " is past the end of the server's log, "
              + logEnd
              + ": the server was restored to an earlier time, or it is a standby that took over"
              + " before it had received everything, or another server. What is committed from "
              + logEnd
              + " on would be taken for known and lost. Set database.hostname right if this is the"
              + " wrong server; otherwise reset the connector's offsets, so that it starts over with"
              + " a new snapshot");
    }
    Lsn confirmed = slot.get().confirmed();
    if (confirmed.isAfter(position.committed())) {
      fail(
          "slot '"
              + name
              + "' is confirmed up to "
              + confirmed
              + ", past the connector's stored position "
              + position
              + ": it was recreated or moved by someone else, and the changes committed from "
              + position.committed()
              + " to "
              + confirmed
              + " are lost. Reset the connector's offsets, so that it starts over with a new snapshot");
    }
    return position;
  }

  private static String removed(SlotInfo slot, Stored stored) {
    String from =
        stored instanceof Stored.At at
            ? at.position().committed().toString()
            : slot.confirmed().toString();
    return "the server has removed log that slot '"
        + slot.name()
        + "' needs (max_slot_wal_keep_size): the changes committed after "
        + from
        + " are lost. Drop the slot (select pg_drop_replication_slot('"
        + slot.name()
        + "')) and reset the connector's offsets, so that it starts over with a new snapshot";
  }

  private static void fail(String message) {
    throw new ProblemException(new Problem(ReplicationKeys.SLOT_NAME, message));
  }
}
