package dev.tributary.bench.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own for what needs other options than this one has. */
public final class ForkedJava {
  private ForkedJava() {}

  /**
   * Runs a class of this class path to its end.
   *
   * @return what it has printed
   * @throws IOException if it ends with a status other than 0
   */
  public static String run(List<String> jvmOptions, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException(
            main.getName() + " ended with status " + process.exitValue() + ": " + said);
      }
      return said;
    } finally {
      process.destroyForcibly();
    }
  }
}
