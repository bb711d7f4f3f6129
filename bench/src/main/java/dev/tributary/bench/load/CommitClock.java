package dev.tributary.bench.load;

import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Inserts rows at a steady rate over several connections, each commit waiting for the disk, and
 * keeps when each row's commit returned. Other threads may ask for that meanwhile.
 */
public final class CommitClock {
  private static final int WRITERS = 4;
  private static final double MOST_COMMITS = 1_000;

  private final PostgresServer server;
  private final String insert;
  private final int rows;
  private final double perSecond;
  private final int each;
  private final AtomicReferenceArray<Long> committedAt;
  private final AtomicReference<SQLException> failure = new AtomicReference<>();

  /**
   * Not started yet.
   *
   * @param insert SQL with one parameter, the row's number from 0 on
   * @param perSecond rows a second; above 1,000 several of them share a commit
   */
  public CommitClock(PostgresServer server, String insert, int rows, double perSecond) {
    this.server = server;
    this.insert = insert;
    this.rows = rows;
    this.perSecond = perSecond;
    this.each = (int) Math.max(1, perSecond / MOST_COMMITS);
    this.committedAt = new AtomicReferenceArray<>(rows);
  }

  /**
   * Commits all rows and returns when the last is.
   *
   * @return rows a second that were reached
   */
  public double run() throws SQLException, InterruptedException {
    CountDownLatch done = new CountDownLatch(WRITERS);
    long start = System.nanoTime();
    for (int writer = 0; writer < WRITERS; writer++) {
      int number = writer;
      Thread thread =
          new Thread(
              () -> {
                try {
                  write(number, start);
                } catch (SQLException e) {
                  failure.compareAndSet(null, e);
                } finally {
                  done.countDown();
                }
              },
              "commits-" + writer);
      thread.setDaemon(true);
      thread.start();
    }
    done.await();
    if (failure.get() != null) {
      throw failure.get();
    }
    return rows / ((System.nanoTime() - start) / 1e9);
  }

  /** Every so many-th commit. A writer that is late goes on without a pause. */
  private void write(int writer, long start) throws SQLException {
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
        PreparedStatement statement = connection.prepareStatement(insert)) {
      connection.setAutoCommit(false);
      for (int first = writer * each; first < rows; first += WRITERS * each) {
        long due = start + (long) (first / perSecond * 1e9);
        Pace.await(due);
        int end = Math.min(rows, first + each);
        for (int row = first; row < end; row++) {
          statement.setLong(1, row);
          statement.addBatch();
        }
        statement.executeBatch();
        connection.commit();
        long now = System.nanoTime();
        for (int row = first; row < end; row++) {
          committedAt.set(row, now);
        }
      }
    }
  }

  /** When the row's commit returned, by {@link System#nanoTime}; 0 while it has not. */
  public long committedAt(int row) {
    Long at = committedAt.get(row);
    return at == null ? 0 : at;
  }
}
