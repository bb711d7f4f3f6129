package dev.tributary.postgres.pgoutput;

import dev.tributary.postgres.position.Lsn;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A message of the {@code pgoutput} plugin, protocol version 1.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">
 *     Logical Replication Message Formats</a>
 */
public sealed interface PgOutputMessage {
  /** A row was inserted, updated or deleted in a relation. */
  sealed interface RowChange extends PgOutputMessage {
    /** The OID of the relation, announced by a {@link Relation} before. */
    int relation();
  }

  /**
   * A transaction starts.
   *
   * @param finalLsn where the transaction's commit record is
   * @param commitTimeMicros since 1970-01-01 UTC
   */
  record Begin(Lsn finalLsn, long commitTimeMicros, long xid) implements PgOutputMessage {}

  /**
   * A transaction is complete.
   *
   * @param commitLsn where the commit record starts
   * @param endLsn where it ends
   * @param commitTimeMicros since 1970-01-01 UTC
   */
  record Commit(Lsn commitLsn, Lsn endLsn, long commitTimeMicros) implements PgOutputMessage {}

  /** The transaction was replicated to this server from another one. */
  record Origin(Lsn originLsn, String name) implements PgOutputMessage {}

  /** A relation, as it was when the changes after this message were made. */
  record Relation(
      int oid, String schema, String table, ReplicaIdentity identity, List<Column> columns)
      implements PgOutputMessage {
    public Relation {
      columns = List.copyOf(columns);
    }
  }

  /** One column of a {@link Relation}. */
  record Column(String name, int typeOid, int typeModifier, boolean inIdentity) {}

  /** The name of a type that is not built in. */
  record Type(int oid, String schema, String name) implements PgOutputMessage {}

  record Insert(int relation, TupleData row) implements RowChange {}

  /**
   * A row was changed.
   *
   * @param old null if the server logged nothing of the row before
   * @param oldIsKey the old row has only the columns of the replica identity, the others are NULL
   */
  record Update(int relation, TupleData old, boolean oldIsKey, TupleData row)
      implements RowChange {}

  /**
   * A row was deleted.
   *
   * @param oldIsKey the old row has only the columns of the replica identity, the others are NULL
   */
  record Delete(int relation, TupleData old, boolean oldIsKey) implements RowChange {}

  record Truncate(List<Integer> relations, boolean cascade, boolean restartIdentity)
      implements PgOutputMessage {
    public Truncate {
      relations = List.copyOf(relations);
    }
  }

  /** What {@code pg_logical_emit_message} wrote. */
  record Message(boolean transactional, Lsn lsn, String prefix, ByteBuffer content)
      implements PgOutputMessage {}

  /** What a table logs of the old row on update and delete. */
  enum ReplicaIdentity {
    DEFAULT,
    NOTHING,
    FULL,
    INDEX
  }
}
