package dev.tributary.redis.encode;

import dev.tributary.common.event.ChangeEvent;
import java.util.Set;

/**
 * Which fields of a row become fields of a hash.
 *
 * @param included the only ones; empty for all
 * @param excluded those that do not, also where included
 */
public record FieldSelection(Set<String> included, Set<String> excluded) {
  private static final Set<String> MARKS_OF_FLAT_ROWS = Set.of("__op", "__deleted");

  public FieldSelection {
    included = Set.copyOf(included);
    excluded = Set.copyOf(excluded);
  }

  /** All fields. */
  public static FieldSelection all() {
    return new FieldSelection(Set.of(), Set.of());
  }

  /** Whether the field is one of those that are named as the only ones. */
  boolean names(String field) {
    return included.contains(field) && !excluded.contains(field);
  }

  /** Whether the field is chosen; the marks that a flattened row carries must be chosen by name. */
  boolean has(String field, ChangeEvent.Form form) {
    if (excluded.contains(field)) {
      return false;
    }
    return included.isEmpty()
        ? form != ChangeEvent.Form.FLAT || !MARKS_OF_FLAT_ROWS.contains(field)
        : included.contains(field);
  }
}
