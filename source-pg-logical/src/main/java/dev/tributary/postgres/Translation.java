package dev.tributary.postgres;

import dev.tributary.postgres.pgoutput.PgOutputMessage;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Commit;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.record.ChangeTranslator;
import dev.tributary.postgres.record.ControlMessages;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.record.Relations;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Turns the messages of one session into records in the outbox, and knows where the next session
 * goes on. Does no I/O but to ask the catalogue; belongs to the reader's thread.
 */
final class Translation {
  private final RecordFactory factory;
  private final Outbox outbox;
  private final ChangeTranslator translator;
  private Lsn lastHeartbeat = Lsn.ZERO;
  private boolean startsTransactionOver;

  /**
   * @param from where the session starts
   * @param timeline of the log that is streamed; 0 if it is not known
   * @param lastCommit where the last commit before ended; null if there was none
   * @param control takes the messages that are for the connector itself
   */
  Translation(
      RecordFactory factory,
      Relations relations,
      Outbox outbox,
      Position from,
      int timeline,
      Lsn lastCommit,
      ControlMessages control) {
    this.factory = factory;
    this.outbox = outbox;
    translator =
        new ChangeTranslator(
            factory,
            relations,
            from,
            timeline,
            lastCommit,
            outbox::add,
            InstantSource.system(),
            control);
    if (from.inTransaction()) {
      outbox.resumeTransaction();
    }
  }

  /**
   * Takes the next message.
   *
   * @param lsn where the server says it is from
   * @param bytes its length
   */
  void accept(PgOutputMessage message, Lsn lsn, int bytes) throws SQLException {
    translator.accept(message, lsn, bytes);
    if (message instanceof Commit commit) {
      outbox.committed(Instant.EPOCH.plus(commit.commitTimeMicros(), ChronoUnit.MICROS));
    }
    outbox.transaction(translator.inTransaction() || translator.position().inTransaction());
  }

  /** The server has sent everything before an LSN. */
  void reach(Lsn lsn) {
    translator.reach(lsn);
  }

  /**
   * Emits a record that carries the position on, where none is stored that far, and none is under
   * way.
   *
   * @param stored what counts: the records emitted may all be dropped by a transform
   * @return false inside a transaction, where no position is a boundary
   */
  boolean heartbeat(Lsn stored) {
    if (translator.inTransaction()) {
      return false;
    }
    Position position = translator.position();
    Lsn committed = position.committed();
    if (committed.isAfter(stored) && !committed.equals(lastHeartbeat)) {
      outbox.add(factory.heartbeat(translator.offset(position)), 0);
      lastHeartbeat = committed;
    }
    return true;
  }

  /** The session broke off. What was read and is not read again waits in the outbox then. */
  void breakOff() {
    startsTransactionOver = outbox.breakOff();
    if (!startsTransactionOver) {
      translator.release(); // it is counted in the position, so that it has to be handed on
    }
  }

  /** Where the next session goes on. */
  Position position() {
    Position reached = translator.position();
    return startsTransactionOver ? Position.between(reached.committed()) : reached;
  }

  /** Where the last commit ended; null if there was none. */
  Lsn lastCommit() {
    return translator.lastCommit();
  }
}
