package dev.tributary.transforms.change;

import dev.tributary.common.event.Structs;
import dev.tributary.common.event.Unavailable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;

/**
 * What an update changed in a row.
 *
 * @param changed the names of the compared fields whose values differ, in the row's order
 * @param unchanged the names of the others
 */
public record RowChange(List<String> changed, List<String> unchanged) {

  /** Which fields are compared: all if {@code only} is empty, without the ignored ones. */
  public record Watched(Set<String> only, Set<String> ignored) {

    /** Whether a field is compared. */
    public boolean includes(String field) {
      return (only.isEmpty() || only.contains(field)) && !ignored.contains(field);
    }
  }

  /**
   * Compares a row before an update with the same after it; null where what came before is not
   * told.
   *
   * @param before a Struct or a Map, or null
   * @param after of the same kind
   */
  public static RowChange of(
      Object before, Object after, Watched watched, Unavailable placeholder) {
    List<String> changed = new ArrayList<>();
    List<String> unchanged = new ArrayList<>();
    if (before instanceof Struct old && after instanceof Struct row) {
      for (Field field : row.schema().fields()) {
        if (watched.includes(field.name())) {
          Field of = old.schema().field(field.name());
          (differ(of == null ? null : Structs.get(old, of), Structs.get(row, field), placeholder)
                  ? changed
                  : unchanged)
              .add(field.name());
        }
      }
      return new RowChange(changed, unchanged);
    }
    if (before instanceof Map<?, ?> old && after instanceof Map<?, ?> row) {
      row.forEach(
          (name, value) -> {
            if (watched.includes(String.valueOf(name))) {
              (differ(old.get(name), value, placeholder) ? changed : unchanged)
                  .add(String.valueOf(name));
            }
          });
      return new RowChange(changed, unchanged);
    }
    return null;
  }

  private static boolean differ(Object before, Object after, Unavailable placeholder) {
    return !placeholder.is(after)
        && !placeholder.is(before)
        && !Objects.deepEquals(bare(before), bare(after));
  }

  /** Connect carries bytes as an array or a buffer. */
  private static Object bare(Object value) {
    return value instanceof java.nio.ByteBuffer buffer && buffer.hasArray()
        ? Arrays.copyOfRange(
            buffer.array(),
            buffer.arrayOffset() + buffer.position(),
            buffer.arrayOffset() + buffer.limit())
        : value;
  }
}
