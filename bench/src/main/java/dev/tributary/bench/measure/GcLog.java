package dev.tributary.bench.measure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a JVM with {@code -Xlog:gc:file=FILE} tells of its collections, in lines such as {@code
 * [2.3s][info][gc] GC(4) Pause Young (Normal) (G1 Evacuation Pause) 24M->5M(64M) 1.839ms}.
 */
public final class GcLog {
  private static final Pattern PAUSE =
      Pattern.compile("Pause .* (\\d+)M->(\\d+)M\\((\\d+)M\\) ([\\d.]+)ms$");
  private static final String ASKED_FOR = "Diagnostic Command";

  private final Path file;

  /** A log that may still grow. */
  public GcLog(Path file) {
    this.file = file;
  }

  /** The option that makes a JVM write it. */
  public String jvmOption() {
    return "-Xlog:gc:file=" + file + ":uptime:filecount=0";
  }

  /** How long all collections so far have stopped the JVM. */
  public double pauseSeconds() {
    return lines().stream()
            .map(PAUSE::matcher)
            .filter(Matcher::find)
            .mapToDouble(match -> Double.parseDouble(match.group(4)))
            .sum()
        / 1000;
  }

  /** How many lines there are, to look only at what comes after them. */
  public int position() {
    return lines().size();
  }

  /**
   * What was alive after each full collection that was asked for from outside (jcmd GC.run) since
   * the position, in bytes.
   */
  public List<Long> liveBytes(int position) {
    List<String> lines = lines();
    return lines.subList(Math.min(position, lines.size()), lines.size()).stream()
        .filter(line -> line.contains(ASKED_FOR))
        .map(PAUSE::matcher)
        .filter(Matcher::find)
        .map(match -> Long.parseLong(match.group(2)) << 20)
        .toList();
  }

  private List<String> lines() {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s (%.3f s)", file, pauseSeconds());
  }
}
