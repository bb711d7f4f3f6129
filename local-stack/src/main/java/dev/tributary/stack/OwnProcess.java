package dev.tributary.stack;

import java.time.Duration;
import java.util.concurrent.Callable;

/** A server that runs as a child process of this JVM on data in a folder of its own. */
final class OwnProcess implements Backing {
  private static final Duration START_WITHIN = Duration.ofSeconds(90);

  private final Program program;
  private final WorkDirectory directory;
  private final Callable<Boolean> ready;
  private ChildProcess process;

  /**
   * Not started yet.
   *
   * @param directory deleted with {@link #close}
   * @param ready whether the server answers; what it throws counts as "not yet"
   */
  OwnProcess(Program program, WorkDirectory directory, Callable<Boolean> ready) {
    this.program = program;
    this.directory = directory;
    this.ready = ready;
  }

  @Override
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    process = ChildProcess.start(program);
    try {
      Await.until(program.name() + " to be ready", START_WITHIN, this::readyOrDead);
    } catch (StackException e) {
      process.kill();
      throw e;
    }
  }

  private boolean readyOrDead() throws Exception {
    if (process.isAlive()) {
      return ready.call();
    }
    throw new Await.Hopeless(program.failure("did not start", process.exitStatus()));
  }

  @Override
  public synchronized void stop() {
    if (isRunning() && !process.end(program)) {
      process.kill();
    }
  }

  @Override
  public synchronized void kill() {
    if (process != null) {
      process.kill();
    }
  }

  @Override
  public boolean restartable() {
    return true;
  }

  synchronized long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    kill();
    directory.close();
  }

  private boolean isRunning() {
    return process != null && process.isAlive();
  }
}
