package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.config.ConnectionKeys;
import dev.tributary.postgres.config.ConnectionSettings;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.ReplicationKeys;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What to make of an error of the server or the driver: the one table that decides.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL Error
 *     Codes</a>
 */
public final class PgErrors {
  private static final Set<String> OF_DATA = Set.of("22", "23", "44", "P0");

  private PgErrors() {}

  /** What to do about an error. */
  public enum Kind {
    /** The server is away, or on its way up or down: try again with backoff. */
    OUTAGE,
    /** Another session holds the slot: try again, it may be one of ours that has not ended yet. */
    SLOT_IN_USE,
    /** Trying again would not help. */
    PERMANENT
  }

  /** Classifies an error by its SQLSTATE; one without is an outage if I/O failed. */
  public static Kind classify(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof SQLException e && e.getSQLState() != null) {
        return ofState(e.getSQLState(), e);
      }
    }
    return hasIoCause(error) ? Kind.OUTAGE : Kind.PERMANENT;
  }

  private static Kind ofState(String state, SQLException error) {
    if (state.equals("55006")) { // object_in_use
      return Kind.SLOT_IN_USE;
    }
    if (state.equals("55P03")) { // lock_not_available: lock_timeout has passed
      return Kind.OUTAGE;
    }
    if (state.equals("08004")) { // the server rejected the connection, for good
      return Kind.PERMANENT;
    }
    if (removedLog(error)) {
      return Kind.OUTAGE;
    }
    if (state.equals("53400")
        || isTls(error)
        || (state.startsWith("08")
            && TlsProblems.isOurs(error))) { // no slot or WAL sender is free; no TLS session
      return Kind.PERMANENT;
    }
    return switch (state.substring(0, 2)) {
      case "08", // connection exception
          "40", // transaction rollback, deadlock
          "53", // insufficient resources, too many connections
          "57" -> // operator intervention: shutting down, starting up
          Kind.OUTAGE;
      default -> hasIoCause(error) ? Kind.OUTAGE : Kind.PERMANENT;
    };
  }

  /**
   * Whether the server has removed log that the session was still to read. The slot tells at the
   * next attempt whether that is lost, or was not needed any more.
   */
  private static boolean removedLog(SQLException error) {
    return error.getMessage() != null && error.getMessage().contains("requested WAL segment");
  }

  /** Whether a TLS session was refused, rather than cut. */
  private static boolean isTls(Throwable error) {
    return (hasCause(error, SSLHandshakeException.class)
            || hasCause(error, SSLPeerUnverifiedException.class)
            || hasCause(error, GeneralSecurityException.class))
        && !hasCause(error, EOFException.class)
        && !hasCause(error, SocketException.class)
        && !hasCause(error, InterruptedIOException.class);
  }

  private static boolean hasIoCause(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (at instanceof IOException && !(at instanceof javax.net.ssl.SSLException)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The error without what the server quotes of rows and arguments, which is for nobody's log but
   * its own: errors of the classes data exception, integrity constraint violation, check option
   * violation and PL/pgSQL.
   */
  public static SQLException withoutData(SQLException error) {
    String state = error.getSQLState();
    if (state == null || state.length() < 2 || !OF_DATA.contains(state.substring(0, 2))) {
      return error;
    }
    SQLException plain =
        new SQLException(
            "the server refuses a value (SQLSTATE " + state + "); its own log has the message",
            state);
    plain.setStackTrace(error.getStackTrace());
    return plain;
  }

  /** What a failed attempt to connect means to the one who wrote the config. */
  public static Problem connecting(SQLException error, ConnectionSettings to) {
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    String server = "the Postgres server at " + to.server();
    if (state.startsWith("08") || state.equals("28000")) {
      Optional<Problem> tls = TlsProblems.of(error, to, server);
      if (tls.isPresent()) {
        return tls.get();
      }
    }
    return switch (state) {
      case "08001", "08006", "08004" ->
          state.equals("08004") && to.hasNoPassword()
              ? new Problem(
                  ConnectionKeys.PASSWORD,
                  server
                      + " asks for a password of user '"
                      + to.user()
                      + "'; set database.password")
              : new Problem(
                  ConnectionKeys.HOSTNAME,
                  "cannot reach "
                      + server
                      + ": "
                      + error.getMessage()
                      + " Check database.hostname and database.port, and that the server runs.");
      case "28P01" ->
          new Problem(
              ConnectionKeys.PASSWORD,
              server
                  + " refuses the password of user '"
                  + to.user()
                  + "'; set the right database.user and database.password");
      case "28000" ->
          new Problem(
              ConnectionKeys.USER,
              server + " does not let user '" + to.user() + "' in: " + error.getMessage());
      case "42501" ->
          new Problem(
              ConnectionKeys.USER,
              server
                  + " does not let user '"
                  + to.user()
                  + "' into database '"
                  + to.database()
                  + "' ("
                  + error.getMessage()
                  + "); GRANT CONNECT ON DATABASE "
                  + Identifiers.quote(to.database())
                  + " TO "
                  + Identifiers.quote(to.user()));
      case "3D000" ->
          new Problem(
              ConnectionKeys.DBNAME,
              server + " has no database '" + to.database() + "'; set database.dbname");
      default ->
          new Problem(
              ConnectionKeys.HOSTNAME, "cannot connect to " + server + ": " + error.getMessage());
    };
  }

  /** What an error that trying again does not cure means, once connected. */
  public static Problem refused(SQLException error, PgSourceConfig config) {
    ConnectionSettings to = config.connection();
    String state = error.getSQLState() == null ? "" : error.getSQLState();
    String said = "the Postgres server at " + to.address() + " says: " + error.getMessage() + ". ";
    if (state.startsWith("08") || state.startsWith("28") || state.equals("3D000")) {
      return connecting(error, to);
    }
    return switch (state) {
      case "53400" ->
          new Problem(
              ReplicationKeys.SLOT_NAME,
              said
                  + "All of its replication slots or WAL senders are taken: drop slots that nobody"
                  + " uses (select slot_name, active from pg_replication_slots), or raise"
                  + " max_replication_slots and max_wal_senders and restart the server");
      case "42501" ->
          new Problem(
              ConnectionKeys.USER,
              said
                  + "User '"
                  + to.user()
                  + "' lacks a right: GRANT SELECT on the captured tables and USAGE on their schemas,"
                  + " and where row-level security hides rows, ALTER ROLE ... BYPASSRLS");
      case "42704" ->
          new Problem(
              ReplicationKeys.PUBLICATION_NAME,
              said
                  + "Slot '"
                  + config.slot()
                  + "' reads the log as of when it was written, and publication '"
                  + config.publication()
                  + "' did not exist then. Drop the slot (select pg_drop_replication_slot('"
                  + config.slot()
                  + "')) and reset the connector's offsets, so that it starts over with a new"
                  + " snapshot");
      default ->
          new Problem(
              ConnectionKeys.HOSTNAME,
              said
                  + "Trying again would not help (SQLSTATE "
                  + state
                  + "): put right what the server names, and restart the task");
    };
  }

  private static boolean hasCause(Throwable error, Class<? extends Throwable> type) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return true;
      }
    }
    return false;
  }
}
