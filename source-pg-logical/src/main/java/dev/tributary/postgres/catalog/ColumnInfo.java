package dev.tributary.postgres.catalog;

/**
 * A column of a table.
 *
 * @param typeModifier as in {@code pg_attribute.atttypmod}: length, or precision and scale; -1 for
 *     none
 * @param defaultExpression as {@code pg_get_expr} writes it; null for none
 */
public record ColumnInfo(
    String name, TypeInfo type, int typeModifier, boolean notNull, String defaultExpression) {
  /** The same column without its NOT NULL. */
  public ColumnInfo nullable() {
    return new ColumnInfo(name, type, typeModifier, false, defaultExpression);
  }
}
