package dev.tributary.clickhouse.record;

import dev.tributary.common.event.ChangeEvent;
import java.util.Collection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/** Turns events into row changes. One instance belongs to one table of one task. */
public interface RowRules {
  /**
   * What a record does.
   *
   * @throws org.apache.kafka.connect.errors.DataException if the record lacks what its row needs
   */
  RowChange decide(SinkRecord record, ChangeEvent event);

  /** Forgets what is known of these partitions; they begin anew. */
  void forget(Collection<TopicPartition> partitions);

  /** Whether the table mirrors another one, so that rows have a version and can be deleted. */
  boolean mirrors();
}
