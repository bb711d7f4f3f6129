package dev.tributary.clickhouse.insert;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records that were taken over and have no lane yet, and how far each partition was taken over. */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  private final Deque<SinkRecord> waiting = new ArrayDeque<>();
  private final Map<TopicPartition, Long> taken = new HashMap<>();
  private final Map<TopicPartition, Long> rewound = new HashMap<>();
  private TopicPartition last = new TopicPartition("", -1);

  /** Where a record comes from; for one that follows another of its partition, the same object. */
  TopicPartition partition(SinkRecord record) {
    if (record.originalKafkaPartition() != last.partition()
        || !record.originalTopic().equals(last.topic())) {
      last = new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    }
    return last;
  }

  /**
   * Whether a record goes back behind what was taken over. Nothing here makes Connect deliver
   * twice, so it reads the partition anew from there: what is held from there on comes again, or is
   * not in Kafka any more.
   */
  boolean goesBack(SinkRecord record) {
    TopicPartition partition = partition(record);
    long offset = record.originalKafkaOffset();
    long last = taken.getOrDefault(partition, -1L);
    if (offset > last) {
      return false;
    }
    LOG.warn(
        "Topic '{}', partition {} goes on at offset {} behind offset {}: it was made anew or cut, or"
            + " its offsets were reset. What was not yet written from there on is dropped and taken"
            + " anew",
        partition.topic(),
        partition.partition(),
        offset,
        last);
    return true;
  }

  void take(SinkRecord record) {
    TopicPartition partition = partition(record);
    taken.put(partition, record.originalKafkaOffset());
    if (!rewound.isEmpty()) {
      rewound.remove(partition);
    }
    waiting.add(record);
  }

  /** Partitions were asked for again from these offsets on. */
  void rewind(Map<TopicPartition, Long> firsts) {
    firsts.forEach((partition, offset) -> taken.put(partition, offset - 1));
    rewound.putAll(firsts);
  }

  /** The next record that waits; null if none does. */
  SinkRecord next() {
    return waiting.peek();
  }

  /** The next record has its lane. */
  void removeNext() {
    waiting.remove();
  }

  int count() {
    return waiting.size();
  }

  /** The first offset of each partition that waits, or was asked for again. */
  Map<TopicPartition, Long> firsts() {
    // a commit may come between asking for the rewind and the rewind
    Map<TopicPartition, Long> firsts = new HashMap<>(rewound);
    waiting.forEach(
        record -> firsts.merge(partition(record), record.originalKafkaOffset(), Math::min));
    return firsts;
  }

  /** Drops what waits of partitions from an offset on, and what is known of these partitions. */
  void forget(Map<TopicPartition, Long> from) {
    waiting.removeIf(
        record ->
            record.originalKafkaOffset() >= from.getOrDefault(partition(record), Long.MAX_VALUE));
    taken.keySet().removeAll(from.keySet());
    rewound.keySet().removeAll(from.keySet());
  }
}
