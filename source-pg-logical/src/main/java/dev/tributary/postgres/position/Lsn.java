package dev.tributary.postgres.position;

/**
 * A place in the write-ahead log. Ordered as the server orders it (unsigned), written as the server
 * writes it: {@code 16/B374D848}.
 *
 * @param value bytes from the start of the log
 * @see <a href="https://www.postgresql.org/docs/current/datatype-pg-lsn.html">pg_lsn</a>
 */
public record Lsn(long value) implements Comparable<Lsn> {
  /** The place before every other one. */
  public static final Lsn ZERO = new Lsn(0);

  /**
   * Reads server notation.
   *
   * @throws IllegalArgumentException if the text is no LSN
   */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash > 8 || text.length() - slash < 2 || text.length() - slash > 9) {
      throw notAnLsn(text);
    }
    try {
      long high = Long.parseLong(text.substring(0, slash), 16);
      long low = Long.parseLong(text.substring(slash + 1), 16);
      if (high < 0 || low < 0) {
        throw notAnLsn(text);
      }
      return new Lsn(high << 32 | low);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(notAnLsn(text).getMessage(), e);
    }
  }

  private static IllegalArgumentException notAnLsn(String text) {
    return new IllegalArgumentException("'" + text + "' is no LSN such as 16/B374D848");
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  public boolean isBefore(Lsn other) {
    return compareTo(other) < 0;
  }

  public boolean isAfter(Lsn other) {
    return compareTo(other) > 0;
  }

  /** The place one byte on. */
  public Lsn next() {
    return new Lsn(value + 1);
  }

  /** The later of two places. */
  public static Lsn max(Lsn a, Lsn b) {
    return a.isBefore(b) ? b : a;
  }

  @Override
  public String toString() {
    return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
  }
}
