package dev.tributary.redis.config;

import dev.tributary.common.config.Durations;
import dev.tributary.common.config.Validators;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Durations as redis-kafka-connect writes them, a plain number of seconds, or with a unit as
 * everything of Tributary has them.
 */
final class SecondsOrDuration {
  private SecondsOrDuration() {}

  /**
   * Parses a duration; empty text and -1 are zero, which stands for none.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  static Duration parseOrNone(String text) {
    return text.isBlank() || text.trim().equals("-1") ? Duration.ZERO : parse(text);
  }

  /**
   * Parses a duration.
   *
   * @throws IllegalArgumentException if the text is none
   */
  static Duration parse(String text) {
    String trimmed = text.trim();
    return trimmed.matches("\\d{1,12}")
        ? Duration.ofSeconds(Long.parseLong(trimmed))
        : Durations.parse(trimmed);
  }

  static ConfigDef.Validator orNone() {
    return Validators.parsedBy(
        "seconds, or a duration such as 30m or 7d; empty or -1 for none",
        SecondsOrDuration::parseOrNone);
  }

  /** More than zero and, as Java's sockets count milliseconds in an int, less than 24 days. */
  static ConfigDef.Validator timeout() {
    return Validators.parsedBy(
        "seconds, or a duration such as 500ms or 10s",
        text -> {
          long ms = parse(text).toMillis();
          if (ms <= 0 || ms > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("must be more than zero and less than 24 days");
          }
        });
  }
}
