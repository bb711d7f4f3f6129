package dev.tributary.postgres.record;

import dev.tributary.postgres.pgoutput.PgOutputMessage;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Begin;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Commit;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Insert;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Message;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Relation;
import dev.tributary.postgres.pgoutput.PgOutputMessage.RowChange;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Truncate;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Update;
import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.position.Progress;
import dev.tributary.postgres.record.RecordFactory.ChangeOffsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * Turns the messages of one session into records with offsets. Belongs to one thread.
 *
 * <p>The last change is held back until the next message, which tells whether its transaction ends
 * with it: then its offset is the boundary behind the transaction, so that a stored offset lets the
 * server let go of the whole transaction.
 */
public final class ChangeTranslator {
  private final RecordFactory factory;
  private final Relations relations;
  private final Progress progress;
  private final RecordSink out;
  private final InstantSource clock;
  private final Operations operations;
  private final TransactionLog transactions; // null where they are not told of
  private final ControlMessages control;
  private final Lsn start;
  private final Offsets offsets;

  private Lsn lastCommit;
  private ChangeOrigin origin;
  private Held held;

  /**
   * @param isNew whether its records are written, or only counted
   * @param before the position without the change
   * @param after the position with it
   */
  private record Held(
      TableRecords table,
      PgOutputMessage change,
      ChangeOrigin origin,
      Lsn lsn,
      boolean isNew,
      Position before,
      Position after,
      int bytes) {}

  /**
   * A translator for one session.
   *
   * @param start where the session starts
   * @param timeline of the log that is streamed; 0 if it is not known
   * @param lastCommit where the last commit before ended; null if there was none
   * @param control takes the messages that are for the connector itself
   */
  public ChangeTranslator(
      RecordFactory factory,
      Relations relations,
      Position start,
      int timeline,
      Lsn lastCommit,
      RecordSink out,
      InstantSource clock,
      ControlMessages control) {
    this.factory = factory;
    this.operations = factory.operations();
    this.transactions = factory.tellsTransactions() ? new TransactionLog() : null;
    this.relations = relations;
    this.progress = new Progress(start);
    this.offsets = new Offsets(timeline);
    this.lastCommit = lastCommit;
    this.out = out;
    this.clock = clock;
    this.control = control;
    this.start = start.committed();
  }

  /**
   * Takes the next message.
   *
   * @param lsn where the server says it is from
   * @param bytes its length
   */
  public void accept(PgOutputMessage message, Lsn lsn, int bytes) throws SQLException {
    if (message instanceof RowChange change) {
      release();
      row(change, lsn, bytes);
    } else if (message instanceof Begin begin) {
      progress.begin(begin.finalLsn());
      origin = ChangeOrigin.of(begin.xid(), begin.commitTimeMicros(), lastCommit);
      if (transactions != null) {
        begin(lsn);
      }
    } else if (message instanceof Commit commit) {
      commit(commit, lsn);
    } else if (message instanceof Relation relation) {
      release();
      relations.announce(relation);
    } else if (message instanceof Truncate truncate) {
      release();
      truncate(truncate, lsn, bytes);
    } else if (message instanceof Message logical) {
      release();
      logical(logical, lsn, bytes);
    }
  }

  private void begin(Lsn lsn) {
    transactions.begin(origin, lsn);
    if (progress.isNew() && !progress.isResumed()) {
      out.emit(factory.transaction(transactions.beginning(), offset(progress.position())), 0);
    }
  }

  /** Whatever tells of the end of the transaction is the last to come of it. */
  private void commit(Commit commit, Lsn lsn) {
    boolean tell = transactions != null && progress.isNew();
    if (tell) {
      release();
    }
    progress.commit(commit.endLsn());
    lastCommit = commit.endLsn();
    control.committed(origin.xid());
    if (tell) {
      out.emit(factory.transaction(transactions.end(lsn), offset(progress.position())), 0);
    } else {
      releaseAt(progress.position());
    }
  }

