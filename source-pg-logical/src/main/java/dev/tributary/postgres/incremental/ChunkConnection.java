package dev.tributary.postgres.incremental;

import dev.tributary.postgres.replication.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * A connection that is opened when it is first asked for, and anew after it broke. {@link #get} is
 * called by one thread, {@link #close} by any.
 */
final class ChunkConnection implements AutoCloseable {
  private final Sessions sessions;
  private Connection connection;
  private boolean closed;

  ChunkConnection(Sessions sessions) {
    this.sessions = sessions;
  }

  Connection get() throws SQLException {
    synchronized (this) {
      if (connection != null && !connection.isClosed()) {
        return connection;
      }
    }
    Connection opened = sessions.chunks();
    try (Statement statement = opened.createStatement()) {
      // a watermark needs no standby; rows that cannot be seen are an error
      statement.execute(
          "SET synchronous_commit = local; SET row_security = off;"
              + " SET default_transaction_isolation = 'repeatable read'");
    }
    synchronized (this) {
      if (closed) {
        opened.abort(Runnable::run);
        throw new SQLException("stopped while a session was opened");
      }
      connection = opened;
      return opened;
    }
  }

  /** Ends the statement under way, which may be waiting for a lock, and the session. */
  synchronized void cancel() throws SQLException {
    if (connection != null) {
      try {
        connection.unwrap(PGConnection.class).cancelQuery();
      } finally {
        discard();
      }
    }
  }

  /** The next one asked for is a new one. */
  synchronized void discard() throws SQLException {
    if (connection != null) {
      connection.abort(Runnable::run);
      connection = null;
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    closed = true;
    discard();
  }
}
