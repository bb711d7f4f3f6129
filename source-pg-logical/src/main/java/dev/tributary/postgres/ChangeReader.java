package dev.tributary.postgres;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.config.TableFilter;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.replication.PgErrors;
import dev.tributary.postgres.replication.Problem;
import dev.tributary.postgres.replication.ProblemException;
import dev.tributary.postgres.replication.Publications;
import dev.tributary.postgres.replication.ServerChecks;
import dev.tributary.postgres.replication.Sessions;
import dev.tributary.postgres.replication.SlotInUseException;
import dev.tributary.postgres.replication.SlotInfo;
import dev.tributary.postgres.replication.Slots;
import dev.tributary.postgres.replication.TableChecks;
import dev.tributary.postgres.snapshot.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
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
  private final TableFilter captured;
  private final Sessions sessions;
  private final RecordFactory factory;
  private final BatchQueue queue;
  private final Outbox outbox;
  private final Supplier<Stored> stored;
  private final SlotConfirmer confirmer;
  private final Retries retries;

  private Stored position = new Stored.Nothing();
  private Lsn lastCommit;
  private boolean started;

  private final StopSignal stop = new StopSignal();

  /**
   * @param stored reads what Connect has stored
   * @param confirmer knows up to where the slot may be confirmed
   */
  ChangeReader(
      PgSourceConfig config,
      RecordFactory factory,
      BatchQueue queue,
      Supplier<Stored> stored,
      SlotConfirmer confirmer) {
    this.config = config;
    this.factory = factory;
    this.queue = queue;
    this.stored = stored;
    this.confirmer = confirmer;
    captured = config.tables();
    sessions = new Sessions(config.connection());
    outbox = new Outbox(queue, config.maxBatch(), Math.max(1, config.maxQueueBytes() / 4));
    retries = new Retries(config);
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
    } catch (SQLException e) {
      if (stop.isRequested()) {
        return true;
      }
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
    Optional<Position> from = prepare();
    if (from.isPresent()) {
      stream(from.get());
    }
  }

  /**
   * Sees to it that there are a publication and a slot, and takes the snapshot if it is due.
   *
   * @return from where to stream; empty for not at all
   */
  private Optional<Position> prepare() throws SQLException, InterruptedException {
    StartPlan plan;
    try (Connection connection = connect()) {
      stop.onRequest(() -> connection.abort(Runnable::run));
      failOn(new ServerChecks(config).server(connection));
      Optional<SlotInfo> slot = freeSlot(connection);
      readPosition();
      plan = StartPlan.decide(config.snapshotMode(), started, position, slot, config.slot());
      if (plan instanceof StartPlan.Finished) {
        log.info("The snapshot was taken before, and snapshot.mode=initial_only asks for no more");
        return Optional.empty();
      }
      checkTables(connection, plan);
    }
    if (plan instanceof StartPlan.Stream stream) {
      return Optional.of(stream.from());
    }
    if (plan instanceof StartPlan.TakeSnapshot snapshot) {
      return snapshot(snapshot);
    }
    try (Connection replication = sessions.replication()) {
      Slots.Created slot = createSlot(replication, config.slot(), false);
      log.info("Created slot '{}', streaming from {}", config.slot(), slot.consistentAt());
      return Optional.of(Position.between(slot.consistentAt()));
    }
  }

  /** While another session holds the slot, what Connect has stored may still change. */
  private Optional<SlotInfo> freeSlot(Connection connection) throws SQLException {
    Optional<SlotInfo> slot = Slots.find(connection, config.slot());
    if (slot.isPresent() && slot.get().activePid() != null) {
      throw new SlotInUseException(config.slot(), slot.get().activePid());
    }
    return slot;
  }

  /** Until this run has read something, an earlier run may have stored more since the last look. */
  private void readPosition() {
    if (!started) {
      position = stored.get();
      lastCommit = position instanceof Stored.At at ? at.position().committed() : null;
    }
  }

  /** What keeps a start from working is only worth a warning once changes are streamed. */
  private void checkTables(Connection connection, StartPlan plan) throws SQLException {
    TableChecks tables = new TableChecks(config, connection);
    Optional<Problem> missing = tables.missing();
    if (position instanceof Stored.Nothing) {
      failOn(missing.stream().toList());
    } else {
      missing.ifPresent(problem -> log.warn("{}", problem.message()));
    }
    if (plan instanceof StartPlan.TakeSnapshot) {
      failOn(tables.unreadable().stream().toList());
    }
    if (plan instanceof StartPlan.Stream stream) {
      Publications.checkNotGone(connection, config, stream.from());
    }
    Optional<Problem> unpublished =
        Publications.ensure(
            connection, config.publication(), config.publicationMode(), tables.captured());
    if (started) {
      unpublished.ifPresent(problem -> log.warn("{}", problem.message()));
    } else {
      failOn(unpublished.stream().toList());
    }
  }

  private Slots.Created createSlot(Connection replication, String name, boolean temporary)
      throws SQLException {
    // ending the session alone would leave the server waiting, and the slot behind
    stop.onRequest(
        () -> {
          replication.unwrap(PGConnection.class).cancelQuery();
          replication.abort(Runnable::run);
        });
    log.info("Creating slot '{}', which waits for the transactions that are running", name);
    Slots.Created slot = Slots.create(replication, name, temporary);
    if (stop.isRequested() && !temporary) {
      try (Connection connection = sessions.sql()) {
        Slots.drop(connection, name);
      }
      throw new SQLException("stopped while slot '" + name + "' was created");
    }
    return slot;
  }

  private Connection connect() throws SQLException {
    try {
      return sessions.sql();
    } catch (SQLException e) {
      if (PgErrors.classify(e) == PgErrors.Kind.PERMANENT) {
        throw new ProblemException(PgErrors.connecting(e, config.connection()), e);
      }
      throw e;
    }
  }

  private static void failOn(List<Problem> problems) {
    if (problems.size() == 1) {
      throw new ProblemException(problems.get(0));
    }
    if (!problems.isEmpty()) {
      throw new ProblemException(
          new Problem(
              problems.get(0).key(),
              problems.stream().map(Problem::message).collect(Collectors.joining("; "))));
    }
  }

  private Optional<Position> snapshot(StartPlan.TakeSnapshot plan)
      throws SQLException, InterruptedException {
    boolean temporary = plan.slotExists() || !plan.thenStream();
    String name = temporary ? temporarySlot() : config.slot();
    Slots.Created slot;
    Snapshot snapshot;
    confirmer.startOver(position);
    try (Connection replication = sessions.replication()) {
      slot = createSlot(replication, name, temporary);
      log.info(
          "Taking a snapshot at {}, {}",
          slot.consistentAt(),
          temporary
              ? "on a temporary slot"
                  + (plan.slotExists()
                      ? "; slot '"
                          + config.slot()
                          + "' was there already and will be moved on to that point"
                      : "")
              : "with the new slot '" + name + "'");
      snapshot = Snapshot.open(sessions.copy(), slot, factory, this::snapshotRow);
    }
    try (snapshot) {
      stop.onRequest(snapshot);
      snapshot.read(captured);
      outbox.flush(() -> {});
    }
    started = true;
    retries.connected();
    position = new Stored.At(Position.between(slot.consistentAt()));
    return plan.thenStream()
        ? Optional.of(Position.between(slot.consistentAt()))
        : Optional.empty();
  }

  private String temporarySlot() {
    String suffix = "_s" + Long.toHexString(System.nanoTime() & 0xFFFF_FFFFL);
    String name = config.slot();
    return name.substring(0, Math.min(name.length(), 63 - suffix.length())) + suffix;
  }

  private void snapshotRow(org.apache.kafka.connect.source.SourceRecord record, int bytes)
      throws SQLException, InterruptedException {
    outbox.add(record, bytes);
    if (outbox.isDue()) {
      outbox.flush(() -> {});
    }
  }

  private void stream(Position from) throws SQLException, InterruptedException {
    StreamSession session =
        new StreamSession(config, sessions, factory, outbox, confirmer::stored, from, lastCommit);
    try (session) {
      stop.onRequest(session);
      session.run(
          () -> {
            started = true;
            retries.succeeded();
          });
    } finally {
      if (started) { // otherwise nothing was read
        position = new Stored.At(session.position());
        lastCommit = session.lastCommit();
      }
    }
  }
}
