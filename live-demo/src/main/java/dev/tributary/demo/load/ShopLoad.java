package dev.tributary.demo.load;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A live load on the shop's tables: users view, click and buy, orders change state and get deleted,
 * and now and then a user goes wild. Each user belongs to one of the writers, so that a user's
 * events are committed in the order of their ids.
 *
 * <p>Thread-safe: the writers run on threads of their own, everything here may be called from any
 * thread.
 */
public final class ShopLoad implements AutoCloseable {
  /**
   * What the load is like.
   *
   * @param users how many users there are
   * @param changesPerSecond how many rows are inserted, updated or deleted a second
   * @param writers how many connections write at once
   * @param seed where the random numbers start
   */
  public record Settings(int users, int changesPerSecond, int writers, long seed) {}

  /**
   * An event that stands committed in Postgres.
   *
   * @param committedAt {@link System#nanoTime()} when the commit returned
   */
  public record Committed(long userId, long eventId, long committedAt) {}

  private final List<ShopWriter> writers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicLong changes = new AtomicLong();
  private final AtomicReference<Committed> latest = new AtomicReference<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final Set<Long> wildEvents = new TreeSet<>();

  public ShopLoad(String jdbcUrl, Settings settings) {
    for (int i = 0; i < settings.writers(); i++) {
      ShopWriter writer = new ShopWriter(jdbcUrl, settings, i, this);
      writers.add(writer);
      Thread thread = new Thread(writer, "shop-writer-" + i);
      thread.setDaemon(true);
      thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
      threads.add(thread);
    }
  }

  public void start() {
    threads.forEach(Thread::start);
  }

  /**
   * Ends the load; what has been begun is committed first.
   *
   * @throws IllegalStateException if a writer failed, with its failure as the cause
   */
  public void stop() throws InterruptedException {
    writers.forEach(ShopWriter::stop);
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new IllegalStateException("a writer of the load failed", failure.get());
    }
  }

  @Override
  public void close() {
    writers.forEach(ShopWriter::stop);
  }

  /** Rows changed and committed so far. */
  public long changes() {
    return changes.get();
  }

  /** The event that was committed last, once there is one. */
  public Optional<Committed> latest() {
    return Optional.ofNullable(latest.get());
  }

  /** The ids of the committed events in which a user went wild. */
  public Set<Long> wildEvents() {
    synchronized (wildEvents) {
      return new TreeSet<>(wildEvents);
    }
  }

  /** The most active users so far, most active first. */
  public List<Long> mostActive(int count) {
    return writers.stream()
        .flatMap(writer -> writer.activity().entrySet().stream())
        .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
        .limit(count)
        .map(java.util.Map.Entry::getKey)
        .toList();
  }

  void committed(int rows, Committed last) {
    changes.addAndGet(rows);
    if (last != null) {
      latest.set(last);
    }
  }

  void wentWild(long eventId) {
    synchronized (wildEvents) {
      wildEvents.add(eventId);
    }
  }

  /** Whether the server was away, which a writer waits out, or refused what it was asked. */
  static boolean isAway(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("08") || state.startsWith("57P"));
  }
}
