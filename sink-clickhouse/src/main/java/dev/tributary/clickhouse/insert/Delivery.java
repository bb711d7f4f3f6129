package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.clickhouse.types.UnwritableValueException;
import dev.tributary.common.error.Outage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
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
 * Brings records to their tables. Everything runs on the task's thread but the requests' own bytes.
 *
 * <p>A record is first taken over ({@link #put}), then added to its table's lane, then inserted
 * with many others, while the next ones are being collected. What is taken over is never asked of
 * Connect again: while the server is away, partitions are paused and the records wait here, so that
 * nothing is delivered twice or out of order. An offset is given out for commit once all before it
 * is written.
 */
public final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  /** A table that still looks wrong after this many fresh looks will not come right. */
  private static final int MAX_REFRESHES = 6;

  /**
   * How long one put may begin steps: far below max.poll.interval.ms (5 minutes by default), after
   * which Kafka takes the partitions away. What is left goes on in the next one.
   */
  private static final long PUT_NANOS = Duration.ofSeconds(30).toNanos();

  /** When an insert that is under way is asked for its answer, if no record comes before. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  /** How long a commit, or the end, waits for what is under way. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SinkConfig config;
  private final ClickHouse server;
  private final Tables tables;
  private final SinkTaskContext context;
  private final Rejects rejects;
  private final Steps steps;
  private final Outage outage;
  private final LongSupplier nanoTime;
  private final SinkMetrics metrics;

  private final Deque<SinkRecord> waiting = new ArrayDeque<>();
  private final Map<LaneName, Lane> lanes = new HashMap<>();
  private final Map<TopicPartition, Lane> laneOfPartition = new HashMap<>();
  private final Map<TopicPartition, Long> taken = new HashMap<>();
  private final Map<TopicPartition, Long> rewound = new HashMap<>();
  private boolean paused;
  private int refreshes;
  private long putUntilNanos;
  private boolean unfinished;

  /** The lanes of a table are numbered. */
  private record LaneName(TableName table, int number) {}

  public Delivery(
      SinkConfig config,
      String connector,
      boolean errorsTolerated,
      ClickHouse server,
      SinkTaskContext context,
      SinkMetrics metrics) {
    this(config, connector, errorsTolerated, server, context, metrics, System::nanoTime);
  }

  /** With a clock of its own. */
  public Delivery(
      SinkConfig config,
      String connector,
      boolean errorsTolerated,
      ClickHouse server,
      SinkTaskContext context,
      SinkMetrics metrics,
      LongSupplier nanoTime) {
    this.metrics = metrics;
    this.config = config;
    this.server = server;
    this.context = context;
    this.nanoTime = nanoTime;
    this.tables = new Tables(server, config);
    this.rejects = new Rejects(context.errantRecordReporter(), errorsTolerated, metrics);
    this.steps = new Steps(config, connector, server, tables, rejects, metrics, nanoTime);
    this.outage =
        new Outage(
            "ClickHouse at " + config.address(),
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
        collect();
        addWaiting();
        insertDue();
        if (!outage.isOn() || settleAll()) {
          outage.over();
        }
      } catch (RuntimeException e) {
        retryOrThrow(e);
      }
    }
    throttle();
    tellMetrics();
  }

  private void tellMetrics() {
    long rows = 0;
    long oldest = Long.MAX_VALUE;
    long now = nanoTime.getAsLong();
    for (Lane lane : lanes.values()) {
      rows += lane.rowCount();
      if (!lane.isEmpty()) {
        oldest =
            Math.min(oldest, lane.isBusy() ? lane.inFlight().startedNanos() : lane.oldestNanos());
      }
    }
    metrics.holds(
        rows + waiting.size(), heldBytes(), oldest == Long.MAX_VALUE ? now : oldest, busy());
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
      Lane lane = lane(record);
      try {
        lane.add(record, partition(record), nanoTime.getAsLong());
      } catch (DataException | UnwritableValueException e) {
        rejects.reject(record, lane.sqlName(), e.getMessage());
      } catch (RuntimeException e) {
        throw Steps.changedOr(lane, e);
      }
      waiting.remove();
      if (lane.readyCount() >= config.flushRows()) {
        insert(lane);
      } else {
        makeRoom();
      }
    }
  }

  /** One half of the memory is for what is under way, the other for what is being collected. */
  private void makeRoom() {
    if (heldBytes() < config.flushBytes() / 2) {
      return;
    }
    Lane fullest = fullest();
    if (fullest.readyBytes() >= config.flushBytes() / 2 || heldBytes() >= config.flushBytes()) {
      insert(fullest);
    }
    while (heldBytes() >= config.flushBytes() && !isTimeUp()) {
      Optional<Lane> oldest = oldestBusy();
      if (oldest.isEmpty() || !settle(oldest.get())) {
        return;
      }
    }
  }

  private void insertDue() {
    long now = nanoTime.getAsLong();
    for (Lane lane : List.copyOf(lanes.values())) {
      if (unfinished) {
        return;
      }
      boolean old = now - lane.oldestNanos() >= config.flushAfter().toNanos();
      if (lane.isReady() && !lane.isBusy() && (old || outage.isOn())) {
        insert(lane);
      }
    }
  }

  /** Takes a lane's steps until the last of them is under way. */
  private void insert(Lane lane) {
    lane.seal();
    while (!isTimeUp()) {
      if (lane.isBusy() && !settle(lane)) {
        return;
      }
      Step step = lane.next();
      if (step == null) {
        return;
      }
      if (step instanceof Step.Truncate truncate && !emptiable(lane, truncate)) {
        return;
      }
      while (busy() >= config.insertThreads()) {
        if (!settle(oldestBusy().orElseThrow())) {
          return;
        }
      }
      steps.begin(lane, step);
      refreshes = lane.isBusy() ? refreshes : 0;
      if (lane.isBusy() && !lane.hasMoreSteps()) {
        return;
      }
    }
  }

  /** What other lanes hold for the table is written first, lest it came after the emptying. */
  private boolean emptiable(Lane lane, Step.Truncate truncate) {
    for (Map.Entry<LaneName, Lane> other : lanes.entrySet()) {
      if (other.getKey().table().equals(lane.name())) {
        if (truncate.acrossPartitions()) {
          other.getValue().emptiedBelow(truncate.version());
        }
        while (other.getValue() != lane && !other.getValue().isEmpty()) {
          insert(other.getValue());
          if (other.getValue().isBusy() && !settle(other.getValue())) {
            return false;
          }
          if (isTimeUp()) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Waits for a lane's insert; false where the time is up before. */
  private boolean settle(Lane lane) {
    Duration left = Duration.ofNanos(Math.max(1, putUntilNanos - nanoTime.getAsLong()));
    if (!ended(lane, left)) {
      unfinished = true;
      return false;
    }
    finish(lane);
    return true;
  }

  private boolean settleAll() {
    for (Lane lane : lanes.values()) {
      if (lane.isBusy() && !settle(lane)) {
        return false;
      }
    }
    return !unfinished;
  }

  /** Takes note of the inserts that have ended. */
  private void collect() {
    for (Lane lane : List.copyOf(lanes.values())) {
      if (lane.isBusy() && ended(lane, Duration.ZERO)) {
        finish(lane);
      }
    }
  }

  /** Whether a lane's insert has ended, well or not. */
  private static boolean ended(Lane lane, Duration patience) {
    try {
      return lane.inFlight().pending().await(patience);
    } catch (RuntimeException e) {
      return true;
    }
  }

  private void finish(Lane lane) {
    steps.finish(lane);
    refreshes = 0;
  }

  private int busy() {
    int busy = 0;
    for (Lane lane : lanes.values()) {
      busy += lane.isBusy() ? 1 : 0;
    }
    return busy;
  }

  private Optional<Lane> oldestBusy() {
    return lanes.values().stream()
        .filter(Lane::isBusy)
        .min(Comparator.comparingLong(lane -> lane.inFlight().startedNanos()));
  }

  /** Waits a while for what is under way, and takes note of what went well; the rest can wait. */
  private void settleQuietly(Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    for (Lane lane : lanes.values()) {
      if (lane.isBusy()
          && ended(lane, Duration.ofNanos(Math.max(0, until - System.nanoTime())))
          && lane.inFlight().pending().isDoneWell()) {
        finish(lane);
      }
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
    if (e instanceof ViewFailedException) {
      outage.failed(e.getMessage(), e);
      return;
    }
    if (Faults.classify(e) != Fault.RETRY) {
      throw new ConnectException("ClickHouse refuses a request: " + Faults.describe(e), e);
    }
    outage.failed(Faults.describe(e), e);
    server.turnToNext();
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
      Optional<Duration> due = nextDue();
      if (busy() > 0 && due.filter(d -> d.compareTo(LOOK_AGAIN) < 0).isEmpty()) {
        due = Optional.of(LOOK_AGAIN);
      }
      due.ifPresent(soon -> context.timeout(Math.max(1, soon.toMillis())));
    }
  }

  private Optional<Duration> nextDue() {
    return lanes.values().stream()
        .filter(lane -> lane.isReady() && !lane.isBusy())
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
    settleQuietly(PATIENCE);
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
    settleQuietly(PATIENCE);
    forgetAll(partitions);
  }

  /** The task ends: what is under way may yet be told apart from what is not written. */
  public void stop() {
    settleQuietly(PATIENCE);
  }

  private void forgetAll(Collection<TopicPartition> partitions) {
    forget(partitions.stream().collect(Collectors.toMap(Function.identity(), p -> 0L)));
  }

  /** Forgets what is not written of partitions, from an offset on. */
  private void forget(Map<TopicPartition, Long> from) {
    waiting.removeIf(
        record ->
            record.originalKafkaOffset() >= from.getOrDefault(partition(record), Long.MAX_VALUE));
    for (Lane lane : lanes.values()) {
      boolean concerned =
          lane.isBusy()
              && lane.inFlight().insert().ranges().keySet().stream().anyMatch(from::containsKey);
      if (concerned) {
        lane.abandon();
      }
      lane.drop(from);
    }
    laneOfPartition.keySet().removeAll(from.keySet());
    taken.keySet().removeAll(from.keySet());
    rewound.keySet().removeAll(from.keySet());
  }

  private Lane lane(SinkRecord record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.originalKafkaPartition());
    return laneOfPartition.computeIfAbsent(partition, this::lane);
  }

  private Lane lane(TopicPartition partition) {
    int number = Math.floorMod(partition.partition(), config.lanesPerTable());
    LaneName name = new LaneName(config.tableNames().of(partition.topic()), number);
    return lanes.computeIfAbsent(
        name,
        n ->
            new Lane(
                n.table(),
                config,
                tables,
                rejects.wantRecords(),
                metrics,
                this::hasManyPartitions));
  }

  private boolean hasManyPartitions(String topic) {
    return context.assignment().stream().filter(each -> each.topic().equals(topic)).count() > 1;
  }

  private long heldBytes() {
    long bytes = 0;
    for (Lane lane : lanes.values()) {
      bytes += lane.bytes();
    }
    return bytes;
  }

  private Lane fullest() {
    return lanes.values().stream().max(Comparator.comparingLong(Lane::readyBytes)).orElseThrow();
  }

  private static TopicPartition partition(SinkRecord record) {
    return new TopicPartition(record.originalTopic(), record.originalKafkaPartition());
  }
}
