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
 * until then.
 */
final class TouchedKeys {
  private final TableName table;
  private final List<Touched> rows = new ArrayList<>();
  private boolean all;
  private boolean unknown;
  private Set<List<String>> keys;

  private record Touched(TableRecords records, TupleData row) {}

  TouchedKeys(TableName table) {
    this.table = table;
  }

  void add(TableRecords records, RowChange change) {
    if (all || !records.table().equals(table)) {
      return;
    }
    if (change instanceof Insert insert) {
      rows.add(new Touched(records, insert.row()));
    } else if (change instanceof Delete delete) {
      rows.add(new Touched(records, delete.old()));
    } else if (change instanceof Update update) {
      rows.add(new Touched(records, update.row()));
      if (update.old() != null) {
        rows.add(new Touched(records, update.old()));
      }
    }
  }

  /** The table was emptied. */
  void addAll(TableRecords records) {
    all |= records.table().equals(table);
  }

  /**
   * Takes the keys out of the changes.
   *
   * @param columns of the key
   * @return false if that cannot be told, since a change knows other columns
   */
  boolean resolve(List<String> columns) {
    keys = new HashSet<>();
    rows.forEach(row -> add(row, columns));
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

  private void add(Touched touched, List<String> columns) {
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
    keys.add(key);
  }
}
