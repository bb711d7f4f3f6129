package dev.tributary.transforms.chain;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of a topic at once, and merges them by the order in the records' headers. A
 * record without one keeps its place behind the one before it in its partition.
 *
 * <p>Confined to the task's thread; {@link #close} may come from another once the task has stopped.
 */
final class KafkaTopicHistory implements TopicHistory {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaTopicHistory.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  /** A partition that is this far ahead of the slowest waits for it. */
  private static final int MANY = 20_000;

  private final RestoreSettings settings;
  private final StoredValues values;
  private Consumer<byte[], byte[]> consumer;

  KafkaTopicHistory(RestoreSettings settings) {
    this.settings = settings;
    this.values = new StoredValues(settings.converterClass(), settings.converter());
  }

  /** What has been fetched of a partition. */
  private static final class Queue {
    final TopicPartition partition;
    final long end;
    final ArrayDeque<Fetched> records = new ArrayDeque<>();
    Written last;
    boolean paused;

    Queue(TopicPartition partition, long end) {
      this.partition = partition;
      this.end = end;
    }
  }

  /**
   * A record, what its header says, and its place among all: that of the last one with a header.
   */
  private record Fetched(ConsumerRecord<byte[], byte[]> record, Written written, Written place) {}

  @Override
  public void read(String topic, OptionalLong fromTimestamp, int members, Visitor visitor) {
    Patience patience = new Patience(settings.timeout(), "topic '" + topic + "'");
    List<TopicPartition> partitions = patience.ask(() -> partitions(topic));
    if (partitions.isEmpty()) {
      LOG.info("Topic '{}' does not exist yet, so there is no state to restore", topic);
      return;
    }
    Map<TopicPartition, Long> ends = patience.ask(() -> consumer().endOffsets(partitions));
    Map<TopicPartition, Long> starts = patience.ask(() -> starts(partitions, fromTimestamp, ends));
    long total = partitions.stream().mapToLong(p -> ends.get(p) - starts.get(p)).sum();
    Progress progress = new Progress("topic '" + topic + "'", 0, total);
    List<Queue> open = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      if (starts.get(partition) < ends.get(partition)) {
        open.add(new Queue(partition, ends.get(partition)));
      }
    }
    consumer().assign(open.stream().map(queue -> queue.partition).toList());
    open.forEach(queue -> consumer().seek(queue.partition, starts.get(queue.partition)));
    long left = total;
    while (!open.isEmpty()) {
      merge(open, visitor, progress);
      fetch(open, members, patience);
      long now = left(open);
      if (now < left) {
        patience.renew();
      } else {
        patience.check(null);
      }
      left = now;
      progress.show(total - left);
    }
    progress.done();
    consumer().unsubscribe();
  }

  private long left(List<Queue> open) {
    long left = 0;
    for (Queue queue : open) {
      left += queue.end - Math.min(queue.end, consumer().position(queue.partition));
    }
    return left;
  }

  /** Hands on as long as it is known which comes next. */
  private void merge(List<Queue> open, Visitor visitor, Progress progress) {
    while (true) {
      open.removeIf(
          queue -> queue.records.isEmpty() && consumer().position(queue.partition) >= queue.end);
      Queue next = null;
      for (Queue queue : open) {
        if (queue.records.isEmpty()) {
          return;
        }
        if (next == null || before(queue.records.peek(), next.records.peek())) {
          next = queue;
        }
      }
      if (next == null) {
        return;
      }
      Fetched fetched = next.records.poll();
      progress.count();
      hand(fetched, visitor);
    }
  }

  private static boolean before(Fetched a, Fetched b) {
    if (a.place == null || b.place == null) {
      return a.place == null && b.place != null;
    }
    return a.place.compareTo(b.place) < 0;
  }

  private void hand(Fetched fetched, Visitor visitor) {
    SinkRecord record;
    try {
      record = values.toRecord(fetched.record.topic(), fetched.record);
    } catch (RuntimeException e) {
      visitor.unreadable(fetched.record.partition(), fetched.record.offset(), e);
      return;
    }
    visitor.record(record, fetched.written);
  }

  private void fetch(List<Queue> open, int members, Patience patience) {
    Map<TopicPartition, Queue> queues =
        open.stream().collect(Collectors.toMap(queue -> queue.partition, queue -> queue));
    for (Queue queue : open) {
      boolean pause = queue.records.size() > MANY;
      if (pause != queue.paused) {
        queue.paused = pause;
        if (pause) {
          consumer().pause(List.of(queue.partition));
        } else {
          consumer().resume(List.of(queue.partition));
        }
      }
    }
    if (open.isEmpty()) {
      return;
    }
    for (ConsumerRecord<byte[], byte[]> record : patience.ask(() -> consumer().poll(POLL))) {
      Queue queue = queues.get(new TopicPartition(record.topic(), record.partition()));
      if (queue != null && record.offset() < queue.end) {
        Header header = record.headers().lastHeader(Written.HEADER);
        Written written =
            header == null || header.value() == null
                ? null
                : Written.parse(new String(header.value(), StandardCharsets.UTF_8), members);
        queue.last = written == null ? queue.last : written;
        queue.records.add(new Fetched(record, written, queue.last));
      }
    }
  }

  private List<TopicPartition> partitions(String topic) {
    List<PartitionInfo> known = consumer().partitionsFor(topic);
    return known == null
        ? List.of()
        : known.stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
  }

  private Map<TopicPartition, Long> starts(
      List<TopicPartition> partitions, OptionalLong timestamp, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> starts = new HashMap<>(consumer().beginningOffsets(partitions));
    if (timestamp.isPresent()) {
      long from = Math.max(0, timestamp.getAsLong());
      Map<TopicPartition, OffsetAndTimestamp> found =
          consumer()
              .offsetsForTimes(
                  partitions.stream().collect(Collectors.toMap(partition -> partition, p -> from)));
      for (TopicPartition partition : partitions) {
        OffsetAndTimestamp at = found.get(partition);
        starts.put(
            partition,
            Math.min(ends.get(partition), at == null ? ends.get(partition) : at.offset()));
      }
    }
    return starts;
  }

  private Consumer<byte[], byte[]> consumer() {
    if (consumer == null) {
      consumer = RestoreConsumers.open(settings);
    }
    return consumer;
  }

  @Override
  public void close() {
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

  /** Waits for Kafka, but not for ever. */
  private static final class Patience {
    private final Duration timeout;
    private final String what;
    private long since = System.nanoTime();

    Patience(Duration timeout, String what) {
      this.timeout = timeout;
      this.what = what;
    }

    <T> T ask(java.util.function.Supplier<T> question) {
      while (true) {
        try {
          return question.get();
        } catch (TimeoutException e) {
          check(e);
        } catch (KafkaException e) {
          if (e instanceof InterruptException) {
            Thread.currentThread().interrupt();
          }
          throw new ChainError(
              "restoring from "
                  + what
                  + " failed ("
                  + e.getMessage()
                  + "); check restore.bootstrap.servers and restore.client.*",
              e);
        }
      }
    }

    void renew() {
      since = System.nanoTime();
    }

    void check(Exception cause) {
      if (Thread.currentThread().isInterrupted()) {
        throw new ChainError("interrupted while restoring from " + what, cause);
      }
      long waited = (System.nanoTime() - since) / 1_000_000;
      if (waited > timeout.toMillis()) {
        throw new ChainError(
            "restoring from "
                + what
                + ": nothing came from the servers of restore.bootstrap.servers for "
                + waited / 1_000
                + " s (restore.timeout). Check that they are the servers the worker writes to, and"
                + " that they can be reached",
            cause);
      }
    }
  }
}
