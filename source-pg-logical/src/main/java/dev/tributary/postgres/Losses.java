package dev.tributary.postgres;

import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.replication.SlotInfo;
import java.util.Optional;

/**
 * Tells which changes can no longer be streamed, from where to where, from what Connect has stored
 * and what the server has. Pure.
 */
final class Losses {
  private static final String RESET =
      "eset the connector's offsets, so that it starts over with a new snapshot, or set"
          + " snapshot.mode=when_needed, with which it does so by itself";

  private Losses() {}

  /**
   * Changes that are lost.
   *
   * @param what is lost, and why
   * @param cure what to do about it
   */
  record Loss(String what, String cure) {}

  static String dropAndReset(String slot) {
    return "Drop the slot (select pg_drop_replication_slot('" + slot + "')) and r" + RESET;
  }

  /** A slot that the server has given up. */
  static String of(SlotInfo slot, Stored stored, Lsn logEnd) {
    String slotName = "slot '" + slot.name() + "' can never be used again: ";
    String why = slotName + reason(slot.invalidation());
    if (stored instanceof Stored.At at) {
      return why
          + "; the changes committed from "
          + at.position().committed()
          + " to "
          + logEnd
          + ", the end of the server's log, and until there is a new slot, are lost";
    }
    return why + "; nothing of the stream was stored, so that nothing is lost that was promised";
  }

  private static String reason(String invalidation) {
    return switch (invalidation == null ? "wal_removed" : invalidation) {
      case "wal_removed" ->
          "the server has removed log that it needs, which exceeded max_slot_wal_keep_size";
      case "rows_removed" ->
          "the standby has removed rows of the catalogue that it needs (set hot_standby_feedback=on)";
      case "wal_level_insufficient" -> "wal_level of the primary was lowered from 'logical'";
      case "idle_timeout" -> "it was not used for longer than idle_replication_slot_timeout";
      default -> "the server gives the reason '" + invalidation + "'";
    };
  }

  /** What is lost between the position stored and what the slot still streams. */
  static Optional<Loss> between(
      Position position, Optional<SlotInfo> slot, Lsn logEnd, String name) {
    Lsn read = position.inTransaction() ? position.transaction() : position.committed();
    if (read.isAfter(logEnd)) {
      return Optional.of(
          new Loss(
              "the connector's stored position "
                  + position
                  + " is past "
                  + logEnd
                  + ", up to where the server has the log that it is from: the server was restored to an earlier time, or it is a standby that took over"
                  + " before it had received everything, or another server. What is committed from "
                  + logEnd
                  + " to "
                  + read
                  + " would be taken for known and lost",
              "Set database.hostname right if this is the wrong server; otherwise r" + RESET));
    }
    if (slot.isEmpty()) {
      return Optional.of(
          new Loss(
              "the connector has stored position "
                  + position
                  + ", but slot '"
                  + name
                  + "' does not exist: it was dropped, and the changes committed from "
                  + position.committed()
                  + " to "
                  + logEnd
                  + ", the end of the server's log, and until there is a new slot, are lost",
              "Set slot.name right if it was changed; otherwise r" + RESET));
    }
    Lsn confirmed = slot.get().confirmed();
    if (confirmed.isAfter(position.committed())) {
      return Optional.of(
          new Loss(
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
                  + " are lost",
              "R" + RESET));
    }
    return Optional.empty();
  }
}
