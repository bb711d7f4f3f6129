package dev.tributary.clickhouse.table;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A table as it was last seen on the server. */
public final class Table {
  private final String name;
  private final List<Column> columns;
  private final Map<String, Column> byName;
  private final boolean insertsWhole;

  /**
   * @param insertsWhole whether an insert of one block is written as a whole or not at all
   */
  public Table(String name, List<Column> columns, boolean insertsWhole) {
    this.name = name;
    this.insertsWhole = insertsWhole;
    this.columns = List.copyOf(columns);
    this.byName = columns.stream().collect(Collectors.toMap(Column::name, Function.identity()));
  }

  public String name() {
    return name;
  }

  public List<Column> columns() {
    return columns;
  }

  /** A column that an INSERT may name. */
  public Optional<Column> insertable(String column) {
    return Optional.ofNullable(byName.get(column)).filter(Column::isInsertable);
  }

  /** Whether there is a column of that name, insertable or not. */
  public boolean hasColumn(String column) {
    return byName.containsKey(column);
  }

  /** Whether rows can replace each other. */
  public boolean hasVersion() {
    return insertable(Metadata.VERSION).isPresent();
  }

  public boolean hasDeleted() {
    return insertable(Metadata.DELETED).isPresent();
  }

  /** Whether the table itself knows which records it holds. */
  public boolean hasOffsets() {
    return insertable(Metadata.TOPIC).isPresent()
        && insertable(Metadata.PARTITION).isPresent()
        && insertable(Metadata.OFFSET).isPresent();
  }

  /**
   * Whether an insert is written as a whole or not at all: so in a MergeTree table without
   * PARTITION BY. Otherwise a part of it may be there and another part missing.
   */
  public boolean insertsWhole() {
    return insertsWhole;
  }

  /** Whether both have the same columns. */
  public boolean looksLike(Table other) {
    return columns.equals(other.columns);
  }
}
