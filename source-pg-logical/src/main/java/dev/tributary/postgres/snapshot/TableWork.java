package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.position.SnapshotPosition.Range;
import dev.tributary.postgres.record.TableRecords;
import java.util.List;

/**
 * What a snapshot reads of one place where rows are: of a table, or of a partition of it.
 *
 * @param table under whose name the rows come
 * @param place itself, or its partition
 * @param records to be copied for each thread; the same for all partitions
 * @param chunks the parts that are to be read, in order; never empty
 */
record TableWork(
    TableName table, TableName place, TableRecords records, RowQuery query, List<Range> chunks) {
  TableWork {
    chunks = List.copyOf(chunks);
  }

  /** A part, for one thread to read. */
  record Chunk(TableWork work, int index) {
    Range range() {
      return work.chunks().get(index);
    }
  }
}
