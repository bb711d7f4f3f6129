package dev.tributary.postgres.position;

import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.catalog.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How far a snapshot has got. Tables are read in the order of their names, so that three things say
 * it: the last table begun, what is left of those begun, and which transactions the snapshot shows.
 *
 * @param consistentAt the stream goes on from here
 * @param visible the snapshot's transactions as {@code pg_snapshot} writes them, {@code
 *     742:745:743}: a later session can tell by it which row versions the snapshot shows
 * @param filter tells whether the config still says the same of which tables are read; null where
 *     that is not known
 * @param begun the last table begun; null if none was
 * @param rest what is left of the tables begun, in order; of a partitioned table, of its partitions
 */
public record SnapshotPosition(
    Lsn consistentAt, String visible, String filter, TableName begun, List<Range> rest) {
  private static final Pattern VISIBLE =
      Pattern.compile("(\\d{1,18}):(\\d{1,18}):(\\d{1,18}(,\\d{1,18})*)?");
  private static final String NAME = "\"((?:[^\"]|\"\")*)\"\\.\"((?:[^\"]|\"\")*)\"";
  private static final Pattern TABLE = Pattern.compile(NAME);
  private static final Pattern RANGE =
      Pattern.compile("\\G(?:; )?" + NAME + " (\\(\\d+,\\d+\\))-(\\(\\d+,\\d+\\))?");

  /**
   * A part of a table.
   *
   * @param from the first place
   * @param end the place behind the last one
   */
  public record Range(TableName table, Tid from, Tid end) {
    @Override
    public String toString() {
      return table.quoted() + " " + from + "-" + (end.equals(Tid.END) ? "" : end);
    }
  }

  public SnapshotPosition {
    rest = List.copyOf(rest);
    if (!isSnapshot(visible)) {
      throw new IllegalArgumentException("'" + visible + "' is no snapshot such as 742:745:743");
    }
  }

  private static boolean isSnapshot(String text) {
    Matcher parts = VISIBLE.matcher(text);
    return parts.matches() && Long.parseLong(parts.group(1)) <= Long.parseLong(parts.group(2));
  }

  /** A snapshot of which nothing was read yet. */
  public static SnapshotPosition start(Lsn consistentAt, String visible, String filter) {
    return new SnapshotPosition(consistentAt, visible, filter, null, List.of());
  }

  /** The same, with what the config says of which tables are read. */
  public SnapshotPosition under(String filter) {
    return new SnapshotPosition(consistentAt, visible, filter, begun, rest);
  }

  /** Whether a table was begun: all of it that is not in the rest is read. */
  public boolean hasBegun(TableName table) {
    return begun != null && table.compareTo(begun) <= 0;
  }

  /** The last table begun, for an offset; empty for none. */
  public String begunText() {
    return begun == null ? "" : begun.quoted();
  }

  /** The rest, for an offset: {@code "public"."orders" (2048,17)-(4096,0); "public"."t" (0,9)-}. */
  public String restText() {
    return rest.stream().map(Range::toString).collect(Collectors.joining("; "));
  }

  /**
   * Reads what an offset holds.
   *
   * @throws IllegalArgumentException if a text has another form
   */
  public static SnapshotPosition parse(
      Lsn consistentAt, String visible, String filter, String begun, String rest) {
    TableName table = null;
    if (!begun.isEmpty()) {
      Matcher name = TABLE.matcher(begun);
      if (!name.matches()) {
        throw new IllegalArgumentException("'" + begun + "' is no table such as \"public\".\"t\"");
      }
      table = table(name);
    }
    return new SnapshotPosition(consistentAt, visible, filter, table, ranges(rest));
  }

  private static List<Range> ranges(String text) {
    List<Range> ranges = new ArrayList<>();
    Matcher range = RANGE.matcher(text);
    int end = 0;
    while (range.find()) {
      Tid last = range.group(4) == null ? Tid.END : Tid.parse(range.group(4));
      ranges.add(new Range(table(range), Tid.parse(range.group(3)), last));
      end = range.end();
    }
    if (end != text.length()) {
      throw new IllegalArgumentException(
          "'" + text.substring(end) + "' is no part of a table such as \"public\".\"t\" (0,9)-");
    }
    return ranges;
  }

  private static TableName table(Matcher name) {
    return new TableName(Identifiers.unquote(name.group(1)), Identifiers.unquote(name.group(2)));
  }

  /** For logs. */
  @Override
  public String toString() {
    return "snapshot at "
        + consistentAt
        + (begun == null ? "" : ", up to table " + begun + ", rest " + restText());
  }
}
