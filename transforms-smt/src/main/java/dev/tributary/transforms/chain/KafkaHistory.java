package dev.tributary.transforms.chain;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics again with a consumer of its own, that stays open.
 *
 * <p>What a fetch brings beyond what was asked for is kept, per partition. So the many small gaps
 * that transaction markers leave in a topic cost a fetch per batch and not one each.
 *
 * <p>Confined to the task's thread; {@link #close} may come from another once the task has stopped.
 */
final class KafkaHistory implements History {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaHistory.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final RestoreSettings settings;
  private final StoredValues values;
  private final KafkaTopicIds topicIds;
  private final Map<TopicPartition, Ahead> ahead = new HashMap<>();
  private Consumer<byte[], byte[]> consumer;
  private TopicPartition assigned;

  /** What has been fetched of a partition and not been asked for yet. */
  private static final class Ahead {
    final ArrayDeque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();

    /** All that the topic holds from here ... */
    long from;

    /** ... to before here is in {@link #records}. */
    long to;

    void restartAt(long offset) {
      records.clear();
      from = offset;
      to = offset;
    }
  }

  KafkaHistory(RestoreSettings settings) {
    this.settings = settings;
    this.values = new StoredValues(settings.converterClass(), settings.converter());
    this.topicIds = new KafkaTopicIds(settings);
  }

  @Override
  public long offsetFor(TopicPartition partition, long epochMillis) {
    long started = System.nanoTime();
    while (true) {
      try {
        OffsetAndTimestamp found =
            consumer().offsetsForTimes(Map.of(partition, Math.max(0, epochMillis))).get(partition);
        return found == null ? 0 : found.offset();
      } catch (TimeoutException e) {
        checkTimeout(partition, started, e);
      } catch (KafkaException e) {
        throw unreadable(partition, e);
      }
    }
  }

  @Override
  public void read(TopicPartition partition, long from, long to, Visitor visitor) {
    Ahead fetched = ahead.computeIfAbsent(partition, p -> new Ahead());
    if (from < fetched.from || from > fetched.to) {
      fetched.restartAt(from);
    }
    fetched.from = from;
    Progress progress = new Progress(partition.toString(), from, to);
    hand(fetched, partition, from, to, visitor, progress);
    long waitingSince = System.nanoTime();
    while (fetched.to < to) {
      long before = fetched.to;
      fetch(partition, fetched);
      hand(fetched, partition, from, to, visitor, progress);
      if (fetched.to > before) {
        waitingSince = System.nanoTime();
      } else {
        checkTimeout(partition, waitingSince, null);
      }
      progress.show(fetched.to);
    }
    progress.done();
    fetched.from = Math.max(fetched.from, Math.min(to, fetched.to));
  }

  @Override
  public void forget(TopicPartition partition) {
    ahead.remove(partition);
  }

  @Override
  public boolean passesOver(TopicPartition partition, long offset) {
    Ahead fetched = ahead.get(partition);
    return fetched != null
        && fetched.from <= offset
        && fetched.to > offset
        && (fetched.records.isEmpty() || fetched.records.peek().offset() > offset);
  }

  @Override
  public Optional<String> topicId(String topic) {
    return topicIds.of(topic);
  }

  @Override
  public long beginning(TopicPartition partition) {
    long started = System.nanoTime();
    while (true) {
      try {
        return consumer().beginningOffsets(List.of(partition)).get(partition);
      } catch (TimeoutException e) {
        checkTimeout(partition, started, e);
      } catch (KafkaException e) {
        throw unreadable(partition, e);
      }
    }
  }

  private void hand(
      Ahead fetched,
      TopicPartition partition,
      long from,
      long to,
      Visitor visitor,
      Progress progress) {
    while (!fetched.records.isEmpty() && fetched.records.peek().offset() < to) {
      ConsumerRecord<byte[], byte[]> record = fetched.records.poll();
      if (record.offset() >= from) {
        progress.count();
        hand(partition, record, visitor);
      }
    }
  }

  private void hand(
      TopicPartition partition, ConsumerRecord<byte[], byte[]> stored, Visitor visitor) {
    SinkRecord record;
    try {
      record = values.toRecord(partition.topic(), stored);
    } catch (RuntimeException e) {
      visitor.unreadable(stored.offset(), e);
      return;
    }
    visitor.record(record);
  }

  private void fetch(TopicPartition partition, Ahead fetched) {
    try {
      seek(partition, fetched.to);
      try {
        for (ConsumerRecord<byte[], byte[]> record : consumer().poll(POLL)) {
          fetched.records.add(record);
        }
        fetched.to = Math.max(fetched.to, consumer().position(partition));
      } catch (OffsetOutOfRangeException e) {
        skipWhatIsDeleted(partition, fetched);
      }
    } catch (TimeoutException e) {
      LOG.debug("No answer yet about {}", partition, e);
    } catch (KafkaException e) {
      throw unreadable(partition, e);
    }
  }

  private void seek(TopicPartition partition, long offset) {
    if (!partition.equals(assigned)) {
      consumer().assign(List.of(partition));
      assigned = partition;
    } else if (consumer().position(partition) == offset) {
      return;
    }
    consumer().seek(partition, offset);
  }

  /** Retention has deleted the records there: begins where the topic does. */
  private void skipWhatIsDeleted(TopicPartition partition, Ahead fetched) {
    long beginning = consumer().beginningOffsets(List.of(partition)).get(partition);
    if (beginning <= fetched.to) {
      throw new ChainError(
          partition
              + " ends before offset "
              + fetched.to
              + " on the servers of restore.bootstrap.servers. Either these are not the servers the"
              + " connector reads from, or the topic was created anew: reset the connector's"
              + " offsets then");
    }
    fetched.restartAt(beginning);
  }

  private void checkTimeout(TopicPartition partition, long sinceNanos, Exception cause) {
    if (Thread.currentThread().isInterrupted()) {
      throw new ChainError("interrupted while restoring from " + partition, cause);
    }
    long waited = (System.nanoTime() - sinceNanos) / 1_000_000;
    if (waited > settings.timeout().toMillis()) {
      throw new ChainError(
          "restoring from "
              + partition
              + ": nothing came from the servers of restore.bootstrap.servers for "
              + waited / 1_000
              + " s (restore.timeout). Check that they are the servers the connector reads from,"
              + " that they can be reached, and that the connector's own consumer reads committed"
              + " records only (consumer.override.isolation.level=read_committed)",
          cause);
    }
  }

  private static ChainError unreadable(TopicPartition partition, KafkaException e) {
    if (e instanceof InterruptException) {
      Thread.currentThread().interrupt();
    }
    return new ChainError(
        "restoring from "
            + partition
            + " failed ("
            + e.getMessage()
            + "); check restore.bootstrap.servers and restore.client.*",
        e);
  }

  private Consumer<byte[], byte[]> consumer() {
    if (consumer == null) {
      consumer = RestoreConsumers.open(settings);
    }
    return consumer;
  }

  @Override
  public void close() {
    topicIds.close();
    if (consumer == null) {
      return;
    }
    try {
      consumer.close();
    } catch (KafkaException | ConcurrentModificationException e) {
      LOG.warn("The consumer that restores state did not close", e);
    }
    consumer = null;
  }
}
