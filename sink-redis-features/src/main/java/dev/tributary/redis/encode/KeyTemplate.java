package dev.tributary.redis.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * A template of Redis keys, such as {@code user_features:${user_id}} or {@code ${topic}:${key}}.
 *
 * <table>
 *   <caption>Placeholders</caption>
 *   <tr><td>{@code ${topic}}, {@code ${partition}}, {@code ${offset}}</td>
 *     <td>of the record as it reaches the sink</td></tr>
 *   <tr><td>{@code ${key}}</td><td>the record's key; of a Struct or Map key its fields, joined by
 *     the separator</td></tr>
 *   <tr><td>{@code ${key.name}}</td><td>a field of the record's key</td></tr>
 *   <tr><td>{@code ${value}}</td><td>the row as JSON, or the value where it is no object</td></tr>
 *   <tr><td>{@code ${header.name}}</td><td>the last header of that name</td></tr>
 *   <tr><td>{@code ${name}}, {@code ${after.name}}, {@code ${source.lsn}}, ...</td>
 *     <td>a {@link FieldPath}: a field of the row, else of the value, else of the record's
 *     key</td></tr>
 * </table>
 *
 * <p>{@code $$} is a dollar sign. A field of the row with a reserved name is reached by {@code
 * ${after.topic}}.
 *
 * <p>Not thread-safe: one instance belongs to one task.
 */
public final class KeyTemplate {
  private final String text;
  private final List<KeyPart> parts;

  private KeyTemplate(String text, List<KeyPart> parts) {
    this.text = text;
    this.parts = parts;
  }

  /**
   * Parses a template.
   *
   * @param separator between the fields of a key that has several
   * @throws IllegalArgumentException if the text is no template; the message names the position
   */
  public static KeyTemplate parse(String text, String separator) {
    return parse(text, separator, FieldSelection.all(), Renames.none());
  }

  /** As above, with the fields that {@code ${value}} has. */
  public static KeyTemplate parse(
      String text, String separator, FieldSelection selection, Renames renames) {
    List<KeyPart> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != '$') {
        literal.append(c);
        at++;
      } else if (text.startsWith("$$", at)) {
        literal.append('$');
        at += 2;
      } else if (text.startsWith("${", at)) {
        int end = text.indexOf('}', at);
        if (end < 0) {
          throw error(text, at, "'${' is not closed by '}'");
        }
        addLiteral(parts, literal);
        String name = text.substring(at + 2, end);
        parts.add(
            name.equals("value")
                ? new KeyPart.OfValue(selection, renames)
                : placeholder(text, at, name, separator));
        at = end + 1;
      } else {
        throw error(text, at, "'$' begins neither '${name}' nor '$$', which is a dollar sign");
      }
    }
    addLiteral(parts, literal);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a key template must not be empty");
    }
    return new KeyTemplate(text, List.copyOf(parts));
  }

  /**
   * The key of a record.
   *
   * @throws UnwritableRecordException if the record lacks what a placeholder asks for
   */
  byte[] render(SinkRecord record, ChangeEvent event, ValueEncoder values) {
    if (parts.size() == 1) {
      return render(parts.get(0), record, event, values);
    }
    ByteArrayOutputStream key = new ByteArrayOutputStream(64);
    for (KeyPart part : parts) {
      key.writeBytes(render(part, record, event, values));
    }
    return key.toByteArray();
  }

  private byte[] render(KeyPart part, SinkRecord record, ChangeEvent event, ValueEncoder values) {
    try {
      return part.render(record, event, values);
    } catch (MissingValueException e) {
      throw new MissingValueException("template '" + text + "': " + e.getMessage());
    } catch (UnwritableRecordException e) {
      throw new UnwritableRecordException("template '" + text + "': " + e.getMessage());
    }
  }

  /** As {@link #render}, or nothing where the record lacks what is asked for. */
  Optional<byte[]> renderIfPresent(SinkRecord record, ChangeEvent event, ValueEncoder values) {
    try {
      return Optional.of(render(record, event, values));
    } catch (MissingValueException e) {
      return Optional.empty();
    }
  }

  /** Whether all records of a topic get the same. */
  public boolean isSameForATopic() {
    return parts.stream()
        .allMatch(part -> part instanceof KeyPart.Literal || part instanceof KeyPart.OfTopic);
  }

  @Override
  public String toString() {
    return text;
  }

  private static KeyPart placeholder(String text, int at, String name, String separator) {
    if (name.isBlank()) {
      throw error(text, at, "a placeholder names nothing");
    }
    if (name.startsWith("header.")) {
      String header = name.substring("header.".length());
      if (header.isBlank()) {
        throw error(text, at, "'header.' names no header");
      }
      return new KeyPart.OfHeader(header);
    }
    try {
      return switch (name) {
        case "topic" -> new KeyPart.OfTopic();
        case "partition" -> new KeyPart.OfPartition();
        case "offset" -> new KeyPart.OfOffset();
        case "key" -> new KeyPart.OfKey(separator.getBytes(UTF_8));
        default ->
            name.startsWith("key.")
                ? new KeyPart.OfKeyField(FieldPath.parse(name.substring("key.".length())))
                : new KeyPart.OfField(FieldPath.parse(name), FieldPath.parse(name));
      };
    } catch (IllegalArgumentException e) {
      throw error(text, at, e.getMessage());
    }
  }

  private static void addLiteral(List<KeyPart> parts, StringBuilder literal) {
    if (!literal.isEmpty()) {
      parts.add(new KeyPart.Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  private static IllegalArgumentException error(String text, int at, String what) {
    return new IllegalArgumentException(
        "'" + text + "' is no key template: " + what + " (at character " + (at + 1) + ")");
  }
}
