package dev.tributary.stack;

import java.util.Locale;

/**
 * The operating system and processor of this machine, in the words of the JVM.
 *
 * @param system {@code linux} or {@code darwin}, else the JVM's own name
 * @param processor {@code amd64} or {@code arm64}, else the JVM's own name
 */
record Platform(String system, String processor) {
  static Platform current() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return new Platform(
        system.startsWith("mac") ? "darwin" : system,
        switch (processor) {
          case "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          default -> processor;
        });
  }

  @Override
  public String toString() {
    return system + "-" + processor;
  }
}
