package dev.tributary.postgres.incremental;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Delete;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Insert;
import dev.tributary.postgres.pgoutput.PgOutputMessage.RowChange;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Update;
import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.record.TableRecords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rows of a table that changes between two watermarks have touched, by the text of their key.
 * Which columns are the key is only known with the rows that were read, so the changes are kept
 * until then; from then on, only the keys of those rows.
 */
final class TouchedKeys {
  private final TableName table;
  private final List<Touched> rows = new ArrayList<>();
  private final Set<List<String>> keys = new HashSet<>();
  private long bytes;
  private boolean all;
  private boolean unknown;
  private List<String> columns; // null until the rows that were read are known
  private Set<List<String>> read;

  private record Touched(TableRecords records, TupleData row) {}

  TouchedKeys(TableName table) {
    this.table = table;
  }

  void add(TableRecords records, RowChange change) {
    if (all || unknown || !records.table().equals(table)) {
      return;
    }
    if (change instanceof Insert insert) {
      take(new Touched(records, insert.row()));
    } else if (change instanceof Delete delete) {
      take(new Touched(records, delete.old()));
    } else if (change instanceof Update update) {
      take(new Touched(records, update.row()));
      if (update.old() != null) {
        take(new Touched(records, update.old()));
      }
    }
  }

  private void take(Touched row) {
    if (columns == null) {
      rows.add(row);
      bytes += row.row().bytes().length;
    } else {
      resolve(row);
    }
  }

  /** What the changes hold that are kept. */
  long bytes() {
    return bytes;
  }

  /** There are too many changes to keep. */
  void giveUp() {
    unknown = true;
    forget();
  }

  private void forget() {
    rows.clear();
    bytes = 0;
  }

  /** The table was emptied. */
  void addAll(TableRecords records) {
    all |= records.table().equals(table);
  }

  /**
   * Takes the keys out of the changes, and out of those to come.
   *
   * @param keyColumns the columns of the key
   * @param keysRead of the rows that were read
   * @return false if that cannot be told, since a change knows other columns, or was not kept
   */
  boolean resolve(List<String> keyColumns, Set<List<String>> keysRead) {
    columns = keyColumns;
    read = keysRead;
    rows.forEach(this::resolve);
    forget();
    return !unknown;
  }

  /**
   * Whether a row was touched, once keys are resolved.
   *
   * @param key of the row, as text
   */
  boolean contains(List<String> key) {
    return all || keys.contains(key);
  }

  private void resolve(Touched touched) {
    TupleData row = touched.row();
    List<String> key = new ArrayList<>(columns.size());
    for (String column : columns) {
      int position = touched.records().position(column);
      if (position < 0) {
        unknown = true;
        return;
      }
      if (row.isNull(position) || row.isUnchanged(position)) {
        return; // the other one of the update's two rows has it
      }
      key.add(
          new String(
              row.bytes(), row.start(position), row.length(position), StandardCharsets.UTF_8));
    }
    if (read.contains(key)) {
      keys.add(key);
    }
  }
}
