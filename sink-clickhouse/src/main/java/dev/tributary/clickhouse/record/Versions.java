package dev.tributary.clickhouse.record;

import dev.tributary.common.event.ChangeEvent;
import dev.tributary.common.event.FieldPath;
import dev.tributary.common.event.Operation;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The version that orders the events of one key for good, whatever is replayed: a configured field,
 * else the position in the Postgres log where the event has one, else the Kafka offset. Never a
 * clock.
 *
 * <h2>The position</h2>
 *
 * <p>For a streamed change it is the greater of the change's own LSN and the LSN of the last commit
 * before it ({@code source.lsn} and the first of {@code source.sequence}); for a snapshot read it
 * is the snapshot's LSN. The version is twice that, plus one for streamed changes.
 *
 * <ul>
 *   <li>Between two changes of a key in different transactions the second has waited for the first
 *       one's commit (row lock, unique index): its LSN is above that commit, and so is its
 *       position.
 *   <li>Two changes of a key in one transaction have LSNs in order, hence positions in order or
 *       equal; of equal versions ClickHouse keeps the one inserted last, and offsets come in order.
 *   <li>A change that was written before a snapshot's LSN but committed after it is not in the
 *       snapshot, and must win over the read. Its own LSN would lose; the commit before it is at or
 *       after the snapshot's LSN, so its position does not. Where {@code source.sequence} is
 *       missing or does not know a commit yet, the LSN of the partition's last snapshot read stands
 *       in for it. After a restart it is taken from the table, for a change of a row that was there
 *       before and whose {@code source.sequence} knows no commit yet: that is a source's first
 *       transaction behind its snapshot. (A table fed from several servers may lend it a read of
 *       another server then.)
 *   <li>A change that a later snapshot has seen was committed before that snapshot's LSN, so both
 *       of its LSNs are smaller, and the read wins.
 * </ul>
 */
public final class Versions {
  private final Optional<FieldPath> field;
  private final List<FieldPath> lsn = paths("source.lsn", "__source_lsn", "__lsn");
  private final List<FieldPath> sequence = paths("source.sequence", "__source_sequence");
  private final LongSupplier lastSnapshotVersion;
  private final Map<TopicPartition, Long> snapshots = new HashMap<>();
  private final Set<String> topicsByPosition = new HashSet<>();

  /**
   * @param lastSnapshotVersion the greatest version that a snapshot read has in the table, 0 if
   *     none has; may ask the server, and is asked once per partition at most
   */
  public Versions(Optional<FieldPath> field, LongSupplier lastSnapshotVersion) {
    this.field = field;
    this.lastSnapshotVersion = lastSnapshotVersion;
  }

  private static List<FieldPath> paths(String... paths) {
    return List.of(paths).stream().map(FieldPath::parse).toList();
  }

  /**
   * The version of an event.
   *
   * @throws DataException if the configured field is missing, no whole number, or negative
   */
  public long of(SinkRecord record, ChangeEvent event) {
    if (field.isPresent() && event.value() != null) {
      return fromField(field.get(), event);
    }
    return first(lsn, event) instanceof Number position && position.longValue() > 0
        ? fromLog(position.longValue(), record, event)
        : record.originalKafkaOffset();
  }

  /**
   * Whether the rows of a topic are ordered by something that a tombstone does not have, as far as
   * is known: then its offset says nothing.
   */
  boolean leavesTombstonesOut(String topic) {
    return field.isPresent() || topicsByPosition.contains(topic);
  }

  /** Forgets the snapshots of partitions. */
  void forget(Collection<TopicPartition> partitions) {
    snapshots.keySet().removeAll(partitions);
  }

  private long fromLog(long lsn, SinkRecord record, ChangeEvent event) {
    TopicPartition partition =
        new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
    topicsByPosition.add(record.originalTopic());
    if (event.operation() == Operation.READ) {
      snapshots.merge(partition, lsn, Math::max);
      return 2 * lsn;
    }
    Object commits = first(sequence, event);
    long before = lastCommit(commits);
    if (before == 0) {
      // a created row has no stale read to win over
      boolean ask = commits != null && event.operation() != Operation.CREATE;
      before = lastSnapshot(partition, ask);
    }
    return 2 * Math.max(lsn, before) + 1;
  }

  private long lastSnapshot(TopicPartition partition, boolean askTable) {
    Long known = snapshots.get(partition);
    if (known == null && askTable) {
      known = lastSnapshotVersion.getAsLong() / 2;
      snapshots.put(partition, known);
    }
    return known == null ? 0 : known;
  }

  private static Object first(List<FieldPath> paths, ChangeEvent event) {
    for (FieldPath path : paths) {
      Object value = path.get(event);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /** The first number of {@code ["24023128","24023130"]}; 0 where it is null or missing. */
  static long lastCommit(Object sequence) {
    if (!(sequence instanceof String text)) {
      return 0;
    }
    int start = text.indexOf('[') + 1;
    int end = text.indexOf(',', start);
    long number = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        number = number * 10 + (c - '0');
      } else if (c != '"' && c != ' ') {
        return 0;
      }
    }
    return number;
  }

  private static long fromField(FieldPath path, ChangeEvent event) {
    Object value = path.get(event);
    if (value == null) {
      throw new DataException("field '" + path + "' (version.field) is missing or null");
    }
    long version;
    if (value instanceof Long || value instanceof Integer || value instanceof Short) {
      version = ((Number) value).longValue();
    } else if (value instanceof java.util.Date date) {
      version = date.toInstant().toEpochMilli();
    } else {
      throw new DataException("field '" + path + "' (version.field) is no whole number");
    }
    if (version < 0) {
      throw new DataException("field '" + path + "' (version.field) is negative");
    }
    return version;
  }
}
