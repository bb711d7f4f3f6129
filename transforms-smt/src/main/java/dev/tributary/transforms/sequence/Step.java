package dev.tributary.transforms.sequence;

import dev.tributary.transforms.language.Condition;

/**
 * One event of a {@link Pattern}.
 *
 * @param name what it is called where a sequence is told
 * @param link how it follows the event before it; of the first one of no meaning
 * @param condition which events fit
 */
public record Step(String name, Link link, Condition condition) {

  /** How an event follows another. */
  public enum Link {
    /** Later, whatever lies in between. */
    THEN,
    /** As the key's very next event. */
    NEXT;

    @Override
    public String toString() {
      return this == THEN ? "then" : "next";
    }
  }

  @Override
  public String toString() {
    return name + ": " + condition;
  }
}
