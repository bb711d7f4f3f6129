package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.table.Table;
import dev.tributary.clickhouse.table.Tables;
import java.util.BitSet;
import org.apache.kafka.common.TopicPartition;

/**
 * Which records of one Kafka partition a table holds, as the server told when it was asked.
 *
 * <p>Where an insert is written as a whole or not at all, and inserts go in the order of the
 * offsets, the table holds everything up to its greatest offset. In a table with PARTITION BY an
 * insert is written whole only within each of the table's partitions, so a part of it may be
 * missing below the greatest offset: there the offsets themselves are read, a window of them at a
 * time.
 */
final class Held {
  /** Offsets that are read at once. */
  private static final int WINDOW = 65_536;

  private final Tables tables;
  private final Table table;
  private final TopicPartition partition;
  private final long last;
  private long windowFrom;
  private BitSet window;

  private Held(Tables tables, Table table, TopicPartition partition, long last) {
    this.tables = tables;
    this.table = table;
    this.partition = partition;
    this.last = last;
  }

  static Held ask(Tables tables, Table table, TopicPartition partition) {
    return new Held(tables, table, partition, tables.lastOffset(table, partition).orElse(-1));
  }

  /** The greatest offset that the table holds; -1 if it holds none. */
  long last() {
    return last;
  }

  /** Whether the table holds the record at an offset; may ask the server. */
  boolean contains(long offset) {
    if (offset > last || table.insertsWhole()) {
      return offset <= last;
    }
    if (window == null || offset < windowFrom || offset - windowFrom >= WINDOW) {
      window = tables.offsets(table, partition, offset, WINDOW);
      windowFrom = offset;
    }
    return window.get((int) (offset - windowFrom));
  }
}
