package dev.tributary.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Kafka that the module {@code local-stack/kafka} gathers: a class path, and nothing of ours.
 */
final class KafkaInstallation {
  /** Connect's own pattern: the MDC tells connector and task. */
  private static final String LOGGING =
      """
      status = error
      rootLogger.level = info
      rootLogger.appenderRef.out.ref = out
      appender.out.name = out
      appender.out.type = Console
      appender.out.layout.type = PatternLayout
      appender.out.layout.pattern = [%d] %p %X{connector.context}%m (%c:%L)%n
      """;

  private KafkaInstallation() {}

  /** A JVM with Kafka on its class path that logs to its standard output. */
  static JavaCommand java(WorkDirectory directory, String heap, List<String> options)
      throws IOException {
    Path logging = directory.resolve("log4j2.properties");
    Files.writeString(logging, LOGGING);
    List<String> all = new ArrayList<>(options);
    all.add("-Dlog4j2.configurationFile=" + logging);
    return new JavaCommand(classPath(), heap, all);
  }

  private static String classPath() throws IOException {
    Path file = BuildRoot.stack().resolve("kafka").resolve("classpath");
    if (!Files.isReadable(file)) {
      throw new StackException("no " + file + "; run mvn package first");
    }
    return Files.readString(file).strip();
  }

  /** Writes a properties file; backslashes are the format's escape. */
  static Path properties(Path file, Map<String, String> settings) throws IOException {
    List<String> lines =
        settings.entrySet().stream()
            .map(setting -> setting.getKey() + "=" + setting.getValue().replace("\\", "\\\\"))
            .toList();
    return Files.write(file, lines);
  }
}
