package dev.tributary.postgres.position;

/**
 * How far a stream of transactions has been taken. Only the order of commits is total in Postgres:
 * the LSNs of single changes are not ordered across transactions, and several changes can share
 * one. So a position is a boundary between commits, and a count of changes behind it.
 *
 * @param committed every transaction whose commit record starts before this LSN is complete. It is
 *     the end of the last complete commit, or a later place that the server has said it has reached
 * @param transaction the LSN of the commit record of the transaction in progress; {@link Lsn#ZERO}
 *     when there is none. BEGIN carries it, so it is known from the first change on
 * @param index how many changes of that transaction are done, counted before any filter
 */
public record Position(Lsn committed, Lsn transaction, long index) {
  public Position {
    if (index < 0 || (index > 0 && transaction.equals(Lsn.ZERO))) {
      throw new IllegalArgumentException("index " + index + " in transaction " + transaction);
    }
  }

  /** A position between two transactions. */
  public static Position between(Lsn committed) {
    return new Position(committed, Lsn.ZERO, 0);
  }

  public boolean inTransaction() {
    return index > 0;
  }

  /** For logs and errors: {@code 0/16B3748} or {@code 0/16B3748, change 12 of 0/16B37A0}. */
  @Override
  public String toString() {
    return inTransaction()
        ? committed + ", change " + index + " of the transaction of " + transaction
        : committed.toString();
  }
}
