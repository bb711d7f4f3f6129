package dev.tributary.postgres.incremental;

import java.util.List;

/**
 * The transactions whose commits were streamed last before a mark, as many as there is room for.
 * Those after the mark are kept apart until the next one. Belongs to one thread.
 */
final class RecentCommits {
  private static final int ROOM = 1 << 16;

  private Ring before = new Ring();
  private Ring since = new Ring();

  /** The last ones added, without the epoch, as the stream has them. */
  private static final class Ring {
    private final int[] transactions = new int[ROOM];
    private long added;

    void add(int transaction) {
      transactions[(int) (added++ % ROOM)] = transaction;
    }

    boolean contains(int transaction) {
      for (int i = 0; i < Math.min(added, ROOM); i++) {
        if (transactions[i] == transaction) {
          return true;
        }
      }
      return false;
    }
  }

  void add(long transaction) {
    since.add((int) transaction);
  }

  /** What was added until now is before the mark, and what is added from now on is not. */
  void mark() {
    if (since.added >= ROOM) {
      before = since;
      since = new Ring();
      return;
    }
    for (int i = 0; i < since.added; i++) {
      before.add(since.transactions[i]);
    }
    since.added = 0;
  }

  /** Whether one of them, with or without the epoch, was added before the mark. */
  boolean hadAny(List<Long> others) {
    return others.stream().anyMatch(other -> before.contains(other.intValue()));
  }
}
