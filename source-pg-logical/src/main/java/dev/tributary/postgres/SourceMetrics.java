package dev.tributary.postgres;

import dev.tributary.common.metrics.Metrics;
import dev.tributary.common.metrics.RecentTimes;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.incremental.IncrementalProgress;
import dev.tributary.postgres.pgoutput.PgOutputMessage;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Commit;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Delete;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Insert;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Message;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Truncate;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Update;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.replication.Slots;
import dev.tributary.postgres.snapshot.SnapshotProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * What a task shows over JMX, under the names of Debezium's attributes where the idea is the same:
 * {@code tributary.postgres:type=connector-metrics,context=streaming,server=<topic.prefix>,task=0},
 * and the same with {@code context=snapshot}.
 *
 * <p>Thread-safe: the reader's thread and Connect's count, JMX clients read.
 */
final class SourceMetrics implements AutoCloseable {
  private static final long UNKNOWN = -1;

  private final LongAdder creates = new LongAdder();
  private final LongAdder updates = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder truncates = new LongAdder();
  private final LongAdder messages = new LongAdder();
  private final LongAdder transactions = new LongAdder();
  private final LongAdder emitted = new LongAdder();
  private final LongAdder reconnects = new LongAdder();
  private final RecentTimes commitToEmit = new RecentTimes();

  private volatile boolean connected;
  private volatile List<String> captured = List.of();
  private volatile Position position;
  private volatile long lastEventNanos = UNKNOWN;
  private volatile long lastLagMillis = UNKNOWN;
  private volatile long confirmedNanos = UNKNOWN;
  private volatile Lsn confirmed = Lsn.ZERO;
  private volatile Slots.Use slot = Slots.Use.UNKNOWN;
  private final IncrementalProgress incremental = new IncrementalProgress();
  private volatile SnapshotProgress snapshot;

  private Metrics streaming;
  private Metrics snapshots;

  /** Shows them from now on. */
  void register(PgSourceConfig config, BatchQueue queue, InFlight inFlight) {
    streaming = streaming(config, queue, inFlight);
    snapshots = snapshots(config);
  }

  private Metrics streaming(PgSourceConfig config, BatchQueue queue, InFlight inFlight) {
    return bean("streaming", config)
        .flag("Connected", "Whether changes are streamed", () -> connected)
        .texts("CapturedTables", "Tables captured", () -> captured.toArray(String[]::new))
        .count("TotalNumberOfEventsSeen", "Changes read from the log, before filters", this::seen)
        .count("TotalNumberOfCreateEventsSeen", "Inserts read", creates::sum)
        .count("TotalNumberOfUpdateEventsSeen", "Updates read", updates::sum)
        .count("TotalNumberOfDeleteEventsSeen", "Deletes read", deletes::sum)
        .count("TotalNumberOfTruncateEventsSeen", "Truncates read", truncates::sum)
        .count("TotalNumberOfMessageEventsSeen", "Logical messages read", messages::sum)
        .count("NumberOfCommittedTransactions", "Transactions read", transactions::sum)
        .count("TotalNumberOfRecordsEmitted", "Records handed to Connect", emitted::sum)
        .count("NumberOfDisconnects", "Sessions that broke off", reconnects::sum)
        .count(
            "MilliSecondsSinceLastEvent",
            "Since the last change was read; -1 for none yet",
            () -> since(lastEventNanos, TimeUnit.NANOSECONDS::toMillis))
        .count(
            "MilliSecondsBehindSource",
            "From commit to the hand-over to Connect, last transaction; -1 for none yet",
            () -> lastLagMillis)
        .number(
            "CommitToEmitMilliSecondsP50",
            "From commit to the hand-over to Connect, median of the last minute",
            () -> commitToEmit.percentileMillis(50))
        .number(
            "CommitToEmitMilliSecondsP99",
            "The same, 99th percentile",
            () -> commitToEmit.percentileMillis(99))
        .text(
            "SourceEventPosition",
            "How far the log was read",
            () -> position == null ? "" : position.toString())
        .text("ConfirmedPosition", "Up to where the slot was confirmed", () -> confirmed.toString())
        .count(
            "SecondsSinceSlotConfirmed",
            "Since the slot was last confirmed; -1 for not yet",
            () -> since(confirmedNanos, TimeUnit.NANOSECONDS::toSeconds))
        .count("SlotLagInBytes", "Log written since what is confirmed", () -> slot.lag())
        .count(
            "SlotRetainedWalInBytes", "Log that the server keeps for the slot", () -> slot.kept())
        .count("SlotSafeWalInBytes", "Log until the slot may be lost", () -> slot.safe())
        .text("SlotWalStatus", "wal_status of the slot", () -> slot.walStatus())
        .count("QueueTotalCapacity", "Records that the queue takes", queue::capacity)
        .count("QueueRemainingCapacity", "Records that it takes yet", queue::remaining)
        .count("MaxQueueSizeInBytes", "Bytes that the queue takes", queue::maxBytes)
        .count("CurrentQueueSizeInBytes", "Bytes in the queue", queue::bytes)
        .count(
            "NumberOfRecordsInFlight",
            "Records handed to Connect that the broker has not acknowledged",
            inFlight::records)
        .register();
  }

