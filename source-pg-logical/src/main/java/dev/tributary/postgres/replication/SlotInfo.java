package dev.tributary.postgres.replication;

import dev.tributary.postgres.position.Lsn;

/**
 * A logical slot as {@code pg_replication_slots} shows it.
 *
 * @param activePid of the session that uses it; null if none does
 * @param confirmed {@code confirmed_flush_lsn}: the server has let go of what is before
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
 * @param invalidation why the server gave the slot up, from PostgreSQL 17 on; null if it has not,
 *     or the server does not tell
 */
public record SlotInfo(
    String name,
    String plugin,
    String database,
    Integer activePid,
    Lsn confirmed,
    String walStatus,
    String invalidation) {
  /** Whether the slot can never be used again. */
  public boolean lost() {
    return "lost".equals(walStatus) || invalidation != null;
  }

  /** Whether the server may remove log that the slot needs at its next checkpoint. */
  public boolean endangered() {
    return "unreserved".equals(walStatus);
  }
}
