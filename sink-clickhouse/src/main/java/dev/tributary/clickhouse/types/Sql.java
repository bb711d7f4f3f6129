package dev.tributary.clickhouse.types;

/** Quoting for ClickHouse SQL. */
public final class Sql {
  private Sql() {}

  /** An identifier in backticks. */
  public static String name(String identifier) {
    return '`' + identifier.replace("\\", "\\\\").replace("`", "\\`") + '`';
  }

  /** {@code `database`.`table`}. */
  public static String name(String database, String table) {
    return name(database) + '.' + name(table);
  }

  /** A string literal. */
  public static String literal(String text) {
    return '\'' + text.replace("\\", "\\\\").replace("'", "\\'") + '\'';
  }
}
