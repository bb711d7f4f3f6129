package dev.tributary.postgres;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.replication.PgErrors;
import dev.tributary.postgres.replication.ProblemException;
import dev.tributary.postgres.replication.Sessions;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the server, in a thread of its own: session after session, each of which starts where
 * the last one has got to. An outage ends a session, not the reader; what cannot get better ends
 * the reader, and the queue hands the failure on.
 *
 * <p>Threads: {@link #run} is the reader's; {@link #stop} is called by Connect's.
 */
final class ChangeReader implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ChangeReader.class);

  private final PgSourceConfig config;
  private final Sessions sessions;
  private final RecordFactory factory;
  private final BatchQueue queue;
  private final Outbox outbox;
  private final SlotConfirmer confirmer;
  private final SourceMetrics metrics;
  private final Retries retries;
  private final StopSignal stop = new StopSignal();
  private final Preparation preparation;
  private final SlotMaker slots;
  private final SnapshotRun snapshots;

  private Stored position = new Stored.Nothing();
  private Lsn lastCommit;
  private boolean started;

  /**
   * @param stored reads what Connect has stored
   * @param confirmer knows up to where the slot may be confirmed
   */
  ChangeReader(
      PgSourceConfig config,
      RecordFactory factory,
      BatchQueue queue,
      Supplier<Stored> stored,
      SlotConfirmer confirmer,
      SourceMetrics metrics) {
    this.metrics = metrics;
    this.config = config;
    this.factory = factory;
    this.queue = queue;
    this.confirmer = confirmer;
    sessions = new Sessions(config.connection());
    outbox = new Outbox(queue, config.maxBatch(), Math.max(1, config.maxQueueBytes() / 4));
    retries = new Retries(config);
    preparation = new Preparation(config, sessions, stored, stop, metrics);
    slots = new SlotMaker(config.slot(), config.slotFailover(), sessions, stop);
    snapshots = new SnapshotRun(config, sessions, slots, factory, outbox, stop, metrics);
  }

  @Override
  public void run() {
    try {
      while (!stop.isRequested() && !attempt()) {
        log.debug("Starting the next session at {}", position);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stopped
    } catch (Throwable e) { // of whatever kind: poll rethrows it
      if (!stop.isRequested()) {
        queue.fail(e);
      }
    }
  }

  /** Ends the session under way. The caller interrupts the thread as well. */
  void stop() {
    stop.request();
  }

  /**
   * One session.
   *
   * @return whether there is nothing left to do
   */
  private boolean attempt() throws InterruptedException {
    try {
      session();
      return true;
    } catch (SQLException quoting) {
      if (stop.isRequested()) {
        return true;
      }
      SQLException e = PgErrors.withoutData(quoting);
      switch (PgErrors.classify(e)) {
        case OUTAGE -> retries.waitForServer(e, position);
        case SLOT_IN_USE -> retries.waitForSlot(e);
        case PERMANENT -> throw explained(e);
      }
      return false;
    }
  }

  private RuntimeException explained(SQLException error) {
    return new ProblemException(PgErrors.refused(error, config), error);
  }

  private void session() throws SQLException, InterruptedException {
    Preparation.Prepared prepared = preparation.prepare(position, started);
    if (!started) {
      position = prepared.position();
      lastCommit = position instanceof Stored.At at ? at.position().committed() : null;
    }
    Optional<Position> from = begin(prepared.plan());
    if (from.isPresent()) {
      stream(from.get(), prepared.timeline());
    }
  }

  /**
   * Does what comes before streaming.
   *
   * @return from where to stream; empty for not at all
   */
  private Optional<Position> begin(StartPlan plan) throws SQLException, InterruptedException {
    if (plan instanceof StartPlan.Stream stream) {
      return Optional.of(stream.from());
    }
    if (plan instanceof StartPlan.TakeSnapshot snapshot) {
      return snapshot(snapshot);
    }
    if (plan instanceof StartPlan.ResumeSnapshot snapshot) {
      return resume(snapshot);
    }
    if (plan instanceof StartPlan.CreateAndStream) {
      return Optional.of(Position.between(slots.create()));
    }
    log.info("The snapshot was taken before, and snapshot.mode=initial_only asks for no more");
    return Optional.empty();
  }

  private Optional<Position> snapshot(StartPlan.TakeSnapshot plan)
      throws SQLException, InterruptedException {
    confirmer.startOver(position);
    try {
      return after(snapshots.take(plan), plan.thenStream());
    } catch (SQLException e) {
      keepSnapshotPosition();
      throw e;
    }
  }

  private Optional<Position> resume(StartPlan.ResumeSnapshot plan)
      throws SQLException, InterruptedException {
    try {
      return after(snapshots.resume(plan), plan.thenStream());
    } catch (SQLException e) {
      keepSnapshotPosition();
      throw e;
    }
  }

  private Optional<Position> after(Lsn consistentAt, boolean thenStream) {
    Position end = Position.between(consistentAt);
    started = true;
    retries.connected();
    position = new Stored.At(end);
    return thenStream ? Optional.of(end) : Optional.empty();
  }

  /** A snapshot that an outage has cut off goes on from here. */
  private void keepSnapshotPosition() {
    if (snapshots.reached() != null) {
      started = true;
      position = new Stored.Unfinished(snapshots.reached());
    }
  }

  private void stream(Position from, int timeline) throws SQLException, InterruptedException {
    StreamSession session =
        new StreamSession(
            config,
            sessions,
            factory,
            outbox,
            confirmer,
            metrics,
            from,
            timeline,
            lastCommit,
            position instanceof Stored.At at ? at.incremental() : null);
    try (session) {
      stop.onRequest(session);
      session.run(
          () -> {
            started = true;
            retries.succeeded();
          });
    } finally {
      if (started) { // otherwise nothing was read
        position = new Stored.At(session.position(), timeline, session.incremental());
        lastCommit = session.lastCommit();
      }
    }
  }
}
