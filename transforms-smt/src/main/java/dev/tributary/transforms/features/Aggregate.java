package dev.tributary.transforms.features;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a feature computes over the events of its window. */
public enum Aggregate {
  /** How many there are. */
  COUNT;

  static Optional<Aggregate> named(String name) {
    return Arrays.stream(values()).filter(a -> a.functionName().equals(name)).findFirst();
  }

  static String names() {
    return Arrays.stream(values()).map(Aggregate::functionName).collect(Collectors.joining(", "));
  }

  /** The name it is declared by. */
  String functionName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