  private void row(RowChange change, Lsn lsn, int bytes) throws SQLException {
    TableRecords table = relations.get(change.relation()).orElse(null);
    boolean isRead =
        table != null && isWritten(change) && (progress.isNextNew() || transactions != null);
    if (isRead) {
      // which may fail, so that it comes before the change is counted
      relations.expect(table, change, origin);
    }
    Position before = progress.position();
    boolean isNew = progress.change();
    if (isNew && table != null) {
      control.changed(table, change);
    }
    if (isRead) {
      held = new Held(table, change, origin, lsn, isNew, before, progress.position(), bytes);
    }
  }

  private boolean isWritten(RowChange change) {
    return change instanceof Insert
        ? operations.inserts()
        : change instanceof Update || operations.deletes();
  }

  /** One record for each table, all but the last with the position before. */
  private void truncate(Truncate truncate, Lsn lsn, int bytes) {
    Position before = progress.position();
    boolean isNew = progress.change();
    if (isNew) {
      truncate.relations().forEach(oid -> relations.get(oid).ifPresent(control::truncated));
    }
    if (!operations.truncates() || (!isNew && transactions == null)) {
      return;
    }
    for (int oid : truncate.relations()) {
      Optional<TableRecords> table = relations.get(oid);
      if (table.isPresent()) {
        releaseAt(before);
        held =
            new Held(table.get(), truncate, origin, lsn, isNew, before, progress.position(), bytes);
      }
    }
  }

  private void logical(Message message, Lsn lsn, int bytes) throws SQLException {
    Position before = progress.position();
    if (control.accepts(message)) {
      if (message.transactional() ? progress.change() : progress.standalone(message.lsn())) {
        control.message(message, lastCommit, this::incremental);
      }
      return;
    }
    boolean isWritten = operations.hasMessages(message.prefix());
    if (message.transactional()) {
      boolean isNew = progress.change();
      if (isWritten && (isNew || transactions != null)) {
        held = new Held(null, message, origin, lsn, isNew, before, progress.position(), bytes);
      }
    } else if (progress.standalone(message.lsn())) {
      lastCommit = message.lsn(); // it is a boundary of its own
      if (isWritten) {
        Map<String, Object> offset = offset(progress.position());
        out.emit(factory.message(message, outsideOfTransactions(), lsn, null, offset), bytes);
      }
    }
  }

  private ChangeOrigin outsideOfTransactions() {
    return ChangeOrigin.of(
        null, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()), lastCommit);
  }

  private void incremental(TableRecords table, TupleData row, int bytes, Lsn at) {
    Lsn lsn = at == null ? start : at;
    Map<String, Object> offset = offset(progress.position());
    out.emit(
        factory.snapshot(table, row, outsideOfTransactions(), lsn, "incremental", offset), bytes);
  }

  /** The offset of a position, with what else a later session has to know. */
  public Map<String, Object> offset(Position position) {
    return offsets.of(position, control.state());
  }

  /** Makes the records of the change held back, if there is one. */
  public void release() {
    if (held != null) {
      releaseAt(held.after());
    }
  }

  private void releaseAt(Position after) {
    Held change = held;
    if (change == null) {
      return;
    }
    held = null;
    Consumer<SourceRecord> sink =
        change.isNew() ? record -> out.emit(record, change.bytes()) : record -> {};
    if (change.change() instanceof Message message) {
      sink.accept(
          factory.message(message, change.origin(), change.lsn(), transactions, offset(after)));
    } else if (change.change() instanceof Truncate) {
      sink.accept(
          factory.truncate(
              change.table(), change.origin(), change.lsn(), transactions, offset(after)));
    } else {
      ChangeOffsets at = new ChangeOffsets(() -> offset(change.before()), offset(after));
      factory.change(
          change.table(),
          (RowChange) change.change(),
          change.origin(),
          change.lsn(),
          transactions,
          at,
          sink);
    }
  }

  /** The server has sent everything before an LSN. */
  public void reach(Lsn lsn) {
    progress.reach(lsn);
  }

  /** Where a restart goes on, once what was held back is released. */
  public Position position() {
    return progress.position();
  }

  public boolean inTransaction() {
    return progress.inTransaction();
  }

  /** Where the last commit ended; null if there was none. */
  public Lsn lastCommit() {
    return lastCommit;
  }
}
