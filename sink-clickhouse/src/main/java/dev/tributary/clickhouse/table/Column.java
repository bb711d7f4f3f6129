package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.types.ColumnType;

/**
 * A column of a table.
 *
 * @param sqlType the type as the server writes it
 * @param defaultKind {@code DEFAULT}, {@code MATERIALIZED}, {@code ALIAS}, {@code EPHEMERAL}, or
 *     empty
 * @param inKey whether the sorting key or the partition key uses it
 */
public record Column(
    String name, ColumnType type, String sqlType, String defaultKind, boolean inKey) {

  /** No column. */
  static final Column NONE = new Column("", new ColumnType.Unsupported(""), "", "", false);

  /** Whether an INSERT may name the column. */
  public boolean isInsertable() {
    return !defaultKind.equals("MATERIALIZED") && !defaultKind.equals("ALIAS");
  }

  /** Whether an INSERT that names no columns fills it. */
  boolean isInsertedByDefault() {
    return isInsertable() && !defaultKind.equals("EPHEMERAL");
  }

  /** Whether the server computes a value where an INSERT leaves the column out. */
  public boolean hasDefault() {
    return !defaultKind.isEmpty();
  }

  /** Whether it is one of the arrays {@code field.element} that a Nested column consists of. */
  boolean isOfNested(String field) {
    return type instanceof ColumnType.Array
        && name.length() > field.length() + 1
        && name.charAt(field.length()) == '.'
        && name.startsWith(field);
  }
}
