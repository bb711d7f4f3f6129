package dev.tributary.postgres;

import dev.tributary.postgres.replication.PgErrors;
import dev.tributary.postgres.replication.Sessions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the server something again and again, on a session and a thread of its own: a statement that
 * waits for a lock, or fails, holds nothing up.
 */
final class Repeated implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Repeated.class);

  private final String what;
  private final Work work;
  private final Sessions sessions;
  private final Duration pause;
  private final Thread thread;

  private volatile Connection connection;
  private volatile boolean closed;

  /** What is done with the session. */
  @FunctionalInterface
  interface Work {
    void run(Connection connection) throws SQLException;
  }

  private Repeated(String what, Work work, Sessions sessions, Duration pause, String threadName) {
    this.what = what;
    this.work = work;
    this.sessions = sessions;
    this.pause = pause;
    thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  /**
   * Does the work now and from then on.
   *
   * @param what it is, for the log
   */
  static Repeated start(
      String what, Work work, Sessions sessions, Duration pause, String threadName) {
    Repeated repeated = new Repeated(what, work, sessions, pause, threadName);
    repeated.thread.start();
    return repeated;
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
      work.run(connection);
    } catch (SQLException e) {
      failed(PgErrors.withoutData(e));
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void failed(Exception error) {
    if (!closed) {
      log.warn("{} failed, and is tried again: {}", what, error.getMessage());
    }
    end();
  }

  private void end() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException e) {
        log.debug("The session of {} did not close cleanly", what, e);
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
