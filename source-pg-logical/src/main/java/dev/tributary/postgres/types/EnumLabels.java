package dev.tributary.postgres.types;

import java.util.List;
import java.util.Set;

/** Reads the labels of an enum, and notices those that the enum did not have when it was read. */
public final class EnumLabels {
  private EnumLabels() {}

  static ValueDecoder of(List<String> labels) {
    Set<String> known = Set.copyOf(labels);
    return (data, start, length) -> {
      Object label = TextDecoders.text(data, start, length);
      if (!known.contains(label)) {
        throw new AddedException((String) label);
      }
      return label;
    };
  }

  /** A label that was added to the enum since. */
  public static final class AddedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String label;

    AddedException(String label) {
      super("a label that the enum did not have", null, false, false);
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
