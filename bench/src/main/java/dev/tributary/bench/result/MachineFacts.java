package dev.tributary.bench.result;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a run ran on.
 *
 * @param processor its model
 * @param cores how many this JVM may use
 * @param memoryBytes all memory
 * @param system the operating system and its version
 * @param java the JVM that ran the harness, the workers and the benchmarks
 * @param loadBefore how many processes wanted a core in the minute before the run; well above 0
 *     means that others were at work, and that rates are too low
 */
public record MachineFacts(
    String processor, int cores, long memoryBytes, String system, String java, double loadBefore) {

  /** This machine's, now. */
  public static MachineFacts read() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    long memory =
        system instanceof com.sun.management.OperatingSystemMXBean sun
            ? sun.getTotalMemorySize()
            : 0;
    return new MachineFacts(
        processorModel(),
        Runtime.getRuntime().availableProcessors(),
        memory,
        system.getName() + " " + system.getVersion() + " " + system.getArch(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        Math.max(0, system.getSystemLoadAverage()));
  }

  private static String processorModel() {
    try {
      return value(Files.readAllLines(Path.of("/proc/cpuinfo")), "model name"::equals);
    } catch (IOException e) {
      return System.getProperty("os.arch"); // no Linux
    }
  }

  /** The value of the first line {@code key : value} with such a key. */
  static String value(List<String> lines, Predicate<String> key) {
    return lines.stream()
        .map(line -> line.split(":", 2))
        .filter(parts -> parts.length == 2 && key.test(parts[0].strip()))
        .map(parts -> parts[1].strip())
        .findFirst()
        .orElse("unknown");
  }
}
