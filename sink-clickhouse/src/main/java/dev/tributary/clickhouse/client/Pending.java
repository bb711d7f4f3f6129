package dev.tributary.clickhouse.client;

import com.clickhouse.client.api.ClickHouseException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A request that is under way in a thread of its own. That thread writes bytes; one other waits,
 * and gives up a request that does not get on.
 */
public final class Pending {
  private final Duration timeout;
  private final Runnable giveUp;
  private volatile long progressNanos = System.nanoTime();
  private volatile long writtenRows;
  private Future<?> future;

  Pending(Duration timeout, Runnable giveUp) {
    this.timeout = timeout;
    this.giveUp = giveUp;
  }

  Pending start(Future<?> started) {
    future = started;
    return this;
  }

  void wrote(long rows) {
    writtenRows = rows;
  }

  /** The rows that were written, as the server counts them, which includes those of views. */
  public long writtenRows() {
    return writtenRows;
  }

  /** Whether it has ended, well or not. */
  public boolean isDone() {
    return future.isDone();
  }

  /** Waits for the end, and throws what went wrong. */
  public void await() {
    while (!await(timeout)) {
      // every step forward begins the wait anew
    }
  }

  /**
   * Waits for the end for so long at most, and throws what went wrong.
   *
   * @return whether it has ended
   */
  public boolean await(Duration longest) {
    long until = System.nanoTime() + longest.toNanos();
    while (true) {
      long stalled = progressNanos + timeout.toNanos() - System.nanoTime();
      long left = until - System.nanoTime();
      try {
        future.get(Math.max(1, Math.min(stalled, left)), TimeUnit.NANOSECONDS);
        return true;
      } catch (TimeoutException e) {
        if (future.isDone()) {
          continue;
        }
        if (progressNanos + timeout.toNanos() - System.nanoTime() <= 0) {
          future.cancel(true);
          giveUp.run();
          throw new ClickHouseException(
              "No byte went to or fro for " + timeout.toSeconds() + " s", e);
        }
        if (until - System.nanoTime() <= 0) {
          return false;
        }
      } catch (CancellationException e) {
        throw new ClickHouseException("The request was given up", new TimeoutException());
      } catch (ExecutionException e) {
        throw unwrapped(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ClickHouseException("Interrupted while waiting for ClickHouse", e);
      }
    }
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    Throwable cause = e.getCause();
    while (cause instanceof ExecutionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    // the client library's connections were closed under the request
    boolean closed = cause instanceof IllegalStateException;
    return cause instanceof RuntimeException known && !closed
        ? known
        : new ClickHouseException("The request failed", new IOException(cause));
  }

  /** A stream that tells of every write that came through. */
  OutputStream watched(OutputStream out) {
    progressNanos = System.nanoTime();
    return new FilterOutputStream(out) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        progressNanos = System.nanoTime();
      }
    };
  }
}
