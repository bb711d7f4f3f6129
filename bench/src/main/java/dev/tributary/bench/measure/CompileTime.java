package dev.tributary.bench.measure;

import java.io.IOException;

/**
 * How long a JVM's compilers have worked so far, by its own counters ({@code jcmd PID
 * PerfCounter.print}). While they work, they share the cores with what they compile.
 */
public final class CompileTime {
  private static final String TICKS = "java.ci.totalTime=";
  private static final String TICKS_PER_SECOND = "sun.os.hrt.frequency=";

  private CompileTime() {}

  /** Of all compiler threads together, since the JVM's start. */
  public static double seconds(long pid) throws IOException {
    String counters = Jcmd.run(pid, "PerfCounter.print");
    return (double) counter(counters, TICKS) / counter(counters, TICKS_PER_SECOND);
  }

  private static long counter(String counters, String name) throws IOException {
    return counters
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
        .findFirst()
        .orElseThrow(() -> new IOException("the JVM counts no " + name));
  }
}
