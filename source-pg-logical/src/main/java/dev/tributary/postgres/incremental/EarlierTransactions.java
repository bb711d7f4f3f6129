package dev.tributary.postgres.incremental;

import java.util.List;

/**
 * The transactions that began before this session read its first rows. Of those, an earlier session
 * may have streamed the commit while the server, which waits for a synchronous standby, still hides
 * them from others; {@link RecentCommits} of this session does not know them. Rows without them
 * would be older than a change before them in the topic, so that none are read before they show.
 *
 * <p>Without synchronous standbys a commit shows as soon as it is streamed, or so nearly that no
 * session ends and begins in between. Belongs to the thread that reads.
 */
final class EarlierTransactions {
  private static final long UNKNOWN = -1;

  private long end = UNKNOWN;

  /**
   * Looks at a snapshot, the first of which ends what was earlier.
   *
   * @param next the first transaction that was not there yet
   * @param running those that the snapshot hides
   * @param waiting whether commits wait for standbys
   */
  boolean mayBeHidden(long next, List<Long> running, boolean waiting) {
    if (end == UNKNOWN) {
      end = next;
    }
    return waiting && running.stream().anyMatch(transaction -> transaction < end);
  }
}
