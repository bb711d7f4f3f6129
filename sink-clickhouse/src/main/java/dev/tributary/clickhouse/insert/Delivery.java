package dev.tributary.clickhouse.insert;

import dev.tributary.clickhouse.client.ClickHouse;
import dev.tributary.clickhouse.client.Pending;
import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.clickhouse.config.TableName;
import dev.tributary.clickhouse.error.Fault;
import dev.tributary.clickhouse.error.Faults;
import dev.tributary.clickhouse.table.Tables;
import dev.tributary.clickhouse.types.UnwritableValueException;
import dev.tributary.common.error.Outage;
import java.time.Duration;
import java.util.Collection;
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

  /** The same where a full insert waits for that answer. */
  private static final Duration LOOK_SOON = Duration.ofMillis(10);

  /** How long a commit, or the end, waits for what is under way. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SinkConfig config;
  private final FlushLimits limits;
  private final ClickHouse server;
  private final Tables tables;
  private final SinkTaskContext context;
  private final Rejects rejects;
  private final Steps steps;
  private final Outage outage;
  private final LongSupplier nanoTime;
  private final SinkMetrics metrics;

  private final Intake intake = new Intake();
  private final Lanes lanes;
  private boolean paused;
  private int refreshes;
  private long putUntilNanos;
  private boolean unfinished;

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
    this.limits = FlushLimits.of(config);
    this.server = server;
    this.context = context;
    this.nanoTime = nanoTime;
    this.tables = new Tables(server, config);
    this.rejects = new Rejects(context.errantRecordReporter(), errorsTolerated, metrics);
    this.steps = new Steps(config, connector, server, tables, rejects, metrics, nanoTime);
    this.lanes = new Lanes(config, this::newLane);
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
      if (intake.goesBack(record)) {
        forget(Map.of(intake.partition(record), record.originalKafkaOffset()));
      }
      intake.take(record);
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
    metrics.holds(
        lanes.rowCount() + intake.count(),
        lanes.heldBytes(),
        lanes.oldestNanos().orElseGet(nanoTime::getAsLong),
        lanes.busy());
  }

  private boolean isTimeUp() {
    return isTimeUp(nanoTime.getAsLong());
  }

  private boolean isTimeUp(long now) {
    unfinished |= now - putUntilNanos >= 0;
    return unfinished;
  }

  private void addWaiting() {
    for (SinkRecord record = intake.next(); record != null; record = intake.next()) {
      long now = nanoTime.getAsLong();
      if (isTimeUp(now)) {
        return;
      }
      Lane lane = lanes.of(record);
      try {
        lane.add(record, intake.partition(record), now);
      } catch (DataException | UnwritableValueException e) {
        rejects.reject(record, lane.sqlName(), e.getMessage());
      } catch (RuntimeException e) {
        throw Steps.changedOr(lane, e);
      }
      intake.removeNext();
      if (isDue(lane)) {
        insert(lane);
      } else {
        makeRoom();
      }
    }
  }

  /**
   * Whether a lane's rows are enough for an insert and the server takes one now. While others are
   * under way more rows come together instead, so that small inserts grow where they come fast.
   */
  private boolean isDue(Lane lane) {
    int ready = lane.backlog().readyCount();
    return ready >= limits.rows() && (ready >= limits.mostRows() || hasTurn(lane));
  }

  private boolean hasTurn(Lane lane) {
    return lane.isBusy() ? lane.hasAnswer() : lanes.running() < limits.inserts();
  }

  /** One half of the memory is for what is under way, the other for what is being collected. */
  private void makeRoom() {
    if (lanes.heldBytes() < limits.bytes() / 2) {
      return;
    }
    Lane fullest = lanes.fullest();
    if (fullest.backlog().readyBytes() >= limits.bytes() / 2
        || lanes.heldBytes() >= limits.bytes()) {
      insert(fullest);
    }
    while (lanes.heldBytes() >= limits.bytes() && !isTimeUp()) {
      Optional<Lane> first = lanes.firstToEnd();
      if (first.isEmpty() || !settle(first.get())) {
        return;
      }
    }
  }

  private void insertDue() {
    long now = nanoTime.getAsLong();
    for (Lane lane : lanes.all()) {
      if (unfinished) {
        return;
      }
      boolean due =
          outage.isOn()
              || now - lane.backlog().oldestNanos() >= limits.afterNanos()
              || lane.backlog().readyCount() >= limits.rows();
      if (lane.backlog().isReady() && !lane.isBusy() && due) {
        insert(lane);
      }
    }
  }

  /** Takes a lane's steps until the last of them is under way. */
  private void insert(Lane lane) {
    lane.backlog().seal();
    while (!isTimeUp()) {
      if (lane.isBusy() && !settle(lane)) {
        return;
      }
      Step step = lane.backlog().next();
      if (step == null) {
        return;
      }
      if (step instanceof Step.Truncate truncate && !emptiable(lane, truncate)) {
        return;
      }
      while (lanes.busy() >= limits.inserts()) {
        if (!settle(lanes.firstToEnd().orElseThrow())) {
          return;
        }
      }
      steps.begin(lane, step);
      refreshes = lane.isBusy() ? refreshes : 0;
      if (lane.isBusy() && !lane.backlog().hasMoreSteps()) {
        return;
      }
    }
  }

  /** What other lanes hold for the table is written first, lest it came after the emptying. */
  private boolean emptiable(Lane lane, Step.Truncate truncate) {
    for (Lane other : lanes.besides(lane)) {
      if (truncate.acrossPartitions()) {
        other.emptiedBelow(truncate.version());
      }
      while (other != lane && !other.backlog().isEmpty()) {
        insert(other);
        if (other.isBusy() && !settle(other)) {
          return false;
        }
        if (isTimeUp()) {
          return false;
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
    for (Lane lane : lanes.all()) {
      if (lane.isBusy() && !settle(lane)) {
        return false;
      }
    }
    return !unfinished;
  }

  /** Takes note of the inserts that have ended. */
  private void collect() {
    for (Lane lane : lanes.all()) {
      if (lane.isBusy() && ended(lane, Duration.ZERO)) {
        finish(lane);
      }
    }
  }

  /** Whether a lane's insert has ended, well or not. */
  private static boolean ended(Lane lane, Duration patience) {
    try {
      return lane.backlog().inFlight().pending().await(patience);
    } catch (RuntimeException e) {
      return true;
    }
  }

  private void finish(Lane lane) {
    steps.finish(lane);
    refreshes = 0;
  }

  /**
   * Waits a while for what is under way, and takes note of what went well, and of views that failed
   * at what the table has; the rest can wait.
   */
  private void settleQuietly(Duration patience) {
    long until = System.nanoTime() + patience.toNanos();
    for (Lane lane : lanes.all()) {
      if (lane.isBusy()
          && ended(lane, Duration.ofNanos(Math.max(0, until - System.nanoTime())))
          && endedForTheTable(lane.backlog().inFlight().pending())) {
        try {
          finish(lane);
        } catch (ConnectException e) {
          throw e;
        } catch (RuntimeException e) {
          outage.failed(Faults.describe(e), e);
        }
      }
    }
  }

  private static boolean endedForTheTable(Pending pending) {
    try {
      pending.await();
      return true;
    } catch (RuntimeException e) {
      return Faults.isOfView(e);
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
    lane.backlog().lowerTo(ofLane);
    Map<TopicPartition, Long> firsts = firstsWaiting();
    firsts.keySet().retainAll(ofLane.keySet());
    forgetAll(firsts.keySet());
    intake.rewind(firsts);
    lane.forgetTable();
    context.offset(firsts);
  }

  /** Sets when {@code put} is called next, and whether it brings more records. */
  private void throttle() {
    long wait = outage.waitMillis();
    boolean full = intake.count() > 0 || lanes.heldBytes() >= limits.bytes();
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
      Duration look = lanes.mostReady() >= limits.rows() ? LOOK_SOON : LOOK_AGAIN;
      if (lanes.busy() > 0 && due.filter(d -> d.compareTo(look) < 0).isEmpty()) {
        due = Optional.of(look);
      }
      due.ifPresent(soon -> context.timeout(Math.max(1, soon.toMillis())));
    }
  }

  private Optional<Duration> nextDue() {
    return lanes
        .oldestReadyNanos()
        .map(oldest -> Duration.ofNanos(limits.afterNanos() - (nanoTime.getAsLong() - oldest)));
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
    Map<TopicPartition, Long> firsts = intake.firsts();
    lanes.lowerTo(firsts);
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
    lanes.all().forEach(steps::stop);
  }

  private void forgetAll(Collection<TopicPartition> partitions) {
    forget(partitions.stream().collect(Collectors.toMap(Function.identity(), p -> 0L)));
  }

  /** Forgets what is not written of partitions, from an offset on. */
  private void forget(Map<TopicPartition, Long> from) {
    intake.forget(from);
    lanes.forget(from);
  }

  private Lane newLane(TableName table) {
    return new Lane(table, config, tables, rejects.wantRecords(), metrics, this::hasManyPartitions);
  }

  private boolean hasManyPartitions(String topic) {
    return context.assignment().stream().filter(each -> each.topic().equals(topic)).count() > 1;
  }
}
