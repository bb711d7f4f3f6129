package dev.tributary.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;

/** A server that runs as a child process of this JVM on data in a folder of its own. */
final class OwnProcess implements Backing {
  private static final Duration START_WITHIN = Duration.ofSeconds(90);

  private final Program program;
  private final WorkDirectory directory;
  private final Ready ready;
  private ChildProcess process;

  /**
   * Not started yet.
   *
   * @param directory deleted with {@link #close}
   */
  OwnProcess(Program program, WorkDirectory directory, Ready ready) {
    this.program = program;
    this.directory = directory;
    this.ready = ready;
  }

  @Override
  public synchronized void start() {
    if (isRunning()) {
      return;
    }
    long logBefore = program.log().toFile().length();
    process = ChildProcess.start(program);
    try {
      Await.until(program.name() + " to be ready", START_WITHIN, () -> readyOrDead(logBefore));
    } catch (StackException e) {
      process.kill();
      throw e;
    }
  }

  private boolean readyOrDead(long logBefore) throws Exception {
    if (process.isAlive()) {
      return ready.test(logAfter(logBefore));
    }
    throw new Await.Hopeless(program.failure("did not start", process.exitStatus()));
  }

  private String logAfter(long position) throws IOException {
    byte[] log = Files.readAllBytes(program.log());
    // not readString: a log may hold bytes that are no UTF-8
    return new String(log, (int) position, log.length - (int) position, StandardCharsets.UTF_8);
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
