package dev.tributary.postgres;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets.Stored;
import dev.tributary.postgres.position.SnapshotPosition;
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
import dev.tributary.postgres.replication.Timelines;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the server before a session, sees to it that the publication is there, and decides what
 * the session starts with. Belongs to the reader's thread.
 */
final class Preparation {
  private static final Logger log = LoggerFactory.getLogger(Preparation.class);

  private final PgSourceConfig config;
  private final Sessions sessions;
  private final Supplier<Stored> stored;
  private final StopSignal stop;
  private final SourceMetrics metrics;

  /**
   * What the session starts with.
   *
   * @param position where the stream stands
   * @param timeline that the server is on
   */
  record Prepared(StartPlan plan, Stored position, int timeline) {}

  /**
   * @param stored reads what Connect has stored
   */
  Preparation(
      PgSourceConfig config,
      Sessions sessions,
      Supplier<Stored> stored,
      StopSignal stop,
      SourceMetrics metrics) {
    this.metrics = metrics;
    this.config = config;
    this.sessions = sessions;
    this.stored = stored;
    this.stop = stop;
  }

  /**
   * Prepares a session.
   *
   * @param reached how far the sessions of this run have read
   * @param started whether they have read anything; if not, an earlier run may have stored more
   *     since the last look
   */
  Prepared prepare(Stored reached, boolean started) throws SQLException {
    try (Connection connection = connect()) {
      stop.onRequest(() -> connection.abort(Runnable::run));
      failOn(new ServerChecks(config).server(connection));
      Optional<SlotInfo> slot = freeSlot(connection);
      Stored position = started ? reached : current(stored.get());
      StartPlan plan = decide(connection, slot, position, started);
      if (plan instanceof StartPlan.DropSlot drop) {
        log.warn(
            "{}. Dropping it, as snapshot.mode=when_needed asks for a new snapshot", drop.loss());
        Slots.drop(connection, config.slot());
        plan = decide(connection, Optional.empty(), position, started);
      } else if (plan instanceof StartPlan.TakeSnapshot snapshot && snapshot.loss() != null) {
        log.warn("{}. Taking a new snapshot, as snapshot.mode=when_needed asks", snapshot.loss());
      }
      if (!(plan instanceof StartPlan.Finished)) {
        checkTables(connection, plan, position, started);
      }
      return new Prepared(plan, position, Timelines.current(connection));
    }
  }

  /**
   * Of a snapshot that was cut off it is only known how far it has got in the order of names: where
   * other tables are captured now, there may be some before that place which nobody has read. It
   * stays consistent where it was: rows that it has handed on may be deleted since, and the stream
   * tells of that.
   */
  private Stored current(Stored found) {
    if (!(found instanceof Stored.Unfinished left) || left.at() == null) {
      return found;
    }
    String filter = config.snapshotFilter();
    if (left.at().filter() == null) { // an older version wrote it
      return new Stored.Unfinished(left.at().under(filter));
    }
    if (left.at().filter().equals(filter)) {
      return found;
    }
    log.warn("Other tables are captured than in the {}: all are read again", left.at());
    SnapshotPosition at = left.at();
    return new Stored.Unfinished(SnapshotPosition.start(at.consistentAt(), at.visible(), filter));
  }

  private StartPlan decide(
      Connection connection, Optional<SlotInfo> slot, Stored position, boolean started)
      throws SQLException {
    int timeline = position instanceof Stored.At at ? at.timeline() : Timelines.UNKNOWN;
    Lsn logEnd = Timelines.end(connection, sessions, timeline);
    return StartPlan.decide(config.snapshotMode(), started, position, slot, logEnd, config.slot());
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

  /** While another session holds the slot, what Connect has stored may still change. */
  private Optional<SlotInfo> freeSlot(Connection connection) throws SQLException {
    Optional<SlotInfo> slot = Slots.find(connection, config.slot());
    if (slot.isPresent() && slot.get().activePid() != null) {
      throw new SlotInUseException(config.slot(), slot.get().activePid());
    }
    if (slot.isPresent() && slot.get().endangered()) {
      log.warn(
          "Slot '{}' is behind by more than max_slot_wal_keep_size: at its next checkpoint the server"
              + " may remove log that it needs, and the changes in that would be lost",
          config.slot());
    }
    return slot;
  }

  /** What keeps a start from working is only worth a warning once changes are streamed. */
  private void checkTables(Connection connection, StartPlan plan, Stored position, boolean started)
      throws SQLException {
    TableChecks tables = new TableChecks(config, connection);
    metrics.captured(tables.captured().stream().map(Object::toString).toList());
    Optional<Problem> contradiction = tables.contradiction();
    if (started) {
      contradiction.ifPresent(problem -> log.warn("{}", problem.message()));
    } else {
      failOn(contradiction.stream().toList());
    }
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
      new NewTables(config).adopt(connection);
    }
    Optional<Problem> unpublished = Publications.ensure(connection, config, tables.captured());
    if (started) {
      unpublished.ifPresent(problem -> log.warn("{}", problem.message()));
    } else {
      failOn(unpublished.stream().toList());
      tables.withoutIdentity().ifPresent(log::warn);
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
}
