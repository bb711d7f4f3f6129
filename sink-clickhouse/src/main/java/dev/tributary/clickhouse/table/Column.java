package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.types.ColumnType;

/**
 * A column of a table.
 *
 * @param sqlType the type as the server writes it
 * @param defaultKind {@code DEFAULT}, {@code MATERIALIZED}, {@code ALIAS}, {@code EPHEMERAL}, or
 *     empty
 */
public record Column(String name, ColumnType type, String sqlType, String defaultKind) {

  /** Whether an INSERT may name the column. */
  public boolean isInsertable() {
    return !defaultKind.equals("MATERIALIZED") && !defaultKind.equals("ALIAS");
  }

  /** Whether the server computes a value where an INSERT leaves the column out. */
  public boolean hasDefault() {
    return !defaultKind.isEmpty();
  }
}
