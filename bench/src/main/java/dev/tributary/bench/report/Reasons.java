package dev.tributary.bench.report;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;

/** What is known of why we lose a comparison, by its name: {@code reasons.properties}. */
final class Reasons {
  private final Properties reasons;

  private Reasons(Properties reasons) {
    this.reasons = reasons;
  }

  static Reasons read() throws IOException {
    Properties properties = new Properties();
    try (Reader in =
        new InputStreamReader(
            Reasons.class.getResourceAsStream("reasons.properties"), StandardCharsets.UTF_8)) {
      properties.load(in);
    }
    return new Reasons(properties);
  }

  /**
   * The reason.
   *
   * @param comparison its name
   * @param peer the peer's name
   */
  Optional<String> of(String comparison, String peer) {
    return Optional.ofNullable(
        reasons.getProperty(comparison + "." + peer, reasons.getProperty(comparison)));
  }
}
