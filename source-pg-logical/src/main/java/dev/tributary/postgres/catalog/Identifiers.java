package dev.tributary.postgres.catalog;

/** Names and texts inside SQL. */
public final class Identifiers {
  private Identifiers() {}

  /** {@code my"table} to {@code "my""table"}. */
  public static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** What is between the quotes of a quoted identifier, {@code my""table}, to {@code my"table}. */
  public static String unquote(String inside) {
    return inside.replace("\"\"", "\"");
  }

  /** {@code it's} to {@code 'it''s'}, under standard_conforming_strings. */
  public static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
