package dev.tributary.bench.measure;

import dev.tributary.bench.result.ProcessUsage;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/** Measures what processes use from its making to {@link #stop}. */
public final class UsageMeter {
  private final Map<String, Long> pids;
  private final Map<String, DoubleSupplier> gcSeconds;
  private final Map<String, Double> cpuBefore = new LinkedHashMap<>();
  private final Map<String, Double> gcBefore = new LinkedHashMap<>();

  private UsageMeter(Map<String, Long> pids, Map<String, DoubleSupplier> gcSeconds) {
    this.pids = pids;
    this.gcSeconds = new LinkedHashMap<>(gcSeconds);
    this.gcSeconds.put("harness", UsageMeter::ownGcSeconds);
    pids.forEach((role, pid) -> tree(pid).forEach(ProcFiles::resetPeak));
    pids.forEach((role, pid) -> cpuBefore.put(role, cpuSeconds(pid)));
    this.gcSeconds.forEach((role, seconds) -> gcBefore.put(role, seconds.getAsDouble()));
  }

  /** Begins, with the servers of this JVM's local stack and the JVM itself. */
  public static UsageMeter start() {
    return start(Map.of());
  }

  /**
   * Begins.
   *
   * @param gcSeconds tells, for some roles, how long collections have stopped the JVM so far
   */
  public static UsageMeter start(Map<String, DoubleSupplier> gcSeconds) {
    return new UsageMeter(Processes.byRole(), gcSeconds);
  }

  /** What was used since the start, by role. */
  public Map<String, ProcessUsage> stop() {
    Map<String, ProcessUsage> usage = new LinkedHashMap<>();
    pids.forEach(
        (role, pid) -> {
          double cpu = Math.max(0, cpuSeconds(pid) - cpuBefore.get(role));
          OptionalLong peak =
              tree(pid).map(ProcFiles::peakBytes).flatMapToLong(OptionalLong::stream).max();
          Double gc =
              gcSeconds.containsKey(role)
                  ? (Double) (gcSeconds.get(role).getAsDouble() - gcBefore.get(role))
                  : null;
          usage.put(
              role, new ProcessUsage(cpu, peak.isPresent() ? (Long) peak.getAsLong() : null, gc));
        });
    return usage;
  }

  private static double ownGcSeconds() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .sum()
        / 1000.0;
  }

  private static double cpuSeconds(long pid) {
    // the JVM's own children are servers of their own
    Stream<Long> counted = pid == ProcessHandle.current().pid() ? Stream.of(pid) : tree(pid);
    return counted.mapToDouble(UsageMeter::ofOne).sum();
  }

  private static double ofOne(long pid) {
    return ProcFiles.cpuSeconds(pid)
        .orElseGet(
            () ->
                ProcessHandle.of(pid)
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElse(Duration.ZERO)
                        .toMillis()
                    / 1000.0);
  }

  private static Stream<Long> tree(long pid) {
    if (pid == ProcessHandle.current().pid()) {
      return Stream.of(pid);
    }
    return ProcessHandle.of(pid).stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .map(ProcessHandle::pid);
  }
}
