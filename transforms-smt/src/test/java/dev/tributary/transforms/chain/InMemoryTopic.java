package dev.tributary.transforms.chain;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.source.SourceRecord;

/** What a source task has written, in memory: its partitions are read in any order but merged. */
final class InMemoryTopic implements TopicHistory {
  private final List<SourceRecord> written;

  InMemoryTopic(List<SourceRecord> written) {
    this.written = written;
  }

  @Override
  public void read(String topic, OptionalLong fromTimestamp, int members, Visitor visitor) {
    written.stream()
        .filter(record -> record.topic().equals(topic))
        .filter(r -> fromTimestamp.isEmpty() || r.timestamp() >= fromTimestamp.getAsLong())
        .sorted(
            Comparator.comparing(
                r -> note(r, members), Comparator.nullsFirst(Comparator.naturalOrder())))
        .forEach(record -> visitor.record(stored(record), note(record, members)));
  }

  private static Written note(SourceRecord record, int members) {
    Header header = record.headers().lastWithName(Written.HEADER);
    return header == null ? null : Written.parse(header.value().toString(), members);
  }

  private static SinkRecord stored(SourceRecord r) {
    return new SinkRecord(
        r.topic(),
        0,
        null,
        null,
        r.valueSchema(),
        r.value(),
        0,
        r.timestamp(),
        TimestampType.CREATE_TIME);
  }

  @Override
  public void close() {}
}
