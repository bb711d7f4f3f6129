package dev.tributary.postgres.incremental;

import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.record.TableRecords;
import java.util.List;

/** What the reading of the next rows of a table came to. */
sealed interface Chunk {
  /**
   * Rows, in the order of the key.
   *
   * @param from what was left to read of the table
   * @param keyColumns the columns that tell rows apart
   * @param key the same, with their types
   * @param end the greatest key there was at the table's beginning
   * @param last the key of the last row, as text; null if there were none
   * @param complete whether there are no more rows
   * @param running the transactions that the read did not show because they were running
   * @param estimatedRows of the table, by the server; -1 if it has no estimate
   */
  record Rows(
      TableRecords table,
      IncrementalState.Table from,
      List<String> keyColumns,
      List<String> key,
      List<Row> rows,
      List<String> end,
      List<String> last,
      boolean complete,
      List<Long> running,
      long estimatedRows)
      implements Chunk {}

  /**
   * A row.
   *
   * @param key as text
   * @param bytes what the server sent for it
   */
  record Row(List<String> key, TupleData data, int bytes) {
    public Row {
      key = List.copyOf(key);
    }
  }

  /** The table cannot be read in this way. */
  record Refused(String reason) implements Chunk {}

  /** Transactions are still running, or hidden, that the read must show. */
  record NotYet() implements Chunk {}
}
