package dev.tributary.postgres.replication;

import dev.tributary.postgres.position.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The timelines of a server's log. Each promotion of a standby, and each restore to an earlier
 * time, begins one, which has the log of the one before up to a place, and a log of its own from
 * there on: so the same LSN may be another place on another timeline.
 *
 * @see <a href="https://www.postgresql.org/docs/current/continuous-archiving.html">Timelines</a>
 */
public final class Timelines {
  /** Of a standby, whose timeline changes by itself; and of positions that do not tell. */
  public static final int UNKNOWN = 0;

  private static final String CURRENT =
      """
      select case when not pg_catalog.pg_is_in_recovery()
                  then pg_catalog.substr(
                    pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8) end
      """;

  private Timelines() {}

  /**
   * The timeline that the server writes.
   *
   * @param connection for SQL
   */
  public static int current(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(CURRENT)) {
      row.next();
      String digits = row.getString(1);
      return digits == null ? UNKNOWN : Integer.parseUnsignedInt(digits, 16);
    }
  }

  /**
   * Up to where the server has the log of a timeline.
   *
   * @param connection for SQL
   * @param timeline {@link #UNKNOWN} for the server's own
   * @return {@link Lsn#ZERO} if its own stems from another one
   */
  public static Lsn end(Connection connection, Sessions sessions, int timeline)
      throws SQLException {
    int current = current(connection);
    if (timeline == UNKNOWN || current == UNKNOWN || timeline == current) {
      return Slots.logEnd(connection);
    }
    if (current == 1) {
      return Lsn.ZERO; // the first one has no history
    }
    try (Connection replication = sessions.replication();
        Statement statement = replication.createStatement();
        ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + current)) {
      row.next();
      return end(row.getString(2), timeline);
    }
  }

  /**
   * Reads a history: a line for each timeline before, with its number and where it ended.
   *
   * @return {@link Lsn#ZERO} if the timeline is not in it
   */
  static Lsn end(String history, int timeline) {
    return history
        .lines()
        .map(line -> line.strip().split("\\s+", 3))
        .filter(parts -> parts.length >= 2 && parts[0].equals(Integer.toUnsignedString(timeline)))
        .findFirst()
        .map(parts -> Lsn.parse(parts[1]))
        .orElse(Lsn.ZERO);
  }
}
