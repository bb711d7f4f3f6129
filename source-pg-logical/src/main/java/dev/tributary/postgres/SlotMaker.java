package dev.tributary.postgres;

import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.replication.Sessions;
import dev.tributary.postgres.replication.Slots;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates slots, which can take as long as the longest transaction that is running, and leaves none
 * behind when the task stops meanwhile. Belongs to the reader's thread.
 */
final class SlotMaker {
  private static final Logger log = LoggerFactory.getLogger(SlotMaker.class);

  private static final int FIRST_WITH_FAILOVER = 17;

  private final String slot;
  private final boolean failover;
  private final Sessions sessions;
  private final StopSignal stop;

  /**
   * @param slot the connector's
   * @param failover whether that is also kept on standbys
   */
  SlotMaker(String slot, boolean failover, Sessions sessions, StopSignal stop) {
    this.slot = slot;
    this.failover = failover;
    this.sessions = sessions;
    this.stop = stop;
  }

  /**
   * Creates the connector's slot.
   *
   * @return changes committed from here on are streamed
   */
  Lsn create() throws SQLException {
    try (Connection replication = sessions.replication()) {
      Lsn start = create(replication, slot, false).consistentAt();
      log.info("Created slot '{}', streaming from {}", slot, start);
      return start;
    }
  }

  /**
   * Creates a slot.
   *
   * @param replication the session that the exported snapshot lasts as long as
   * @param temporary whether the slot ends with the session
   */
  Slots.Created create(Connection replication, String name, boolean temporary) throws SQLException {
    // ending the session alone would leave the server waiting, and the slot behind
    stop.onRequest(
        () -> {
          replication.unwrap(PGConnection.class).cancelQuery();
          replication.abort(Runnable::run);
        });
    log.info("Creating slot '{}', which waits for the transactions that are running", name);
    Slots.Created created = Slots.create(replication, name, kind(replication, temporary));
    if (stop.isRequested() && !temporary) {
      try (Connection connection = sessions.sql()) {
        Slots.drop(connection, name);
      }
      throw new SQLException("stopped while slot '" + name + "' was created");
    }
    return created;
  }

  private Slots.Kind kind(Connection replication, boolean temporary) throws SQLException {
    if (temporary) {
      return Slots.Kind.TEMPORARY;
    }
    if (failover && replication.getMetaData().getDatabaseMajorVersion() < FIRST_WITH_FAILOVER) {
      log.warn(
          "slot.failover=true has no effect: the server is older than PostgreSQL {}",
          FIRST_WITH_FAILOVER);
      return Slots.Kind.PERMANENT;
    }
    return failover ? Slots.Kind.FAILOVER : Slots.Kind.PERMANENT;
  }

  /** A name for a temporary slot. */
  String temporaryName() {
    String suffix = "_s" + Long.toHexString(System.nanoTime() & 0xFFFF_FFFFL);
    return slot.substring(0, Math.min(slot.length(), 63 - suffix.length())) + suffix;
  }
}
