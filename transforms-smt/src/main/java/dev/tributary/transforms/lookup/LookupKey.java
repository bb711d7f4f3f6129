package dev.tributary.transforms.lookup;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import java.util.ArrayList;
import java.util.List;

/**
 * A template of Redis keys, such as {@code user:profile:${user_id}}: field paths between braces,
 * {@code $$} for a dollar sign. Belongs to one task.
 */
public final class LookupKey {
  /** Strings and FieldPaths. */
  private final List<Object> parts;

  private LookupKey(List<Object> parts) {
    this.parts = parts;
  }

  /**
   * Parses a template.
   *
   * @throws IllegalArgumentException if it is none; the message names the position
   */
  public static LookupKey parse(String text) {
    List<Object> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    boolean hasField = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '$') {
        literal.append(c);
      } else if (text.startsWith("$$", i)) {
        literal.append(c);
        i++;
      } else {
        int end = text.indexOf('}', i);
        if (!text.startsWith("${", i) || end < 0) {
          throw new IllegalArgumentException(
              "at character " + (i + 1) + ": write ${FIELD}, or $$ for a dollar sign");
        }
        parts.add(literal.toString());
        literal.setLength(0);
        parts.add(FieldPath.parse(text.substring(i + 2, end).trim()));
        hasField = true;
        i = end;
      }
    }
    parts.add(literal.toString());
    if (!hasField) {
      throw new IllegalArgumentException("a key without a field, such as ${user_id}, is one key");
    }
    return new LookupKey(parts);
  }

  /** What all its keys begin with. */
  public String prefix() {
    return (String) parts.get(0);
  }

  /** The key of an event, or null if one of its fields is null or missing. */
  public String of(ChangeEvent event) {
    StringBuilder key = new StringBuilder();
    for (Object part : parts) {
      if (part instanceof FieldPath path) {
        Object value = path.get(event);
        if (value == null) {
          return null;
        }
        key.append(value);
      } else {
        key.append(part);
      }
    }
    return key.toString();
  }
}
