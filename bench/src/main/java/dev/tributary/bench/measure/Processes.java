package dev.tributary.bench.measure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The servers of this JVM's local stack, which are its children, by what their command lines say.
 */
public final class Processes {
  private static final Map<String, String> MARKS = marks();

  private Processes() {}

  private static Map<String, String> marks() {
    Map<String, String> marks = new LinkedHashMap<>();
    marks.put("connect.cli.ConnectDistributed", "worker");
    marks.put("kafka.Kafka", "kafka");
    marks.put("EmbeddedClickHouse", "clickhouse");
    marks.put("redis-server", "redis");
    marks.put("bin/postgres", "postgres");
    return marks;
  }

  /** Roles of all servers that run now and their process ids; {@code harness} is this JVM. */
  public static Map<String, Long> byRole() {
    Map<String, Long> roles = new LinkedHashMap<>();
    roles.put("harness", ProcessHandle.current().pid());
    ProcessHandle.current()
        .children()
        .forEach(child -> role(child).ifPresent(role -> roles.put(role, child.pid())));
    return roles;
  }

  /** ProcessHandle cuts command lines at 4096 bytes, so that long class paths hide the class. */
  private static Optional<String> role(ProcessHandle process) {
    String whole = ProcFiles.commandLine(process.pid());
    String command = whole.isEmpty() ? process.info().commandLine().orElse("") : whole;
    return MARKS.entrySet().stream()
        .filter(mark -> command.contains(mark.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }
}
