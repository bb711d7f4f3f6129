package dev.tributary.common.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as configs write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h}, {@code 7d}.
 */
public final class Durations {
  private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Parses a duration of a whole number and a unit.
   *
   * @throws IllegalArgumentException if the text is no such duration or too long to count in
   *     milliseconds
   */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text.trim());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no duration; write a whole number and a unit, such as 500ms, 30s, 5m, 1h or 7d");
    }
    long count = Long.parseLong(matcher.group(1));
    long unit =
        switch (matcher.group(2)) {
          case "ms" -> 1L;
          case "s" -> 1_000L;
          case "m" -> 60_000L;
          case "h" -> 3_600_000L;
          default -> 86_400_000L;
        };
    try {
      return Duration.ofMillis(Math.multiplyExact(count, unit));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is too long a duration", e);
    }
  }

  /** The shortest form that {@link #parse} reads back, such as {@code 5m}. */
  public static String format(Duration duration) {
    long ms = duration.toMillis();
    if (ms == 0) {
      return "0s";
    }
    String[] units = {"d", "h", "m", "s"};
    long[] lengths = {86_400_000L, 3_600_000L, 60_000L, 1_000L};
    for (int i = 0; i < units.length; i++) {
      if (ms % lengths[i] == 0) {
        return ms / lengths[i] + units[i];
      }
    }
    return ms + "ms";
  }
}
