package dev.tributary.clickhouse.config;

import dev.tributary.clickhouse.types.Sql;

/** A table's name and that of its database, as they are, without quotes. */
public record TableName(String database, String table) {

  /** Both in quotes, as a statement names them. */
  public String sql() {
    return Sql.name(database, table);
  }
}
