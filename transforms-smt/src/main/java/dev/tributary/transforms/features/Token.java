package dev.tributary.transforms.features;

/**
 * One token of a declaration.
 *
 * @param text as it is written; empty at the end
 * @param line from 1
 * @param column from 1
 */
record Token(Kind kind, String text, int line, int column) {
  enum Kind {
    /** Begins with a letter or an underscore. */
    NAME,
    /** Begins with a digit, and may end in a unit: {@code 95}, {@code 0.5}, {@code 1m}. */
    NUMBER,
    SYMBOL,
    END
  }

  boolean is(String expected) {
    return kind != Kind.END && text.equals(expected);
  }

  /** How an error names it. */
  String shown() {
    return kind == Kind.END ? "the end" : "'" + text + "'";
  }
}
