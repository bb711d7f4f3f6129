package dev.tributary.transforms.language;

/**
 * One token of a declaration.
 *
 * @param text what it says: of a quoted one what stands between the quotes; empty at the end
 * @param line from 1
 * @param column from 1
 */
public record Token(Kind kind, String text, int line, int column) {
  public enum Kind {
    /** Begins with a letter or an underscore; a path may hold dots. */
    NAME,
    /** A field path between double quotes, whatever it holds. */
    QUOTED_NAME,
    /** Begins with a digit, and may end in a unit: {@code 95}, {@code 0.5}, {@code 1m}. */
    NUMBER,
    /** Text between single quotes. */
    TEXT,
    SYMBOL,
    END
  }

  /** Whether it is this symbol or, in lower or upper case, this word. */
  public boolean is(String expected) {
    return (kind == Kind.NAME && text.equalsIgnoreCase(expected))
        || (kind == Kind.SYMBOL && text.equals(expected));
  }

  boolean isField() {
    return kind == Kind.NAME || kind == Kind.QUOTED_NAME;
  }

  /** How an error names it. */
  public String shown() {
    return switch (kind) {
      case END -> "the end";
      case QUOTED_NAME -> '"' + text + '"';
      default -> "'" + text + "'";
    };
  }
}
