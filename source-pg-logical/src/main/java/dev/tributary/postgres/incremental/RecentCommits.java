package dev.tributary.postgres.incremental;

import java.util.List;

/**
 * The transactions whose commits were streamed last, as many as there is room for. Belongs to one
 * thread.
 */
final class RecentCommits {
  private final long[] transactions = new long[1 << 16];
  private int next;

  void add(long transaction) {
    transactions[next] = transaction;
    next = (next + 1) % transactions.length;
  }

  boolean containsAny(List<Long> others) {
    for (long other : others) {
      for (long transaction : transactions) {
        if (transaction == (other & 0xFFFF_FFFFL)) {
          return true;
        }
      }
    }
    return false;
  }
}
