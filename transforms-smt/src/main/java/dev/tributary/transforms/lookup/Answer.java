package dev.tributary.transforms.lookup;

import java.util.Map;

/** What a look-up came to. */
public sealed interface Answer {
  Answer MISSING = new Missing();

  /** The record. Its values are texts, or of JSON numbers, booleans, lists and maps too. */
  record Found(Map<String, Object> fields) implements Answer {}

  /** There is none. */
  record Missing() implements Answer {}

  /** The key holds something else than was asked for. */
  record Unreadable(String why) implements Answer {}

  /**
   * Redis cannot be asked now.
   *
   * @param passes whether it may be another time
   */
  record Away(String why, boolean passes) implements Answer {}
}
