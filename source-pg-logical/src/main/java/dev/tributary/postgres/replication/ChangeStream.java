package dev.tributary.postgres.replication;

import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.position.Lsn;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * The stream of changes of a slot. Belongs to one thread, but for {@link #close()}.
 *
 * <p>pgjdbc answers the server's keepalives while messages are read, and never moves the confirmed
 * position by itself: {@link #confirm} alone does.
 */
public final class ChangeStream implements AutoCloseable {
  private static final String CONNECTION_FAILURE = "08006";

  /** Far less than pgjdbc waits for a message, if there is none. */
  private static final long AT_ONCE_NANOS = 200_000;

  /** So often in a row there is no message so soon after there was none, where it has ended. */
  private static final int ENDED = 100;

  private final Connection connection;
  private final PGReplicationStream stream;
  private final Duration statusInterval;
  private Lsn told = Lsn.ZERO;
  private long lastNone;
  private int atOnce;

  private ChangeStream(Connection connection, PGReplicationStream stream, Duration statusInterval) {
    this.connection = connection;
    this.stream = stream;
    this.statusInterval = statusInterval;
  }

  /**
   * Starts streaming.
   *
   * @param from transactions whose commit record is before are not sent
   * @param timeline of the log, as the server was seen to have it
   * @param longest between two status messages; the server may want them more often
   */
  public static ChangeStream open(
      Sessions sessions, String slot, String publication, Lsn from, int timeline, Duration longest)
      throws SQLException {
    Connection connection = sessions.replication();
    try {
      if (Timelines.current(connection) != timeline) {
        throw new SQLException("another server has taken over meanwhile", CONNECTION_FAILURE);
      }
      Duration statusInterval = statusInterval(connection, longest);
      PGReplicationStream stream =
          connection
              .unwrap(PGConnection.class)
              .getReplicationAPI()
              .replicationStream()
              .logical()
              .withSlotName(slot)
              .withStartPosition(LogSequenceNumber.valueOf(from.value()))
              .withAutomaticFlush(false)
              .withStatusInterval(
                  Math.toIntExact(statusInterval.toMillis()),
                  java.util.concurrent.TimeUnit.MILLISECONDS)
              .withSlotOption("proto_version", 1)
              .withSlotOption("publication_names", quoted(publication))
              .withSlotOptions(messages(connection))
              .start();
      return new ChangeStream(connection, stream, statusInterval);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * The server ends a session from which it hears nothing for {@code wal_sender_timeout}, and its
   * question whether we are there is not read while Connect takes no records.
   */
  private static Duration statusInterval(Connection connection, Duration longest)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select setting from pg_catalog.pg_settings where name = 'wal_sender_timeout'")) {
      long timeout = row.next() ? row.getLong(1) : 0;
      return timeout == 0 || timeout / 3 >= longest.toMillis()
          ? longest
          : Duration.ofMillis(Math.max(1, timeout / 3));
    }
  }

  /**
   * Logical messages are always asked for, since they count in positions; from 14 on they exist.
   */
  private static java.util.Properties messages(Connection connection) throws SQLException {
    java.util.Properties options = new java.util.Properties();
    if (connection.getMetaData().getDatabaseMajorVersion() >= 14) {
      options.setProperty("messages", "true");
    }
    return options;
  }

  /** The option is a list of identifiers, in a literal that pgjdbc puts quotes around as it is. */
  private static String quoted(String publication) {
    return Identifiers.quote(publication).replace("'", "''");
  }

  /** How often to {@link #confirm}, at least. */
  public Duration statusInterval() {
    return statusInterval;
  }

  /**
   * The next message.
   *
   * @return null if there is none now; waits a millisecond for it at most
   */
  public ByteBuffer read() throws SQLException {
    ByteBuffer message = stream.readPending();
    if (message != null) {
      atOnce = 0;
      return message;
    }
    long now = System.nanoTime();
    atOnce = now - lastNone < AT_ONCE_NANOS ? atOnce + 1 : 0;
    lastNone = now;
    if (atOnce >= ENDED) {
      atOnce = 0;
      confirm(told); // fails if the other end is closed, of which pgjdbc says nothing in reading
    }
    return null;
  }

  /** The LSN of the last message, or a later one that the server has reached since. */
  public Lsn received() {
    return new Lsn(stream.getLastReceiveLSN().asLong());
  }

  /**
   * Tells the server that everything before an LSN is stored and need not be sent again.
   *
   * @param stored {@link Lsn#ZERO} to tell nothing but that we are there
   */
  public void confirm(Lsn stored) throws SQLException {
    told = stored;
    LogSequenceNumber lsn = LogSequenceNumber.valueOf(stored.value());
    stream.setFlushedLSN(lsn);
    stream.setAppliedLSN(lsn);
    stream.forceUpdateStatus();
  }

  /** Ends the session; a read under way in another thread fails. */
  @Override
  public void close() throws SQLException {
    connection.abort(Runnable::run);
  }
}
