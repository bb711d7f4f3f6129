package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Tables;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a table holds already of the Kafka partitions that are read; each is asked for once per
 * assignment.
 */
final class HeldRecords {
  private static final Logger LOG = LoggerFactory.getLogger(HeldRecords.class);

  private final Tables tables;
  private final SinkMetrics metrics;
  private final Map<TopicPartition, Held> held = new HashMap<>();

  HeldRecords(Tables tables, SinkMetrics metrics) {
    this.tables = tables;
    this.metrics = metrics;
  }

  /** Whether the table holds the record. */
  boolean contain(Table table, TopicPartition partition, long offset) {
    Held known = held.get(partition);
    boolean first = known == null;
    if (first) {
      known = Held.ask(tables, table, partition);
    }
    boolean there = known.contains(offset);
    if (first) {
      held.put(partition, known);
    }
    if (there) {
      metrics.duplicate();
      if (first) {
        tell(table, partition, offset, known.last());
      }
    }
    return there;
  }

  private static void tell(Table table, TopicPartition partition, long offset, long last) {
    String sqlName = table.name().sql();
    LOG.warn(
        "Table {} holds records of topic '{}', partition {} up to offset {} already, also that at"
            + " offset {}; what it holds is passed over. That is as it should be after a crash."
            + " If the topic was made anew, or is to be written again on purpose, its records"
            + " would be missing: stop the connector, delete the topic's old rows (ALTER TABLE {}"
            + " DELETE WHERE _topic = '{}') or set another table, and start from the first offset",
        sqlName,
        partition.topic(),
        partition.partition(),
        last,
        offset,
        sqlName,
        partition.topic());
  }

  /** Rows of an insert that the table does not hold, as the server says now. */
  Step.Insert notHeld(Table table, Step.Insert insert) {
    Map<TopicPartition, Held> fresh = new HashMap<>();
    return insert.keep(
        (partition, offset) ->
            !fresh.computeIfAbsent(partition, p -> Held.ask(tables, table, p)).contains(offset));
  }

  void forget(Collection<TopicPartition> partitions) {
    held.keySet().removeAll(partitions);
  }

  void forgetAll() {
    held.clear();
  }
}
