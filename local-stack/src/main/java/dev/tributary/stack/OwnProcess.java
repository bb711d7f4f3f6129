package dev.tributary.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** A server that runs as a child process of this JVM on data in a folder of its own. */
final class OwnProcess implements Backing {
  private static final Duration START_WITHIN = Duration.ofSeconds(90);

  private final Program program;
  private final WorkDirectory directory;
  private final Ready ready;
  private ChildProcess process;

  /** Says how to run a program on data in the folder, after making what it needs there. */
  @FunctionalInterface
  interface Preparation {
    Program in(WorkDirectory directory) throws IOException;
  }

  /**
   * Starts a program in a folder of its own; where that fails, nothing of it stays.
   *
   * @param name what messages call it
   */
  static OwnProcess started(String name, Preparation preparation, Ready ready) {
    WorkDirectory directory = WorkDirectory.create(name.toLowerCase(Locale.ROOT));
    try {
      OwnProcess process = new OwnProcess(preparation.in(directory), directory, ready);
      process.start();
      return process;
    } catch (IOException e) {
      directory.close();
      throw new StackException(name + " could not be set up: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /**
   * Not started yet.
   *
   * @param directory deleted with {@link #close}
   */
  private OwnProcess(Program program, WorkDirectory directory, Ready ready) {
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

  Path log() {
    return program.log();
  }

  /** Where its data are. */
  Path folder() {
    return directory.path();
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
