package dev.tributary.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A server's program and how it is run.
 *
 * @param name what messages call it
 * @param command the program and its arguments
 * @param environment added to this JVM's own
 * @param directory its working directory
 * @param log where its output is appended
 * @param stopSignal the signal it stops on in good order, without {@code SIG}
 * @param stopWithin how long that may take before it is killed
 * @param orphanSignal the signal it gets when this JVM is gone
 */
record Program(
    String name,
    List<String> command,
    Map<String, String> environment,
    Path directory,
    Path log,
    String stopSignal,
    Duration stopWithin,
    String orphanSignal) {

  private static final int LOG_LINES = 5;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(20);

  Program {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** One that stops on SIGTERM, and can be killed at any time. */
  Program(String name, List<String> command, Path directory) {
    this(
        name,
        command,
        Map.of(),
        directory,
        directory.resolve("log.txt"),
        "TERM",
        STOP_WITHIN,
        "KILL");
  }

  Program withSignals(String stop, String orphan) {
    return new Program(name, command, environment, directory, log, stop, stopWithin, orphan);
  }

  Program withEnvironment(Map<String, String> variables) {
    return new Program(
        name, command, variables, directory, log, stopSignal, stopWithin, orphanSignal);
  }

  /** What to say when it ended by itself, with the end of its log. */
  StackException failure(String what, int exitStatus) {
    return new StackException(
        "%s %s (exit status %d); its log ends: %s".formatted(name, what, exitStatus, logTail()));
  }

  private String logTail() {
    try {
      // not readString: a log may hold bytes that are no UTF-8
      String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
      List<String> lines =
          text.lines()
              .map(String::strip)
              .filter(s -> !s.isEmpty() && !s.startsWith("at "))
              .toList();
      return String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }
}
