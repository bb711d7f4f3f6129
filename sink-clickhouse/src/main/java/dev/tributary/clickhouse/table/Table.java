package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.config.ColumnCase;
import dev.tributary.clickhouse.config.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A table as it was last seen on the server. */
public final class Table {
  private final TableName name;
  private final List<Column> columns;
  private final List<Column> columnsWithDefault;
  private final List<String> namesOfValues;
  private final Layout layout;
  private final ColumnCase columnCase;
  private final Map<String, Column> byName = new HashMap<>();
  private final boolean hasOffsets;
  private final Map<String, Column> byFoldedName = new HashMap<>();

  /**
   * What a table's rows are stored as.
   *
   * @param engine such as {@code MergeTree}
   * @param sortingKey its expressions, with commas between; empty for none
   * @param partitionKey likewise
   */
  public record Layout(String engine, String sortingKey, String partitionKey) {

    /**
     * Whether an insert is written as a whole or not at all: so in a MergeTree table without
     * PARTITION BY. Otherwise a part of it may be there and another part missing.
     */
    boolean insertsWhole() {
      return engine.endsWith("MergeTree") && partitionKey.isEmpty();
    }
  }

  public Table(TableName name, List<Column> columns, Layout layout, ColumnCase columnCase) {
    this.name = name;
    this.columns = List.copyOf(columns);
    this.columnsWithDefault = columns.stream().filter(Column::hasDefault).toList();
    this.namesOfValues =
        columns.stream()
            .filter(Column::isInsertedByDefault)
            .map(Column::name)
            .filter(column -> !Metadata.isColumn(column))
            .toList();
    this.layout = layout;
    this.columnCase = columnCase;
    for (Column column : columns) {
      byName.put(column.name(), column);
      // of two that mean the same, none is found by anything but its own name
      byFoldedName.merge(columnCase.fold(column.name()), column, (a, b) -> Column.NONE);
    }
    this.hasOffsets =
        insertable(Metadata.TOPIC).isPresent()
            && insertable(Metadata.PARTITION).isPresent()
            && insertable(Metadata.OFFSET).isPresent();
  }

  public TableName name() {
    return name;
  }

  public Layout layout() {
    return layout;
  }

  public List<Column> columns() {
    return columns;
  }

  /** Those that the server fills by a DEFAULT where an insert leaves them out. */
  public List<Column> columnsWithDefault() {
    return columnsWithDefault;
  }

  /**
   * The columns that an INSERT fills which names none, without those that the sink fills itself, in
   * their order.
   */
  public List<String> namesOfValues() {
    return namesOfValues;
  }

  /** The column of a field, insertable or not. */
  public Optional<Column> columnOf(String field) {
    Column exact = byName.get(field);
    if (exact != null) {
      return Optional.of(exact);
    }
    Column folded = byFoldedName.get(columnCase.fold(field));
    return Optional.ofNullable(folded).filter(column -> !column.equals(Column.NONE));
  }

  /** Whether a field goes to a column, or to the columns of a Nested of its name. */
  public boolean takes(String field) {
    return columnOf(field).isPresent()
        || columns.stream().anyMatch(column -> column.isOfNested(field));
  }

  /** A column that an INSERT may name. */
  private Optional<Column> insertable(String column) {
    return Optional.ofNullable(byName.get(column)).filter(Column::isInsertable);
  }

  /** Whether a column is left alone by records, as the sink itself or the server fills it. */
  boolean isFieldOf(Column column, String field) {
    return columnOf(field).filter(column::equals).isPresent();
  }

  /** Whether fields find columns of other names than their own. */
  boolean foldsNames() {
    return columnCase != ColumnCase.EXACT;
  }

  /** What names that mean the same column have in common. */
  String fold(String field) {
    return columnCase.fold(field);
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
    return hasOffsets;
  }

  /** Whether an insert's rows are the table's own, block by block, once it has returned. */
  public boolean insertsInBlocks() {
    return layout.engine().endsWith("MergeTree");
  }

  /** Whether an insert is written as a whole or not at all. */
  public boolean insertsWhole() {
    return layout.insertsWhole();
  }

  /** Whether the columns have the types that the table has. */
  public boolean hasTypesOf(List<Column> those) {
    return those.stream()
        .allMatch(
            column -> {
              Column now = byName.get(column.name());
              return now != null && now.sqlType().equals(column.sqlType());
            });
  }

  /** Whether every value of those columns fits the table's. */
  public boolean holdsAllOf(List<Column> those) {
    return those.stream()
        .allMatch(
            column -> {
              Column now = byName.get(column.name());
              return now != null
                  && (now.sqlType().equals(column.sqlType())
                      || Widening.isWider(now.type(), column.type()));
            });
  }

  /** Whether both have the same columns. */
  public boolean looksLike(Table other) {
    return columns.equals(other.columns);
  }
}
