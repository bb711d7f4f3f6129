package dev.tributary.postgres;

import dev.tributary.postgres.replication.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes {@code heartbeat.action.query} again and again, on a session and a thread of its own: a
 * statement that waits for a lock, or fails, holds nothing up.
 */
final class HeartbeatQuery implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HeartbeatQuery.class);

  private final String query;
  private final Sessions sessions;
  private final Duration pause;
  private final Thread thread;

  private volatile Connection connection;
  private volatile boolean closed;

  private HeartbeatQuery(String query, Sessions sessions, Duration pause, String threadName) {
    this.query = query;
    this.sessions = sessions;
    this.pause = pause;
    thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  /** Executes the query now and from then on. */
  static HeartbeatQuery start(String query, Sessions sessions, Duration pause, String threadName) {
    HeartbeatQuery heartbeat = new HeartbeatQuery(query, sessions, pause, threadName);
    heartbeat.thread.start();
    return heartbeat;
  }

  private void run() {
    try {
      while (!closed) {
        execute();
        Thread.sleep(pause.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    } finally {
      end();
    }
  }

  private void execute() {
    try {
      if (connection == null) {
        connection = sessions.sql();
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute(query);
      }
    } catch (SQLException | RuntimeException e) {
      if (!closed) {
        log.warn("heartbeat.action.query failed, and is tried again: {}", e.getMessage());
      }
      end();
    }
  }

  private void end() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException e) {
        log.debug("The session of heartbeat.action.query did not close cleanly", e);
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    end(); // a statement under way
    thread.interrupt();
  }
}
