package dev.tributary.postgres.position;

/**
 * Follows a stream of transactions and says which of its changes are new. One pass, no search,
 * constant memory: whole transactions at or before the start are dropped, and the changes already
 * done of the one in progress are skipped.
 *
 * <p>No I/O; used by one thread.
 */
public final class Progress {
  private Lsn committed;
  private Lsn resumed;
  private long skip;

  private Lsn current = Lsn.ZERO;
  private boolean open;
  private boolean dropped;
  private long index;

  /** Follows a stream that the server sends from {@code start}'s boundary on. */
  public Progress(Position start) {
    committed = start.committed();
    resumed = start.transaction();
    skip = start.index();
  }

  /** A transaction starts, whose commit record is at {@code finalLsn}. */
  public void begin(Lsn finalLsn) {
    open = true;
    current = finalLsn;
    dropped = finalLsn.isBefore(committed);
    index = 0;
    if (!finalLsn.equals(resumed)) {
      skip = 0;
    }
  }

  /**
   * One change of the open transaction, whatever becomes of it.
   *
   * @return whether it is new
   */
  public boolean change() {
    boolean isNew = isNextNew();
    if (!dropped) {
      index++;
    }
    return isNew;
  }

  /** Whether the next change of the open transaction is new. */
  public boolean isNextNew() {
    return !dropped && index >= skip;
  }

  /**
   * A logical message outside any transaction. The server sends it where it stands among the
   * commits, so that it is a boundary of its own.
   *
   * @return whether it is new
   */
  public boolean standalone(Lsn lsn) {
    if (lsn.isBefore(committed)) {
      return false;
    }
    if (!open) {
      reach(lsn.next());
    }
    return true;
  }

  /** The open transaction is complete; its commit record ends at {@code endLsn}. */
  public void commit(Lsn endLsn) {
    open = false;
    reach(endLsn);
  }

  /**
   * The server has said that it has sent everything before {@code lsn}. Says nothing while a
   * transaction is open.
   */
  public void reach(Lsn lsn) {
    if (!open && lsn.isAfter(committed)) {
      committed = lsn;
      if (resumed.isBefore(lsn)) {
        resumed = Lsn.ZERO;
        skip = 0;
      }
    }
  }

  /** Whether the open transaction is one that is not dropped as a whole. */
  public boolean isNew() {
    return open && !dropped;
  }

  /** Whether changes of the open transaction were written before the start. */
  public boolean isResumed() {
    return open && skip > 0;
  }

  /** Whether a transaction is open. */
  public boolean inTransaction() {
    return open;
  }

  /** Where a restart goes on. */
  public Position position() {
    if (open && !dropped && Math.max(index, skip) > 0) {
      return new Position(committed, current, Math.max(index, skip));
    }
    return skip > 0 ? new Position(committed, resumed, skip) : Position.between(committed);
  }
}
