package dev.tributary.postgres.catalog;

import java.util.List;

/**
 * A table as the catalogue describes it now.
 *
 * @param keyColumns of the primary key, in its order; else of the first unique index by name; else
 *     empty
 * @param hasPrimaryKey whether it has a primary key, one that is checked at once
 */
public record TableInfo(
    int oid,
    TableName name,
    List<ColumnInfo> columns,
    List<String> keyColumns,
    boolean hasPrimaryKey) {
  public TableInfo {
    columns = List.copyOf(columns);
    keyColumns = List.copyOf(keyColumns);
  }

  /** Where a column is among the columns; -1 if it is not. */
  public int position(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }
}
