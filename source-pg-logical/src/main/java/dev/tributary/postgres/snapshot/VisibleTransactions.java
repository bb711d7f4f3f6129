package dev.tributary.postgres.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Which transactions a snapshot shows.
 *
 * @param first all before it are shown
 * @param end none from it on is shown
 * @param hidden those in between that are not shown, in order
 * @see <a href="https://www.postgresql.org/docs/current/functions-info.html">pg_snapshot</a>
 */
record VisibleTransactions(long first, long end, List<Long> hidden) {
  VisibleTransactions {
    hidden = List.copyOf(hidden);
  }

  /** IDs below are those of rows that everyone sees. */
  static final int FIRST_NORMAL = 3;

  /**
   * What a server says of its snapshot, in the form that it reads again. The snapshot that a slot's
   * creation exports may have an end before its beginning ({@code 769:768:}), which the server
   * writes but refuses to read; it shows everything before the beginning.
   */
  static String readable(String text) {
    String[] parts = text.split(":", -1);
    long first = Long.parseLong(parts[0]);
    return Long.parseLong(parts[1]) >= first ? text : first + ":" + first + ":";
  }

  /** Reads {@code 742:745:743,744}. */
  static VisibleTransactions parse(String text) {
    String[] parts = text.split(":", -1);
    List<Long> hidden =
        parts[2].isEmpty()
            ? List.of()
            : Arrays.stream(parts[2].split(",")).map(Long::valueOf).sorted().toList();
    return new VisibleTransactions(Long.parseLong(parts[0]), Long.parseLong(parts[1]), hidden);
  }

  boolean shows(long transaction) {
    return transaction < FIRST_NORMAL
        || transaction < first
        || (transaction < end && Collections.binarySearch(hidden, transaction) < 0);
  }

  boolean showsAny(List<Long> transactions) {
    return transactions.stream().anyMatch(this::shows);
  }
}
