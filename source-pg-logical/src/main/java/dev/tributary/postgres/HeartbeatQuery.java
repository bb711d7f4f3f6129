package dev.tributary.postgres;

import dev.tributary.postgres.replication.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
  private final ScheduledExecutorService thread;

  private volatile Connection connection;
  private volatile boolean closed;

  private HeartbeatQuery(String query, Sessions sessions, String name) {
    this.query = query;
    this.sessions = sessions;
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
  }

  /** Executes the query now and from then on. */
  static HeartbeatQuery start(String query, Sessions sessions, Duration pause, String threadName) {
    HeartbeatQuery heartbeat = new HeartbeatQuery(query, sessions, threadName);
    heartbeat.thread.scheduleWithFixedDelay(
        heartbeat::execute, 0, pause.toNanos(), TimeUnit.NANOSECONDS);
    return heartbeat;
  }

  private void execute() {
    try {
      if (connection == null) {
        connection = sessions.sql();
      }
      if (closed) {
        end();
        return;
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
    thread.shutdownNow();
    end();
  }
}
