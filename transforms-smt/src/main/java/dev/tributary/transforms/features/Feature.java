package dev.tributary.transforms.features;

import dev.tributary.transforms.language.Condition;
import java.math.BigDecimal;
import java.util.List;

/**
 * One declared feature, such as {@code spend_1h = sum(amount) over 1h where type = 'purchase'}.
 *
 * @param name the field it is written to
 * @param field the path of the field it reads, or null if it reads none
 * @param numbers its further arguments; a half-life is in milliseconds
 * @param operands the features that a ratio divides
 * @param window null where none is written
 * @param where which events count, or null if all do
 * @param exclusive whether the event in hand is left out
 */
public record Feature(
    String name,
    Aggregate aggregate,
    String field,
    List<BigDecimal> numbers,
    List<String> operands,
    Window window,
    Condition where,
    boolean exclusive) {
  public Feature {
    numbers = List.copyOf(numbers);
    operands = List.copyOf(operands);
  }

  /** One without arguments and conditions. */
  public Feature(String name, Aggregate aggregate, Window window) {
    this(name, aggregate, null, List.of(), List.of(), window, null, false);
  }

  @Override
  public String toString() {
    return name
        + " = "
        + aggregate.functionName()
        + "()"
        + (window == null ? "" : " over " + window)
        + (where == null ? "" : " where " + where)
        + (exclusive ? " exclusive" : "");
  }
}
