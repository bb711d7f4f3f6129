package dev.tributary.postgres.record;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which changes are written.
 *
 * @param unchanged whether updates that change no captured column are
 * @param includedMessages prefixes of logical messages; empty for all
 */
public record Operations(
    boolean inserts,
    boolean updates,
    boolean deletes,
    boolean truncates,
    boolean unchanged,
    List<Pattern> includedMessages,
    List<Pattern> excludedMessages) {
  public Operations {
    includedMessages = List.copyOf(includedMessages);
    excludedMessages = List.copyOf(excludedMessages);
  }

  /**
   * All but some.
   *
   * @param skipped letters as in {@code op}
   */
  public static Operations without(
      Collection<String> skipped,
      boolean unchanged,
      List<Pattern> includedMessages,
      List<Pattern> excludedMessages) {
    return new Operations(
        !skipped.contains("c"),
        !skipped.contains("u"),
        !skipped.contains("d"),
        !skipped.contains("t"),
        unchanged,
        includedMessages,
        excludedMessages);
  }

  /** Whether the logical messages with a prefix are written. */
  boolean hasMessages(String prefix) {
    return (includedMessages.isEmpty() || any(includedMessages, prefix))
        && !any(excludedMessages, prefix);
  }

  private static boolean any(List<Pattern> patterns, String prefix) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(prefix).matches());
  }
}
