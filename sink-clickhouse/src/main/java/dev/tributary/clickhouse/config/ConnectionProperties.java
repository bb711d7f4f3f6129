package dev.tributary.clickhouse.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code ?name=value&name=value}, as a JDBC address ends. */
final class ConnectionProperties {
  private ConnectionProperties() {}

  /**
   * The properties; none for a blank text.
   *
   * @throws IllegalArgumentException if a property has no {@code =}
   */
  static Map<String, String> parse(String text) {
    Map<String, String> properties = new LinkedHashMap<>();
    String pairs = text.strip().startsWith("?") ? text.strip().substring(1) : text.strip();
    for (String pair : pairs.split("&", -1)) {
      if (pair.isBlank()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "'" + pair + "' is no property; write ?name=value&name=value");
      }
      properties.put(
          pair.substring(0, equals).strip(),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return properties;
  }
}
