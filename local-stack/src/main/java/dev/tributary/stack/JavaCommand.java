package dev.tributary.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of a JVM: this one's Java, and a class path, heap and options of its own.
 *
 * @param heap its largest heap, as after {@code -Xmx}
 */
record JavaCommand(String classPath, String heap, List<String> options) {
  JavaCommand {
    options = List.copyOf(options);
  }

  List<String> running(String mainClass, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-Djava.awt.headless=true");
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(List.of(arguments));
    return command;
  }
}
