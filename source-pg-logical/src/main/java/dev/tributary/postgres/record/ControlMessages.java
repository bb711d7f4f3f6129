package dev.tributary.postgres.record;

import dev.tributary.postgres.pgoutput.PgOutputMessage.Message;
import dev.tributary.postgres.pgoutput.PgOutputMessage.RowChange;
import dev.tributary.postgres.pgoutput.TupleData;
import dev.tributary.postgres.position.Lsn;
import java.sql.SQLException;

/** What listens to the stream for logical messages that are meant for the connector itself. */
public interface ControlMessages {
  /** Takes rows that were read, where they belong in the stream. */
  @FunctionalInterface
  interface SnapshotSink {
    /**
     * Takes the next row.
     *
     * @param bytes what the server sent for the row
     * @param at the last commit that is certain to have been before the row was read; null if none
     *     is known
     */
    void row(TableRecords table, TupleData row, int bytes, Lsn at);
  }

  /** Nobody. */
  ControlMessages NONE =
      new ControlMessages() {
        @Override
        public String state() {
          return null;
        }

        @Override
        public boolean accepts(Message message) {
          return false;
        }

        @Override
        public void message(Message message, Lsn lastCommit, SnapshotSink out) {}

        @Override
        public void committed(long transaction) {}

        @Override
        public void changed(TableRecords table, RowChange change) {}

        @Override
        public void truncated(TableRecords table) {}
      };

  /** What offsets carry so that a later session goes on; null for nothing. */
  String state();

  /** Whether a message is for the connector, so that no record is made of it. */
  boolean accepts(Message message);

  /**
   * A message that was accepted.
   *
   * @param lastCommit where the last commit before it ended; null if none is known
   * @param out for rows that are to follow it
   */
  void message(Message message, Lsn lastCommit, SnapshotSink out) throws SQLException;

  /** A transaction was streamed. */
  void committed(long transaction);

  /** A row was changed. */
  void changed(TableRecords table, RowChange change);

  /** A table was emptied. */
  void truncated(TableRecords table);
}
