package dev.tributary.postgres;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.replication.Sessions;
import dev.tributary.postgres.replication.Slots;
import dev.tributary.postgres.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the snapshot that precedes the stream. Belongs to the reader's thread. */
final class SnapshotRun {
  private static final Logger log = LoggerFactory.getLogger(SnapshotRun.class);

  private final PgSourceConfig config;
  private final Sessions sessions;
  private final SlotMaker slots;
  private final RecordFactory factory;
  private final Outbox outbox;
  private final StopSignal stop;

  SnapshotRun(
      PgSourceConfig config,
      Sessions sessions,
      SlotMaker slots,
      RecordFactory factory,
      Outbox outbox,
      StopSignal stop) {
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
    Slots.Created slot;
    Snapshot snapshot;
    try (Connection replication = sessions.replication()) {
      slot = slots.create(replication, name, temporary);
      log.info("Taking a snapshot at {}, {}", slot.consistentAt(), where(plan, temporary));
      snapshot = Snapshot.open(sessions.copy(), slot, factory, this::row);
    }
    try (snapshot) {
      stop.onRequest(snapshot);
      snapshot.read(config.tables());
      outbox.flush(() -> {});
    }
    return slot.consistentAt();
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

  private void row(SourceRecord record, int bytes) throws SQLException, InterruptedException {
    outbox.add(record, bytes);
    if (outbox.isDue()) {
      outbox.flush(() -> {});
    }
  }
}
