package dev.tributary.bench.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Orders to a JVM on this machine, through the JDK's {@code jcmd}. */
public final class Jcmd {
  private Jcmd() {}

  /**
   * Gives an order and waits until it is carried out.
   *
   * @return what the JVM answers
   */
  public static String run(long pid, String... order) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    command.add(Long.toString(pid));
    command.addAll(List.of(order));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String answer =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", order) + " failed: " + answer);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return answer;
  }
}
