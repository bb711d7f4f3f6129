package dev.tributary.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts parts at the same time, each in a thread of its own: all of them, or none. One thread
 * calls it.
 */
final class ParallelStart {
  private final Consumer<String> progress;
  private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "stack-start");
            thread.setDaemon(true);
            return thread;
          });
  private int pending;

  ParallelStart(Consumer<String> progress) {
    this.progress = progress;
  }

  /** What came of a part: it, or why there is none. */
  private record Outcome(AutoCloseable started, Throwable failure) {}

  /** Starts a part; its result is there when {@link #awaitAll} has returned. */
  <T extends AutoCloseable> CompletableFuture<T> add(String name, Supplier<T> part) {
    CompletableFuture<T> result = new CompletableFuture<>();
    pending++;
    long begin = System.nanoTime();
    threads.execute(
        () -> {
          try {
            T started = part.get();
            progress.accept(
                "%s is ready after %.1f s".formatted(name, (System.nanoTime() - begin) / 1e9));
            result.complete(started);
            outcomes.add(new Outcome(started, null));
          } catch (RuntimeException | Error e) {
            outcomes.add(new Outcome(null, e));
          }
        });
    return result;
  }

  /**
   * Waits for all parts. With the first failure the others are told to give up, and those that had
   * started are closed.
   *
   * @throws StackException with the first failure's message
   */
  void awaitAll() {
    List<AutoCloseable> started = new ArrayList<>();
    Throwable failure = null;
    boolean interrupted = false;
    while (pending > 0) {
      try {
        Outcome outcome = outcomes.take();
        pending--;
        if (outcome.failure() == null) {
          started.add(outcome.started());
        } else if (failure == null) {
          failure = outcome.failure();
          threads.shutdownNow();
        }
      } catch (InterruptedException e) {
        interrupted = true;
        failure = e;
        threads.shutdownNow();
      }
    }
    threads.shutdown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      started.forEach(ParallelStart::close);
      throw new StackException("the local stack could not start: " + failure.getMessage(), failure);
    }
  }

  static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new StackException("a part of the local stack could not be closed: " + e, e);
    }
  }
}
