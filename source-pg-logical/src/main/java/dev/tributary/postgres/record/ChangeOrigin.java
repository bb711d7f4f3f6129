package dev.tributary.postgres.record;

import dev.tributary.postgres.position.Lsn;

/**
 * What the changes of a transaction have in common.
 *
 * @param xid the ID of the transaction; null outside of one
 * @param timeMicros when it was committed, since 1970-01-01 UTC
 * @param lastCommit where the commit before it ended, as a quoted decimal number; {@code null} as
 *     text if there was none
 */
public record ChangeOrigin(Long xid, long timeMicros, String lastCommit) {
  /**
   * The origin of the changes of a transaction.
   *
   * @param lastCommit null if there was none
   */
  public static ChangeOrigin of(Long xid, long timeMicros, Lsn lastCommit) {
    return new ChangeOrigin(
        xid,
        timeMicros,
        lastCommit == null ? "null" : '"' + Long.toUnsignedString(lastCommit.value()) + '"');
  }

  /** The {@code source.sequence} of a change. */
  String sequence(Lsn lsn) {
    return "[" + lastCommit + ",\"" + lsn.value() + "\"]";
  }
}
