package dev.tributary.postgres.types;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values of {@code hstore} as text: {@code "a"=>"1", "b c"=>NULL}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/hstore.html">hstore</a>
 */
final class TextHstore {
  private final String text;
  private int at;

  private TextHstore(String text) {
    this.text = text;
  }

  static Object map(byte[] data, int start, int length) {
    return pairs(data, start, length);
  }

  /** A JSON object whose values are strings or null. */
  static Object json(byte[] data, int start, int length) {
    StringBuilder json = new StringBuilder(length).append('{');
    pairs(data, start, length)
        .forEach(
            (key, value) -> {
              if (json.length() > 1) {
                json.append(',');
              }
              appendString(json, key);
              json.append(':');
              if (value == null) {
                json.append("null");
              } else {
                appendString(json, value);
              }
            });
    return json.append('}').toString();
  }

  private static void appendString(StringBuilder json, String value) {
    json.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        default -> {
          if (c < ' ') {
            json.append(String.format("\\u%04X", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }

  private static Map<String, String> pairs(byte[] data, int start, int length) {
    return new TextHstore(new String(data, start, length, StandardCharsets.UTF_8)).pairs();
  }

  private Map<String, String> pairs() {
    Map<String, String> pairs = new LinkedHashMap<>();
    while (at < text.length()) {
      String key = quoted();
      expect("=>");
      pairs.put(key, text.startsWith("NULL", at) ? nothing() : quoted());
      if (at < text.length()) {
        expect(", ");
      }
    }
    return pairs;
  }

  private String nothing() {
    at += "NULL".length();
    return null;
  }

  private String quoted() {
    expect("\"");
    StringBuilder plain = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      if (at < text.length()) {
        plain.append(text.charAt(at++));
      }
    }
    expect("\"");
    return plain.toString();
  }

  private void expect(String token) {
    if (!text.startsWith(token, at)) {
      throw new IllegalArgumentException("not an hstore");
    }
    at += token.length();
  }
}
