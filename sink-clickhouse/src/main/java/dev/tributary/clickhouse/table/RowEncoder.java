package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.record.RowChange;
import dev.tributary.clickhouse.types.RowBinary;
import dev.tributary.clickhouse.types.Sql;
import dev.tributary.clickhouse.types.UnwritableValueException;
import dev.tributary.common.event.Unavailable;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Writes the rows of records of one schema to one table: what each column gets was decided when the
 * encoder was made.
 *
 * <p>Columns that the records do not have are filled as ClickHouse fills them, so that records of
 * several schema versions make rows of the same columns; only those with a DEFAULT expression are
 * left to the server.
 */
public final class RowEncoder {
  private final List<Column> columns;
  private final Cell[] cells;

  private RowEncoder(List<Column> columns, Cell[] cells) {
    this.columns = columns;
    this.cells = cells;
  }

  /** Writes one column of a row. */
  @FunctionalInterface
  interface Cell {
    void write(RowBinary out, RowChange.Write change, SinkRecord record);
  }

  /**
   * The encoder for records like this one.
   *
   * @param keyColumn the column that a key without field names stands for; null if there is none
   * @param unavailable recognises values that are not known; a mirror refuses them
   * @throws UnwritableValueException if a field's column is of a type that cannot be written
   */
  public static RowEncoder of(
      Table table,
      RowChange.Write change,
      boolean mirror,
      String keyColumn,
      Unavailable unavailable) {
    Cells factory = new Cells(change, mirror, keyColumn, unavailable);
    List<Column> columns = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    for (Column column : table.columns()) {
      if (column.isInsertable()) {
        Cell cell = cell(factory, column);
        if (cell != null) {
          columns.add(column);
          cells.add(cell);
        }
      }
    }
    return new RowEncoder(List.copyOf(columns), cells.toArray(Cell[]::new));
  }

  private static Cell cell(Cells factory, Column column) {
    try {
      return factory.of(column);
    } catch (UnwritableValueException e) {
      throw in(column, e);
    }
  }

  private static UnwritableValueException in(Column column, UnwritableValueException e) {
    return new UnwritableValueException(
        "column " + Sql.name(column.name()) + ": " + e.getMessage());
  }

  /** The same encoder; encoders that share the list of columns write into one block. */
  public RowEncoder sharing(List<Column> sameColumns) {
    return new RowEncoder(sameColumns, cells);
  }

  /** The columns of the rows, in the order of their bytes. */
  public List<Column> columns() {
    return columns;
  }

  /**
   * Writes a row.
   *
   * @throws UnwritableValueException naming the column, if a value does not fit
   */
  public void encode(RowBinary out, RowChange.Write change, SinkRecord record) {
    int i = 0;
    try {
      for (; i < cells.length; i++) {
        cells[i].write(out, change, record);
      }
    } catch (UnwritableValueException e) {
      throw in(columns.get(i), e);
    } catch (RuntimeException e) {
      // the record's fault, not ClickHouse's; its message may quote the value
      throw in(
          columns.get(i),
          new UnwritableValueException(
              "the value is not what its schema says, or out of any range ("
                  + e.getClass().getSimpleName()
                  + ")"));
    }
  }
}
