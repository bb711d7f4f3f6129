package dev.tributary.common.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;

/**
 * Recognises the placeholder that stands in a change event for a value that Postgres did not send:
 * a large one (TOAST) that the update left as it was, on a table without REPLICA IDENTITY FULL.
 *
 * <p>Debezium writes its {@code unavailable.value.placeholder} as text, as bytes, as bytes in
 * base64 or hex where {@code binary.handling.mode} says so, and as an array of that one element.
 * (Debezium documentation, Postgres connector, "Toasted values".)
 */
public final class Unavailable {
  /** Debezium's own. */
  public static final String DEFAULT = "__debezium_unavailable_value";

  private final String text;
  private final String base64;
  private final String hex;
  private final byte[] bytes;

  /**
   * @param placeholder its text; empty to recognise none
   */
  public Unavailable(String placeholder) {
    text = placeholder;
    bytes = placeholder.getBytes(StandardCharsets.UTF_8);
    base64 = Base64.getEncoder().encodeToString(bytes);
    hex = HexFormat.of().formatHex(bytes);
  }

  /** Whether a value is the placeholder. */
  public boolean is(Object value) {
    if (bytes.length == 0) {
      return false;
    }
    if (value instanceof String string) {
      return string.equals(text) || string.equals(base64) || string.equals(hex);
    }
    if (value instanceof byte[] array) {
      return Arrays.equals(array, bytes);
    }
    if (value instanceof ByteBuffer buffer) {
      return buffer.equals(ByteBuffer.wrap(bytes));
    }
    return value instanceof Collection<?> elements
        && elements.size() == 1
        && is(elements.iterator().next());
  }
}
