package dev.tributary.postgres.replication;

import dev.tributary.postgres.position.Lsn;

/**
 * A logical slot as {@code pg_replication_slots} shows it.
 *
 * @param activePid of the session that uses it; null if none does
 * @param confirmed {@code confirmed_flush_lsn}: the server has let go of what is before
 * @param lost whether the server has removed log that the slot needs
 * @param logEnd up to where the server's log was durable when it was asked; on a standby, up to
 *     where it had received it
 */
public record SlotInfo(
    String name,
    String plugin,
    String database,
    Integer activePid,
    Lsn confirmed,
    boolean lost,
    Lsn logEnd) {}