  private Metrics snapshots(PgSourceConfig config) {
    return bean("snapshot", config)
        .flag(
            "SnapshotRunning", "A snapshot is read", () -> snapshot(p -> p.isRunning() ? 1 : 0) > 0)
        .flag(
            "SnapshotCompleted",
            "A snapshot was read by this run",
            () -> snapshot != null && !snapshot.isRunning())
        .count(
            "TotalTableCount", "Tables in the snapshot", () -> snapshot(SnapshotProgress::tables))
        .count(
            "RemainingTableCount",
            "Tables still to be read",
            () -> snapshot(p -> p.tables() - p.tablesDone()))
        .count("RowsScanned", "Rows read", () -> snapshot(SnapshotProgress::rows))
        .number(
            "PercentComplete",
            "By the server's estimate of rows",
            () -> snapshot == null ? Double.NaN : snapshot.percent())
        .number("RowsPerSecond", "Rows read a second", () -> snapshot == null ? 0 : snapshot.rate())
        .count(
            "RemainingTimeInSeconds",
            "At the rate so far; -1 where that is not known",
            () -> snapshot(p -> p.remaining() == null ? UNKNOWN : p.remaining().toSeconds()))
        .count(
            "SnapshotDurationInSeconds",
            "So far, or of the whole",
            () -> snapshot(p -> p.duration().toSeconds()))
        .text(
            "CurrentTable",
            "The table begun last",
            () -> snapshot == null ? "" : snapshot.current())
        .flag("IncrementalRunning", "An incremental snapshot is read", incremental::isRunning)
        .flag("IncrementalPaused", "An incremental snapshot is paused", incremental::isPaused)
        .text("IncrementalTable", "The table read last by it", incremental::table)
        .count(
            "IncrementalTablesLeft",
            "Tables that are left to it, with the one being read",
            incremental::tablesLeft)
        .count("IncrementalRows", "Rows of that table emitted", incremental::rows)
        .number(
            "IncrementalPercent",
            "How much of that table is read, by the server's estimate; NaN where it has none",
            incremental::percent)
        .number("IncrementalRowsPerSecond", "Rows of that table a second", incremental::rate)
        .count(
            "IncrementalRemainingSeconds",
            "How long that table takes yet at that rate; -1 where that is not known",
            () -> {
              Duration left = incremental.remaining();
              return left == null ? UNKNOWN : left.toSeconds();
            })
        .register();
  }

  private long snapshot(ToLongFunction<SnapshotProgress> value) {
    SnapshotProgress progress = snapshot;
    return progress == null ? 0 : value.applyAsLong(progress);
  }

  private static Metrics.Builder bean(String context, PgSourceConfig config) {
    return Metrics.in("tributary.postgres", "connector-metrics")
        .tag("context", context)
        .tag("server", config.topicPrefix())
        .tag("task", "0");
  }

  private long seen() {
    return creates.sum() + updates.sum() + deletes.sum() + truncates.sum() + messages.sum();
  }

  private static long since(long nanos, ToLongFunction<Long> unit) {
    return nanos == UNKNOWN ? UNKNOWN : unit.applyAsLong(System.nanoTime() - nanos);
  }

  void captured(List<String> tables) {
    captured = List.copyOf(tables);
  }

  void connected(boolean now) {
    if (connected && !now) {
      reconnects.increment();
    }
    connected = now;
  }

  /** A message was read. */
  void read(PgOutputMessage message) {
    if (message instanceof Insert) {
      creates.increment();
    } else if (message instanceof Update) {
      updates.increment();
    } else if (message instanceof Delete) {
      deletes.increment();
    } else if (message instanceof Truncate) {
      truncates.increment();
    } else if (message instanceof Message) {
      messages.increment();
    } else if (message instanceof Commit) {
      transactions.increment();
      lastEventNanos = System.nanoTime();
    }
  }

  void reached(Position now) {
    position = now;
  }

  /**
   * Records were handed to Connect.
   *
   * @param committed when the last transaction among them was; null for none
   */
  void emitted(int count, Instant committed) {
    emitted.add(count);
    if (committed != null) {
      Duration lag = Duration.between(committed, Instant.now());
      lastLagMillis = Math.max(0, lag.toMillis());
      commitToEmit.record(lag.toNanos());
    }
  }

  /** The server was told. */
  void confirmed(Lsn lsn) {
    confirmed = lsn;
    confirmedNanos = System.nanoTime();
  }

  void slot(Slots.Use state) {
    slot = state;
  }

  /** Counts what the incremental snapshot reads. */
  IncrementalProgress incremental() {
    return incremental;
  }

  void snapshot(SnapshotProgress progress) {
    snapshot = progress;
  }

  @Override
  public void close() {
    streaming.close();
    snapshots.close();
  }
}
