package dev.tributary.transforms.chain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/** A topic in memory, whose partitions may have gaps in their offsets. */
final class InMemoryHistory implements History {
  private final List<SinkRecord> stored;
  final Set<Long> unreadable = new HashSet<>();
  final List<String> reads = new ArrayList<>();
  boolean closed;
  String topicId = "id";
  long failsAt = Long.MAX_VALUE;

  InMemoryHistory(List<SinkRecord> stored) {
    this.stored = stored;
  }

  @Override
  public long offsetFor(TopicPartition partition, long epochMillis) {
    return of(partition).stream()
        .filter(r -> r.timestamp() >= epochMillis)
        .mapToLong(SinkRecord::kafkaOffset)
        .findFirst()
        .orElse(0);
  }

  @Override
  public void read(TopicPartition partition, long from, long to, Visitor visitor) {
    reads.add(partition + " " + from + ".." + to);
    for (SinkRecord record : of(partition)) {
      if (record.kafkaOffset() >= from && record.kafkaOffset() < to) {
        if (record.kafkaOffset() == failsAt) {
          throw new ChainError("the servers do not answer");
        }
        if (unreadable.contains(record.kafkaOffset())) {
          visitor.unreadable(record.kafkaOffset(), new DataException("quotes the record"));
        } else {
          visitor.record(copy(record));
        }
      }
    }
  }

  @Override
  public void forget(TopicPartition partition) {
    reads.add(partition + " forgotten");
  }

  @Override
  public boolean passesOver(TopicPartition partition, long offset) {
    return of(partition).stream().noneMatch(r -> r.kafkaOffset() == offset);
  }

  @Override
  public Optional<String> topicId(String topic) {
    return Optional.ofNullable(topicId);
  }

  @Override
  public long beginning(TopicPartition partition) {
    return of(partition).stream().mapToLong(SinkRecord::kafkaOffset).min().orElse(Long.MAX_VALUE);
  }

  private List<SinkRecord> of(TopicPartition partition) {
    return stored.stream()
        .filter(r -> r.topic().equals(partition.topic()))
        .filter(r -> r.kafkaPartition() == partition.partition())
        .toList();
  }

  /** As a record that is read again is another object. */
  static SinkRecord copy(SinkRecord r) {
    return new SinkRecord(
        r.topic(),
        r.kafkaPartition(),
        r.keySchema(),
        r.key(),
        r.valueSchema(),
        r.value(),
        r.kafkaOffset(),
        r.timestamp(),
        r.timestampType());
  }

  @Override
  public void close() {
    closed = true;
  }
}
