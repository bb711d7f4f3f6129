package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.position.SnapshotPosition.Range;
import dev.tributary.postgres.record.TableRecords;
import java.util.List;

/**
 * A table that a snapshot reads.
 *
 * @param records to be copied for each thread
 * @param chunks the parts that are to be read, in order; never empty
 */
record TableWork(TableName name, TableRecords records, RowQuery query, List<Range> chunks) {
  TableWork {
    chunks = List.copyOf(chunks);
  }

  /** A part of the table, for one thread to read. */
  record Chunk(TableWork table, int index) {
    Range range() {
      return table.chunks().get(index);
    }
  }
}
