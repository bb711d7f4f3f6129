package dev.tributary.clickhouse.table;

import dev.tributary.clickhouse.config.ExtraFields;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.record.RowChange;
import dev.tributary.clickhouse.types.RowBinary;
import dev.tributary.clickhouse.types.TimeTexts;
import dev.tributary.clickhouse.types.UnwritableValueException;
import dev.tributary.common.event.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
   * What the rows of a table's records are made by.
   *
   * @param mirror whether rows replace each other
   * @param keyColumn the column that a key without field names stands for; null if there is none
   * @param unavailable recognises values that are not known; a mirror refuses them
   * @param formats patterns of texts that are points in time, by field
   * @param extraColumn the column of the fields that have none; null if there is none
   */
  public record Rules(
      boolean mirror,
      String keyColumn,
      Unavailable unavailable,
      Map<String, TimeTexts> formats,
      String extraColumn) {

    /** As a config says. */
    public static Rules of(SinkConfig config, boolean mirror) {
      List<String> orderBy = config.orderBy();
      return new Rules(
          mirror,
          orderBy.size() == 1 ? orderBy.get(0) : null,
          config.unavailable(),
          config.dateTimeFormats().entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, e -> TimeTexts.of(e.getValue()))),
          config.extraFields() == ExtraFields.JSON ? config.extraColumn() : null);
    }
  }

  /**
   * The encoder for records like this one.
   *
   * @throws UnwritableValueException if a field's column is of a type that cannot be written
   */
  public static RowEncoder of(Table table, RowChange.Write change, Rules rules) {
    Cells factory = new Cells(table, change, rules);
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
    return e.in(column.name());
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
