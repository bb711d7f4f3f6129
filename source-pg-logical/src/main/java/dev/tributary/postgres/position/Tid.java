package dev.tributary.postgres.position;

/**
 * Where a row version is in its table, as the server writes it: {@code (4096,17)}. Ordered by
 * place.
 *
 * @param block from 0
 * @param item from 1 for rows; 0 is before the first row of the block
 * @see <a href="https://www.postgresql.org/docs/current/ddl-system-columns.html">System Columns,
 *     ctid</a>
 */
public record Tid(long block, int item) implements Comparable<Tid> {
  /** Before the first row of a table. */
  public static final Tid FIRST = new Tid(0, 0);

  /** Behind the last row of every table. */
  public static final Tid END = new Tid(0xFFFF_FFFFL, 0);

  public Tid {
    if (block < 0 || block > 0xFFFF_FFFFL || item < 0 || item > 0xFFFF) {
      throw new IllegalArgumentException("no place in a table: (" + block + "," + item + ")");
    }
  }

  /** Before the first row of a block. */
  public static Tid ofBlock(long block) {
    return new Tid(block, 0);
  }

  /**
   * Reads the server's notation.
   *
   * @throws IllegalArgumentException if the text is no such place
   */
  public static Tid parse(String text) {
    int comma = text.indexOf(',');
    if (!text.startsWith("(") || !text.endsWith(")") || comma < 0) {
      throw new IllegalArgumentException("'" + text + "' is no place in a table such as (4096,17)");
    }
    try {
      return new Tid(
          Long.parseLong(text.substring(1, comma)),
          Integer.parseInt(text.substring(comma + 1, text.length() - 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no place in a table such as (4096,17)", e);
    }
  }

  /** The next place after this one. */
  public Tid next() {
    return new Tid(block, item + 1);
  }

  @Override
  public int compareTo(Tid other) {
    int byBlock = Long.compare(block, other.block);
    return byBlock != 0 ? byBlock : Integer.compare(item, other.item);
  }

  @Override
  public String toString() {
    return "(" + block + "," + item + ")";
  }
}
