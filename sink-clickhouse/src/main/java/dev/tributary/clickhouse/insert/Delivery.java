package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.clickhouse.types.UnwritableValueException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
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

  private final SinkConfig config;
  private final String connector;
  private final ClickHouse server;
  private final Tables tables;
  private final SinkTaskContext context;
  private final Rejects rejects;
  private final Outage outage;
  private final LongSupplier nanoTime;

  private final Deque<SinkRecord> waiting = new ArrayDeque<>();
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Map<String, String> tableOfTopic = new HashMap<>();
  private final Map<TopicPartition, Long> taken = new HashMap<>();
  private final Map<TopicPartition, Long> rewound = new HashMap<>();
  private boolean paused;
  private int refreshes;

  public Delivery(
      SinkConfig config,
      String connector,
      boolean errorsTolerated,
      ClickHouse server,
      SinkTaskContext context) {
    this.config = config;
    this.connector = connector;
    this.server = server;
    this.context = context;
    this.nanoTime = System::nanoTime;
    this.tables = new Tables(server, config);
    this.rejects = new Rejects(context.errantRecordReporter(), errorsTolerated);
    this.outage =
        new Outage(
            config.hostname() + ":" + config.port(),
            config.backoff(),
            nanoTime,
            RandomGenerator.getDefault());
  }

  /** A check at start did not reach the server. */
  public void startsWithoutServer(String reason) {
    outage.failed(reason);
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
      if (offset > taken.getOrDefault(partition, -1L)) {
        taken.put(partition, offset);
        rewound.remove(partition);
        waiting.add(record);
      }
    }
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

  private void addWaiting() {
    for (SinkRecord record = waiting.peek(); record != null; record = waiting.peek()) {
      Lane lane = lane(record.topic());
      try {
        lane.add(record, partition(record), nanoTime.getAsLong());
      } catch (DataException | UnwritableValueException e) {
        rejects.reject(record, lane.sqlName(), e.getMessage());
      } catch (RuntimeException e) {
        throw changedOr(lane, e);
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
      boolean old = now - lane.oldestNanos() >= config.flushAfter().toNanos();
      if (!lane.isEmpty() && (old || outage.isOn())) {
        insert(lane);
      }
    }
  }

  private void insert(Lane lane) {
    for (Step step = lane.next(); step != null; step = lane.next()) {
      if (step instanceof Step.Insert insert) {
        insert(lane, insert);
      } else if (step instanceof Step.Truncate truncate) {
        truncate(lane, truncate);
      }
      refreshes = 0;
    }
  }

  private void truncate(Lane lane, Step.Truncate truncate) {
    try {
      tables.truncate(lane.table(), truncate.version());
    } catch (RuntimeException e) {
      throw changedOr(lane, e);
    }
    lane.replaceNext(List.of());
  }

  private static RuntimeException changedOr(Lane lane, RuntimeException e) {
    boolean changed = !(e instanceof ConnectException) && Faults.classify(e) == Fault.REFRESH;
    return changed ? new TableChangedException(lane, e) : e;
  }

  private void insert(Lane lane, Step.Insert whole) {
    boolean once = lane.tracksOffsets();
    Step.Insert insert = whole.attempted() && once ? lane.notHeld(whole) : whole;
    if (insert.count() == 0) {
      lane.replaceNext(List.of());
      return;
    }
    try {
      server.insert(
          lane.table().name(),
          insert.columnNames(),
          once ? insert.token(connector) : null,
          insert::writeTo);
      lane.replaceNext(List.of());
    } catch (RuntimeException e) {
      switch (Faults.classify(e)) {
        case RETRY -> {
          lane.replaceNext(List.of(insert.withAttempt()));
          throw e;
        }
        case REFRESH -> throw new TableChangedException(lane, e);
        case ISOLATE -> isolate(lane, insert, e);
        case STOP ->
            throw new ConnectException(
                "Cannot insert into table "
                    + lane.sqlName()
                    + " as user '"
                    + config.username()
                    + "': "
                    + Faults.describe(e)
                    + " (first row: "
                    + coordinates(insert)
                    + ")");
      }
    }
  }

  /** Rows for a table that has changed since are refused as bad rows are: look before judging. */
  private void isolate(Lane lane, Step.Insert insert, RuntimeException cause) {
    if (lane.hasChanged()) {
      throw new TableChangedException(lane, cause);
    }
    if (insert.count() > 1) {
      lane.replaceNext(insert.halves());
      return;
    }
    lane.replaceNext(List.of());
    rejects.reject(
        insert.rows().record(insert.from()),
        coordinates(insert),
        lane.sqlName(),
        Faults.describe(cause));
  }

  private static String coordinates(Step.Insert insert) {
    TopicPartition partition = insert.rows().partition(insert.from());
    return "topic '"
        + partition.topic()
        + "', partition "
        + partition.partition()
        + ", offset "
        + insert.rows().offset(insert.from());
  }

  /** Carries the lane out of the loop; never leaves this class. */
  private static final class TableChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Lane lane;

    TableChangedException(Lane lane, RuntimeException cause) {
      super(cause);
      this.lane = lane;
    }
  }

  private void retryOrThrow(RuntimeException e) {
    if (e instanceof TableChangedException changed) {
      if (++refreshes > MAX_REFRESHES) {
        throw new ConnectException(
            "Cannot insert into table "
                + changed.lane.sqlName()
                + ": "
                + Faults.describe(changed)
                + ", also after looking at the table anew "
                + MAX_REFRESHES
                + " times");
      }
      LOG.warn(
          "Table {} is not what it was ({}); looking at it anew and reading what was held for it from"
              + " Kafka again",
          changed.lane.sqlName(),
          Faults.describe(changed));
      outage.waits();
      readAgain(changed.lane);
      return;
    }
    if (e instanceof ConnectException) {
      throw e;
    }
    if (Faults.classify(e) != Fault.RETRY) {
      throw new ConnectException("ClickHouse refuses a request: " + Faults.describe(e), e);
    }
    outage.failed(Faults.describe(e));
  }

  /** Rows were made for the table as it was: they are dropped and read from Kafka once more. */
  private void readAgain(Lane lane) {
    Map<TopicPartition, Long> ofLane = new HashMap<>();
    lane.lowerTo(ofLane);
    Map<TopicPartition, Long> firsts = firstsWaiting();
    firsts.keySet().retainAll(ofLane.keySet());
    forget(firsts.keySet());
    firsts.forEach((partition, offset) -> taken.put(partition, offset - 1));
    rewound.putAll(firsts);
    lane.forgetTable();
    context.offset(firsts);
  }

  /** Sets when {@code put} is called next, and whether it brings more records. */
  private void throttle() {
    long wait = outage.waitMillis();
    boolean full = !waiting.isEmpty() || heldBytes() >= config.flushBytes();
    if (outage.isOn() && full) {
      // anew each time, as partitions may have been added
      context.pause(context.assignment().toArray(TopicPartition[]::new));
      paused = true;
    } else if (paused) {
      context.resume(context.assignment().toArray(TopicPartition[]::new));
      paused = false;
    }
    if (outage.isOn()) {
      context.timeout(Math.max(1, wait));
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
    forget(partitions);
  }

  /** Partitions are taken away: what is not written of them is dropped, and comes again. */
  public void close(Collection<TopicPartition> partitions) {
    forget(partitions);
  }

  private void forget(Collection<TopicPartition> partitions) {
    Set<TopicPartition> gone = new HashSet<>(partitions);
    waiting.removeIf(record -> gone.contains(partition(record)));
    lanes.values().forEach(lane -> lane.drop(gone));
    taken.keySet().removeAll(gone);
    rewound.keySet().removeAll(gone);
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
