package dev.tributary.postgres;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.SnapshotPosition;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.replication.CapturedTables;
import dev.tributary.postgres.replication.Sessions;
import dev.tributary.postgres.replication.Slots;
import dev.tributary.postgres.snapshot.Snapshot;
import dev.tributary.postgres.snapshot.SnapshotProgress;
import dev.tributary.postgres.snapshot.SnapshotSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the snapshot that precedes the stream. Belongs to the reader's thread. */
final class SnapshotRun {
  private static final Logger log = LoggerFactory.getLogger(SnapshotRun.class);

  private static final int BATCH = 1000;

  private final PgSourceConfig config;
  private final Sessions sessions;
  private final SlotMaker slots;
  private final RecordFactory factory;
  private final Outbox outbox;
  private final StopSignal stop;
  private final SourceMetrics metrics;
  private SnapshotPosition reached;

  SnapshotRun(
      PgSourceConfig config,
      Sessions sessions,
      SlotMaker slots,
      RecordFactory factory,
      Outbox outbox,
      StopSignal stop,
      SourceMetrics metrics) {
    this.metrics = metrics;
    this.config = config;
    this.sessions = sessions;
    this.slots = slots;
    this.factory = factory;
    this.outbox = outbox;
    this.stop = stop;
  }

  /**
   * Reads the captured tables.
   *
   * @return where the snapshot is consistent: the stream goes on from there
   */
  Lsn take(StartPlan.TakeSnapshot plan) throws SQLException, InterruptedException {
    boolean temporary = plan.slotExists() || !plan.thenStream();
    String name = temporary ? slots.temporaryName() : config.slot();
    SnapshotProgress progress = begin();
    Snapshot snapshot;
    try (Connection replication = sessions.replication()) {
      Slots.Created slot = slots.create(replication, name, temporary);
      log.info("Taking a snapshot at {}, {}", slot.consistentAt(), where(plan, temporary));
      snapshot =
          Snapshot.begin(
              sessions, slot, factory, settings(plan.thenStream()), progress, this::emit);
    }
    return read(snapshot);
  }

  /** Goes on with a snapshot that was cut off. */
  Lsn resume(StartPlan.ResumeSnapshot plan) throws SQLException, InterruptedException {
    log.info("Going on with the {}", plan.from());
    return read(
        Snapshot.resume(
            sessions, plan.from(), factory, settings(plan.thenStream()), begin(), this::emit));
  }

  private SnapshotProgress begin() {
    SnapshotProgress progress = new SnapshotProgress();
    metrics.snapshot(progress);
    return progress;
  }

  private SnapshotSettings settings(boolean streams) {
    return new SnapshotSettings(
        CapturedTables.of(config),
        config.snapshotTables(),
        config.snapshotFilter(),
        config.snapshotOverrides(),
        config.snapshotThreads(),
        streams,
        Math.min(config.maxBatch(), BATCH));
  }

  private Lsn read(Snapshot snapshot) throws SQLException, InterruptedException {
    try (snapshot) {
      stop.onRequest(snapshot);
      reached = snapshot.start();
      snapshot.read();
      return snapshot.start().consistentAt();
    }
  }

  /** How far the snapshot has got; null if none was begun. */
  SnapshotPosition reached() {
    return reached;
  }

  private String where(StartPlan.TakeSnapshot plan, boolean temporary) {
    if (!temporary) {
      return "with the new slot '" + config.slot() + "'";
    }
    return plan.slotExists()
        ? "on a temporary slot; slot '"
            + config.slot()
            + "' was there already and will be moved on to that point"
        : "on a temporary slot";
  }

  private void emit(List<SourceRecord> records, long bytes, SnapshotPosition next)
      throws SQLException, InterruptedException {
    int each = Math.toIntExact(bytes / records.size());
    for (SourceRecord record : records) {
      outbox.add(record, each);
    }
    outbox.flush(() -> {});
    reached = next;
  }
}
