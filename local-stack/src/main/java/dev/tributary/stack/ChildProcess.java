package dev.tributary.stack;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A process that does not outlive this JVM, however the JVM ends.
 *
 * <p>A shell holds the reading end of a pipe whose writing end only this JVM has. It leaves a
 * watchdog in the background and then becomes the program itself, so that the program's process is
 * this JVM's child. When the JVM ends, also by SIGKILL, the system closes the pipe and the watchdog
 * kills the program. The program runs in a session of its own: a Ctrl-C at the terminal is for the
 * JVM, which decides what happens to its servers.
 */
final class ChildProcess {
  private static final String LIFELINE =
      """
      signal=$1
      shift
      exec 3<&0
      ( (
        trap '' HUP INT QUIT TERM
        exec >/dev/null 2>&1
        while read -r line; do :; done
        kill "-$signal" $$ || exit 0
        for second in 1 2 3 4 5; do
          kill -0 $$ || exit 0
          sleep 1
        done
        kill -KILL -$$
        kill -KILL $$
      ) <&3 & )
      exec 3<&- </dev/null
      command -v setsid >/dev/null && exec setsid "$@"
      command -v perl >/dev/null && exec perl -MPOSIX -e 'POSIX::setsid(); exec @ARGV' "$@"
      exec "$@"
      """;

  /** For the program alone: macOS takes these away from a shell, and no shell needs them. */
  private static final Set<String> PRELOADS = Set.of("LD_PRELOAD", "DYLD_INSERT_LIBRARIES");

  private static final Duration END_WITHIN = Duration.ofSeconds(10);

  /** Holds the pipes open: a server lives until it is closed, also when nobody refers to it. */
  private static final Set<Process> LIVE = ConcurrentHashMap.newKeySet();

  private final Process process;

  private ChildProcess(Process process) {
    this.process = process;
  }

  /** Starts the program and does not wait for it. */
  static ChildProcess start(Program program) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("sh", "-c", LIFELINE, "lifeline", program.orphanSignal()));
    command.add("env");
    Map<String, String> environment = new HashMap<>();
    program
        .environment()
        .forEach(
            (name, value) -> {
              if (PRELOADS.contains(name)) {
                command.add(name + "=" + value);
              } else {
                environment.put(name, value); // not among arguments: it may be a password
              }
            });
    command.addAll(program.command());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(program.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(program.log().toFile()));
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      LIVE.removeIf(ended -> !ended.isAlive());
      LIVE.add(process);
      return new ChildProcess(process);
    } catch (IOException e) {
      throw new StackException(program.name() + " could not be started: " + e.getMessage(), e);
    }
  }

  /**
   * Runs a program that ends by itself, and waits for that.
   *
   * @throws StackException when it takes too long, or ends with a status other than 0
   */
  static void run(Program program) {
    ChildProcess child = start(program);
    if (!await(child.process.onExit(), program.stopWithin().toSeconds())) {
      child.kill();
      throw new StackException(program.name() + " did not end within " + program.stopWithin());
    }
    if (child.exitStatus() != 0) {
      throw program.failure("failed", child.exitStatus());
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitStatus() {
    return process.exitValue();
  }

  /** Sends SIGKILL to the process and to all that it has started, and waits for their end. */
  void kill() {
    List<ProcessHandle> family =
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    family.forEach(ProcessHandle::destroyForcibly);
    await(process.onExit(), END_WITHIN.toSeconds());
    Await.until(
        "the end of killed processes", END_WITHIN, () -> family.stream().noneMatch(this::runs));
  }

  /** A process that has ended but that its parent has not asked about yet shows no command. */
  private boolean runs(ProcessHandle member) {
    return member.isAlive() && member.info().command().isPresent();
  }

  /** Sends the signal; true when the process ended within the time. */
  boolean end(Program program) {
    signal(program.stopSignal());
    return await(process.onExit(), program.stopWithin().toSeconds());
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new StackException("cannot send signal " + signal + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean await(CompletableFuture<?> end, long seconds) {
    try {
      end.get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new StackException("a process could not be waited for: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
