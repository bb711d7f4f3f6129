package dev.tributary.postgres.record;

import dev.tributary.postgres.pgoutput.PgOutputMessage;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Begin;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Commit;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Message;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Relation;
import dev.tributary.postgres.pgoutput.PgOutputMessage.RowChange;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Truncate;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.position.Progress;
import dev.tributary.postgres.record.RecordFactory.ChangeOffsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

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
  private final Offsets offsets = new Offsets();

  private Lsn lastCommit;
  private ChangeOrigin origin;
  private Held held;

  /**
   * @param before the position without the change
   * @param after the position with it
   */
  private record Held(
      TableRecords table,
      PgOutputMessage change,
      ChangeOrigin origin,
      Lsn lsn,
      Position before,
      Position after,
      int bytes) {}

  /**
   * A translator for one session.
   *
   * @param start where the session starts
   * @param lastCommit where the last commit before ended; null if there was none
   */
  public ChangeTranslator(
      RecordFactory factory,
      Relations relations,
      Position start,
      Lsn lastCommit,
      RecordSink out,
      InstantSource clock) {
    this.factory = factory;
    this.relations = relations;
    this.progress = new Progress(start);
    this.lastCommit = lastCommit;
    this.out = out;
    this.clock = clock;
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
    } else if (message instanceof Commit commit) {
      progress.commit(commit.endLsn());
      lastCommit = commit.endLsn();
      releaseAt(progress.position());
    } else if (message instanceof Relation relation) {
      release();
      relations.announce(relation);
    } else if (message instanceof Truncate) {
      release();
      progress.change();
    } else if (message instanceof Message logical) {
      release();
      logical(logical, lsn, bytes);
    }
  }

  private void row(RowChange change, Lsn lsn, int bytes) {
    Position before = progress.position();
    if (progress.change()) {
      Optional<TableRecords> table = relations.get(change.relation());
      table.ifPresent(
          records ->
              held = new Held(records, change, origin, lsn, before, progress.position(), bytes));
    }
  }

  private void logical(Message message, Lsn lsn, int bytes) {
    Position before = progress.position();
    if (message.transactional()) {
      if (progress.change()) {
        held = new Held(null, message, origin, lsn, before, progress.position(), bytes);
      }
    } else if (progress.standalone(message.lsn())) {
      long micros = Math.multiplyExact(clock.millis(), 1000L);
      ChangeOrigin none = ChangeOrigin.of(null, micros, lastCommit);
      Map<String, Object> offset = offsets.of(progress.position());
      out.emit(factory.message(message, none, lsn, offset), bytes);
    }
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
    if (change.change() instanceof Message message) {
      out.emit(
          factory.message(message, change.origin(), change.lsn(), offsets.of(after)),
          change.bytes());
      return;
    }
    ChangeOffsets at = new ChangeOffsets(offsets.of(change.before()), offsets.of(after));
    factory.change(
        change.table(),
        (RowChange) change.change(),
        change.origin(),
        change.lsn(),
        at,
        record -> out.emit(record, change.bytes()));
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
