package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.position.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** Looks at slots, creates and drops them. */
public final class Slots {
  private static final String FIND =
      """
      select slot_name, plugin, database, active_pid, confirmed_flush_lsn::text, wal_status,
             pg_catalog.to_jsonb(s) ->> 'invalidation_reason'
      from pg_catalog.pg_replication_slots s where slot_name = ?
      """;

  private static final String USE =
      """
      select pg_catalog.pg_wal_lsn_diff(l.lsn, s.confirmed_flush_lsn)::bigint,
             pg_catalog.pg_wal_lsn_diff(l.lsn, s.restart_lsn)::bigint,
             coalesce(s.safe_wal_size, -1), coalesce(s.wal_status, '')
      from pg_catalog.pg_replication_slots s,
           (select case when pg_catalog.pg_is_in_recovery()
                        then pg_catalog.pg_last_wal_receive_lsn()
                        else pg_catalog.pg_current_wal_lsn() end) l(lsn)
      where s.slot_name = ?
      """;

  private static final String LOG_END =
      """
      select (case when pg_catalog.pg_is_in_recovery()
                   then greatest(pg_catalog.pg_last_wal_receive_lsn(),
                                 pg_catalog.pg_last_wal_replay_lsn())
                   else pg_catalog.pg_current_wal_flush_lsn() end)::text
      """;

  private Slots() {}

  /** How long a slot lasts. */
  public enum Kind {
    /** As long as the session that creates it. */
    TEMPORARY,
    /** Until it is dropped. */
    PERMANENT,
    /** As that, and also on standbys that synchronise slots: PostgreSQL 17 or later. */
    FAILOVER
  }

  /**
   * A slot that was just created.
   *
   * @param consistentAt changes committed from here on are streamed
   * @param snapshot the name of the exported snapshot, which shows what was committed before. It
   *     lasts until the session does something else
   */
  public record Created(Lsn consistentAt, String snapshot) {}

  /**
   * What a slot costs the server.
   *
   * @param lag bytes of log behind what is confirmed
   * @param kept bytes of log that the server keeps for it
   * @param safe bytes that may still be written before the slot may be lost; -1 for no limit
   * @param walStatus as in {@code pg_replication_slots}
   */
  public record Use(long lag, long kept, long safe, String walStatus) {
    /** Nothing is known. */
    public static final Use UNKNOWN = new Use(-1, -1, -1, "");
  }

  /**
   * What a slot costs the server now.
   *
   * @param connection for SQL
   */
  public static Use use(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(USE)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new Use(row.getLong(1), row.getLong(2), row.getLong(3), row.getString(4))
            : Use.UNKNOWN;
      }
    }
  }

  /**
   * A slot, if it is there.
   *
   * @param connection for SQL
   */
  public static Optional<SlotInfo> find(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FIND)) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        String confirmed = rows.getString(5);
        return Optional.of(
            new SlotInfo(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                (Integer) rows.getObject(4),
                confirmed == null ? Lsn.ZERO : Lsn.parse(confirmed),
                rows.getString(6),
                rows.getString(7)));
      }
    }
  }

  /**
   * Up to where the server's log is durable; on a standby, up to where it has received it.
   *
   * @param connection for SQL
   */
  public static Lsn logEnd(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(LOG_END)) {
      rows.next();
      return Lsn.parse(rows.getString(1));
    }
  }

  /**
   * Creates a slot and exports the snapshot it starts from.
   *
   * @param replication the session that the snapshot lasts as long as
   * @param kind whether it ends with the session, or is kept on standbys as well
   */
  public static Created create(Connection replication, String name, Kind kind) throws SQLException {
    String command =
        "CREATE_REPLICATION_SLOT "
            + Identifiers.quote(name)
            + (kind == Kind.TEMPORARY ? " TEMPORARY" : "")
            + " LOGICAL pgoutput "
            + (kind == Kind.FAILOVER
                ? "(SNAPSHOT 'export', FAILOVER true)" // both known from 17 on
                : "EXPORT_SNAPSHOT");
    try (Statement statement = replication.createStatement();
        ResultSet rows = statement.executeQuery(command)) {
      if (!rows.next()) {
        throw new SQLException("the server created slot " + name + " without a word");
      }
      return new Created(
          Lsn.parse(rows.getString("consistent_point")), rows.getString("snapshot_name"));
    }
  }

  /**
   * Drops a slot.
   *
   * @param connection for SQL
   */
  public static void drop(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select pg_catalog.pg_drop_replication_slot(?)")) {
      statement.setString(1, name);
      statement.execute();
    }
  }
}
