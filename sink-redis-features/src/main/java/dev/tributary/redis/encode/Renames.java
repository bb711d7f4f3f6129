package dev.tributary.redis.encode;

import java.util.Map;

/**
 * The names that fields get in Redis.
 *
 * @param names by the field's name in the row; fields that are not there keep theirs
 */
public record Renames(Map<String, String> names) {
  public Renames {
    names = Map.copyOf(names);
  }

  /** All fields keep their names. */
  public static Renames none() {
    return new Renames(Map.of());
  }

  String of(String field) {
    return names.getOrDefault(field, field);
  }
}
