package dev.tributary.clickhouse.record;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.Operation;
import java.util.Collection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Every record with a row is a row, deletes (with their last known values) included. Tombstones,
 * truncates and logical messages have no row.
 */
public final class AppendRules implements RowRules {
  @Override
  public RowChange decide(SinkRecord record, ChangeEvent event) {
    return event.row() == null
        ? RowChange.Skip.INSTANCE
        : new RowChange.Write(
            event.row(), null, event.operation() == Operation.DELETE, 0, event.operation().code());
  }

  @Override
  public void forget(Collection<TopicPartition> partitions) {
    // every record stands for itself
  }

  @Override
  public boolean mirrors() {
    return false;
  }
}
