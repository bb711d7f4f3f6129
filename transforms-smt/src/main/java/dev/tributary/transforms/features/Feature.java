package dev.tributary.transforms.features;

/**
 * One declared feature, such as {@code event_count_1min = count() over 1m}.
 *
 * @param name the field it is written to
 */
public record Feature(String name, Aggregate aggregate, Window window) {
  @Override
  public String toString() {
    return name + " = " + aggregate.functionName() + "() over " + window;
  }
}
