package dev.tributary.bench.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What Linux tells of a process under {@code /proc} (proc(5)); empty elsewhere. */
final class ProcFiles {
  /** {@code sysconf(_SC_CLK_TCK)}, which is 100 on every Linux that runs Java. */
  private static final double TICKS_PER_SECOND = 100;

  /** The fields after the command's closing parenthesis begin with the third one. */
  private static final int UTIME = 14 - 3;

  private ProcFiles() {}

  static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  /** Seconds of the process itself and of those children that have ended. */
  static OptionalDouble cpuSeconds(long pid) {
    try {
      return OptionalDouble.of(
          cpuSeconds(Files.readString(Path.of("/proc", Long.toString(pid), "stat"))));
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }

  /** Of the line in {@code /proc/PID/stat}: utime, stime, cutime and cstime. */
  static double cpuSeconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = 0;
    for (int i = UTIME; i < UTIME + 4; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks / TICKS_PER_SECOND;
  }

  /** Begins to watch the peak anew, where the system lets us. */
  static void resetPeak(long pid) {
    try {
      Files.write(
          Path.of("/proc", Long.toString(pid), "clear_refs"),
          "5".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // the peak is then that of the process's whole life
    }
  }

  static OptionalLong peakBytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
