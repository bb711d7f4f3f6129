package dev.tributary.demo;

import dev.tributary.stack.ConnectWorker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Starts the Connect worker again when its process has ended, as a service manager would. */
public final class WorkerWatch implements AutoCloseable {
  private final ConnectWorker worker;
  private final Consumer<String> tell;
  private final Thread thread = new Thread(this::run, "worker-watch");
  private final CountDownLatch closed = new CountDownLatch(1);

  public WorkerWatch(ConnectWorker worker, Consumer<String> tell) {
    this.worker = worker;
    this.tell = tell;
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /** Kills the worker with SIGKILL; the watch starts it again. */
  public void killWorker() {
    tell.accept("kill -9 of the Connect worker, process " + worker.pid());
    worker.kill();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed.await(200, TimeUnit.MILLISECONDS)) {
        long pid = worker.pid();
        if (ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)) {
          continue;
        }
        tell.accept("the Connect worker (process " + pid + ") has ended; starting it again");
        worker.restart();
        tell.accept("the Connect worker is back as process " + worker.pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
