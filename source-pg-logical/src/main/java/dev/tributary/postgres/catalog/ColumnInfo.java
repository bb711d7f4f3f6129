package dev.tributary.postgres.catalog;

/**
 * A column of a table.
 *
 * @param typeModifier as in {@code pg_attribute.atttypmod}: length, or precision and scale; -1 for
 *     none
 * @param defaultExpression as {@code pg_get_expr} writes it; null for none
 * @param nullElements whether arrays in it are known to have elements that are NULL
 */
public record ColumnInfo(
    String name,
    TypeInfo type,
    int typeModifier,
    boolean notNull,
    String defaultExpression,
    boolean nullElements) {
  /** A column as the catalogue has it, which does not tell of elements. */
  public ColumnInfo(
      String name, TypeInfo type, int typeModifier, boolean notNull, String defaultExpression) {
    this(name, type, typeModifier, notNull, defaultExpression, false);
  }

  /** The same column without its NOT NULL. */
  public ColumnInfo nullable() {
    return new ColumnInfo(name, type, typeModifier, false, defaultExpression, nullElements);
  }

  /** The same column with one more label of the enum in its type. */
  public ColumnInfo withLabel(String label) {
    return new ColumnInfo(
        name, type.withLabel(label), typeModifier, notNull, defaultExpression, nullElements);
  }

  /** The same column with another type. */
  public ColumnInfo withType(TypeInfo other) {
    return new ColumnInfo(name, other, typeModifier, notNull, defaultExpression, nullElements);
  }

  /** The same column with another type modifier. */
  public ColumnInfo withModifier(int modifier) {
    return new ColumnInfo(name, type, modifier, notNull, defaultExpression, nullElements);
  }

  /** The same column with arrays in it that have NULL as elements. */
  public ColumnInfo withNullElements() {
    return new ColumnInfo(name, type, typeModifier, notNull, defaultExpression, true);
  }
}
