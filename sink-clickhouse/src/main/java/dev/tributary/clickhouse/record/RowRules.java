package dev.tributary.clickhouse.record;

import dev.tributary.common.event.ChangeEvent;
import org.apache.kafka.connect.sink.SinkRecord;

/** Turns events into row changes. One instance belongs to one table of one task. */
public interface RowRules {
  /**
   * What a record does.
   *
   * @throws org.apache.kafka.connect.errors.DataException if the record lacks what its row needs
   */
  RowChange decide(SinkRecord record, ChangeEvent event);

  /** Whether the table mirrors another one, so that rows have a version and can be deleted. */
  boolean mirrors();
}
