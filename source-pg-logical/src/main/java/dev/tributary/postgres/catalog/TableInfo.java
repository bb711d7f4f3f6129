package dev.tributary.postgres.catalog;

import java.util.List;

/**
 * A table as the catalogue describes it now.
 *
 * @param keyColumns of the primary key, in its order; else of the first unique index by name; else
 *     empty
 */
public record TableInfo(
    int oid, TableName name, List<ColumnInfo> columns, List<String> keyColumns) {
  public TableInfo {
    columns = List.copyOf(columns);
    keyColumns = List.copyOf(keyColumns);
  }
}
