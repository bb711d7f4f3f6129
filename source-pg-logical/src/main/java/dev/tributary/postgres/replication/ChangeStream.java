package dev.tributary.postgres.replication;

import dev.tributary.postgres.position.Lsn;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
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
  private final Connection connection;
  private final PGReplicationStream stream;

  private ChangeStream(Connection connection, PGReplicationStream stream) {
    this.connection = connection;
    this.stream = stream;
  }

  /**
   * Starts streaming.
   *
   * @param from transactions whose commit record is before are not sent
   */
  public static ChangeStream open(
      Sessions sessions, String slot, String publication, Lsn from, Duration statusInterval)
      throws SQLException {
    Connection connection = sessions.replication();
    try {
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
      return new ChangeStream(connection, stream);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
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

  /** The option is a list of identifiers. */
  private static String quoted(String publication) {
    return '"' + publication.replace("\"", "\"\"") + '"';
  }

  /**
   * The next message.
   *
   * @return null if there is none now; waits a millisecond for it at most
   */
  public ByteBuffer read() throws SQLException {
    return stream.readPending();
  }

  /** The LSN of the last message, or a later one that the server has reached since. */
  public Lsn received() {
    return new Lsn(stream.getLastReceiveLSN().asLong());
  }

  /** Tells the server that everything before an LSN is stored and need not be sent again. */
  public void confirm(Lsn stored) throws SQLException {
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
