package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.record.RecordFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Which {@code source.snapshot} the rows of a snapshot have: those at the edges say so. Where
 * several threads read a table, the last row of it is only marked if nothing came in between.
 * Belongs to one thread.
 */
final class Markers {
  private final Set<TableName> begun = new HashSet<>();
  private final RecordFactory factory;
  private boolean first;

  /**
   * @param factory made the rows
   * @param first whether the next row is the first of the snapshot
   */
  Markers(RecordFactory factory, boolean first) {
    this.factory = factory;
    this.first = first;
  }

  /** A table of which an earlier run has sent rows. */
  void begun(TableName table) {
    begun.add(table);
  }

  /**
   * Marks rows that are {@code true} so far.
   *
   * @param endsTable whether the last of them is the last of the table
   * @param endsSnapshot whether it is the last of all
   */
  void mark(TableName table, List<SourceRecord> records, boolean endsTable, boolean endsSnapshot) {
    if (begun.add(table)) {
      factory.mark(records.get(0), "first_in_data_collection");
    }
    SourceRecord last = records.get(records.size() - 1);
    if (endsTable) {
      factory.mark(last, "last_in_data_collection");
    }
    if (first) {
      first = false;
      factory.mark(records.get(0), "first");
    }
    if (endsSnapshot) {
      factory.mark(last, "last");
    }
  }
}
