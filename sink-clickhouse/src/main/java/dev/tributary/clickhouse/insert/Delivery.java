package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.clickhouse.types.UnwritableValueException;
import dev.tributary.common.error.Outage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings records to their tables. Everything runs on the task's thread.
 *
 * <p>A record is first taken over ({@link #put}), then added to its table's lane, then inserted
 * with many others. What is taken over is never asked of Connect again: while the server is away,
 * partitions are paused and the records wait here, so that nothing is delivered twice or out of
 * order. An offset is given out for commit once all before it is written.
 */
public final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /** A table that still looks wrong after this many fresh looks will not come right. */
  private static final int MAX_REFRESHES = 3;

  /**
   * How long one put may begin steps: far below max.poll.interval.ms (5 minutes by default), after
   * which Kafka takes the partitions away. What is left goes on in the next one.
   */
  private static final long PUT_NANOS = Duration.ofSeconds(30).toNanos();

  private final SinkConfig config;
  private final ClickHouse server;
  private final Tables tables;
  private final SinkTaskContext context;
  private final Rejects rejects;
  private final Steps steps;
  private final Outage outage;
  private final LongSupplier nanoTime;

  private final Deque<SinkRecord> waiting = new ArrayDeque<>();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<String, String> tableOfTopic = new HashMap<>();
  private final Map<TopicPartition, Long> taken = new HashMap<>();
  private final Map<TopicPartition, Long> rewound = new HashMap<>();
  private boolean paused;
  private int refreshes;
  private long putUntilNanos;
  private boolean unfinished;

  public Delivery(
      SinkConfig config,
      String connector,
      boolean errorsTolerated,
      ClickHouse server,
      SinkTaskContext context) {
    this(config, connector, errorsTolerated, server, context, System::nanoTime);
  }

  /** With a clock of its own. */
  public Delivery(
      SinkConfig config,
      String connector,
      boolean errorsTolerated,
      ClickHouse server,
      SinkTaskContext context,
      LongSupplier nanoTime) {
    this.config = config;
    this.server = server;
    this.context = context;
    this.nanoTime = nanoTime;
    this.tables = new Tables(server, config);
    this.rejects = new Rejects(context.errantRecordReporter(), errorsTolerated);
    this.steps = new Steps(config, connector, server, tables, rejects);
    this.outage =
        new Outage(
            "ClickHouse at " + config.hostname() + ":" + config.port(),
            config.backoff(),
            RandomGenerator.getDefault(),
            nanoTime);
  }

  /** A check at start did not reach the server. */
  public void startsWithoutServer(String reason) {
    outage.failed(reason, null);
  }

  /**
   * Takes records over and inserts what is due.
   *
   * @throws ConnectException if nothing the task can do will get a record or a table right
   */
  public void put(Collection<SinkRecord> records) {
    for (SinkRecord record : records) {
      TopicPartition partition = partition(record);
      long offset = record.originalKafkaOffset();
      long last = taken.getOrDefault(partition, -1L);
      if (offset <= last) {
        putBack(partition, last, offset);
      }
      taken.put(partition, offset);
      rewound.remove(partition);
      waiting.add(record);
    }
    putUntilNanos = nanoTime.getAsLong() + PUT_NANOS;
    unfinished = false;
    if (outage.waitMillis() == 0) {
      try {
        if (outage.isOn()) {
          server.knock();
        }
        addWaiting();
        insertDue();
        outage.over();
      } catch (RuntimeException e) {
        retryOrThrow(e);
      }
    }
    throttle();
  }

  /**
   * Nothing here makes Connect deliver twice, so it reads the partition anew from an offset: what
   * is held from there on comes again, or is not in Kafka any more.
   */
  private void putBack(TopicPartition partition, long last, long offset) {
    LOG.warn(
        "Topic '{}', partition {} goes on at offset {} behind offset {}: it was made anew or cut, or"
            + " its offsets were reset. What was not yet written from there on is dropped and taken"
            + " anew",
        partition.topic(),
        partition.partition(),
        offset,
        last);
    forget(Map.of(partition, offset));
  }

  private boolean isTimeUp() {
    unfinished |= nanoTime.getAsLong() - putUntilNanos >= 0;
    return unfinished;
  }

  private void addWaiting() {
    for (SinkRecord record = waiting.peek(); record != null; record = waiting.peek()) {
      if (isTimeUp()) {
        return;
      }
      Lane lane = lane(record.topic());
      try {
        lane.add(record, partition(record), nanoTime.getAsLong());
      } catch (DataException | UnwritableValueException e) {
        rejects.reject(record, lane.sqlName(), e.getMessage());
      } catch (RuntimeException e) {
        throw Steps.changedOr(lane, e);
      }
      waiting.remove();
      if (lane.rowCount() >= config.flushRows()) {
        insert(lane);
      } else if (heldBytes() >= config.flushBytes()) {
        insert(fullest());
      }
    }
  }

  private void insertDue() {
    long now = nanoTime.getAsLong();
    for (Lane lane : lanes.values()) {
      if (unfinished) {
        return;
      }
      boolean old = now - lane.oldestNanos() >= config.flushAfter().toNanos();
      if (!lane.isEmpty() && (old || outage.isOn())) {
        insert(lane);
      }
    }
  }

  private void insert(Lane lane) {
    for (Step step = lane.next(); step != null && !unfinished; step = lane.next()) {
      steps.take(lane, step);
      refreshes = 0;
      isTimeUp();
    }
  }

  private void retryOrThrow(RuntimeException e) {
    if (e instanceof TableChangedException changed) {
      if (++refreshes > MAX_REFRESHES) {
        throw new ConnectException(
            "Cannot insert into table "
                + changed.lane().sqlName()
                + ": "
                + Faults.describe(changed)
                + ", also after looking at the table anew "
                + MAX_REFRESHES
                + " times");
      }
      LOG.warn(
          "Table {} is not what it was ({}); looking at it anew and reading what was held for it from"
              + " Kafka again",
          changed.lane().sqlName(),
          Faults.describe(changed));
      outage.waits();
      readAgain(changed.lane());
      return;
    }
    if (e instanceof ConnectException) {
      throw e;
    }
    if (Faults.classify(e) != Fault.RETRY) {
      throw new ConnectException("ClickHouse refuses a request: " + Faults.describe(e), e);
    }
    outage.failed(Faults.describe(e), e);
  }

  /** Rows were made for the table as it was: they are dropped and read from Kafka once more. */
  private void readAgain(Lane lane) {
    Map<TopicPartition, Long> ofLane = new HashMap<>();
    lane.lowerTo(ofLane);
    Map<TopicPartition, Long> firsts = firstsWaiting();
    firsts.keySet().retainAll(ofLane.keySet());
    forgetAll(firsts.keySet());
    firsts.forEach((partition, offset) -> taken.put(partition, offset - 1));
    rewound.putAll(firsts);
    lane.forgetTable();
    context.offset(firsts);
  }

  /** Sets when {@code put} is called next, and whether it brings more records. */
  private void throttle() {
    long wait = outage.waitMillis();
    boolean full = !waiting.isEmpty() || heldBytes() >= config.flushBytes();
    if (unfinished || (outage.isOn() && full)) {
      // anew each time, as partitions may have been added
      context.pause(context.assignment().toArray(TopicPartition[]::new));
      paused = true;
    } else if (paused) {
      context.resume(context.assignment().toArray(TopicPartition[]::new));
      paused = false;
    }
    if (outage.isOn()) {
      context.timeout(Math.max(1, wait));
    } else if (unfinished) {
      context.timeout(1);
    } else {
      nextDue().ifPresent(due -> context.timeout(Math.max(1, due.toMillis())));
    }
  }

  private Optional<Duration> nextDue() {
    return lanes.values().stream()
        .filter(lane -> !lane.isEmpty())
        .map(Lane::oldestNanos)
        .min(Comparator.naturalOrder())
        .map(oldest -> config.flushAfter().minus(Duration.ofNanos(nanoTime.getAsLong() - oldest)));
  }

  /**
   * What may be committed.
   *
   * @param current the offsets up to which Connect has handed over records, or filtered them out
   */
  public Map<TopicPartition, OffsetAndMetadata> committable(
      Map<TopicPartition, OffsetAndMetadata> current) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>(current);
    firstsWaiting()
        .forEach(
            (partition, first) -> {
              if (offsets.containsKey(partition)) {
                offsets.put(partition, new OffsetAndMetadata(first));
              }
            });
    return offsets;
  }

  /** The first offset of each partition that is not written yet. */
  private Map<TopicPartition, Long> firstsWaiting() {
    // a commit may come between asking for the rewind and the rewind
    Map<TopicPartition, Long> firsts = new HashMap<>(rewound);
    lanes.values().forEach(lane -> lane.lowerTo(firsts));
    waiting.forEach(
        record -> firsts.merge(partition(record), record.originalKafkaOffset(), Math::min));
    return firsts;
  }

  /** Partitions are assigned: they start where Connect says. */
  public void open(Collection<TopicPartition> partitions) {
    forgetAll(partitions);
  }

  /** Partitions are taken away: what is not written of them is dropped, and comes again. */
  public void close(Collection<TopicPartition> partitions) {
    forgetAll(partitions);
  }

  private void forgetAll(Collection<TopicPartition> partitions) {
    forget(partitions.stream().collect(Collectors.toMap(Function.identity(), p -> 0L)));
  }

  /** Forgets what is not written of partitions, from an offset on. */
  private void forget(Map<TopicPartition, Long> from) {
    waiting.removeIf(
        record ->
            record.originalKafkaOffset() >= from.getOrDefault(partition(record), Long.MAX_VALUE));
    lanes.values().forEach(lane -> lane.drop(from));
    taken.keySet().removeAll(from.keySet());
    rewound.keySet().removeAll(from.keySet());
  }

  private Lane lane(String topic) {
    String table = tableOfTopic.computeIfAbsent(topic, config.tableNames()::of);
    return lanes.computeIfAbsent(
        table, name -> new Lane(name, config, tables, rejects.wantRecords()));
  }

  private long heldBytes() {
    long bytes = 0;
    for (Lane lane : lanes.values()) {
      bytes += lane.bytes();
    }
    return bytes;
  }

  private Lane fullest() {
    return new ArrayList<>(lanes.values())
        .stream().max(Comparator.comparingLong(Lane::bytes)).orElseThrow();
  }

  private static TopicPartition partition(SinkRecord record) {
    return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
  }
}
