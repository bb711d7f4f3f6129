package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.CatalogReader;
import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.catalog.TableInfo;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.position.SnapshotPosition;
import dev.tributary.postgres.position.SnapshotPosition.Range;
import dev.tributary.postgres.position.Tid;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.record.TableRecords;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what of a table is read, and how it is divided. Belongs to the thread that uses its
 * connection.
 *
 * <p>A snapshot that goes on sees the tables as they are now, later than the point it is consistent
 * at. So a row version is read only if the first run's snapshot showed it; whatever was written
 * since is in the stream, which starts at that point. Where that cannot be told, all rows are read,
 * and the stream repeats those that were written since: nothing is lost, some rows come twice. That
 * is so
 *
 * <ul>
 *   <li>for a table whose definition was changed since: rewriting a table makes its rows new
 *       versions, in new places, and is not in the stream;
 *   <li>for a table that was published since: what was changed before is not in the stream;
 *   <li>for a table with TOASTed values and without REPLICA IDENTITY FULL: the stream does not
 *       carry values that an update left alone;
 *   <li>on a server that has used up four billion transaction IDs once: those of rows have 32 bits.
 * </ul>
 */
final class TablePlanner {
  private static final Logger log = LoggerFactory.getLogger(TablePlanner.class);

  private static final long TRANSACTION_IDS = 1L << 32;
  private static final int TID_RANGE_SCANS = 14;
  private static final long LEAST_BLOCKS = 1024;
  private static final int CHUNKS_PER_THREAD = 32;

  private static final String DESCRIBE =
      """
      select pg_catalog.pg_relation_size(c.oid) / pg_catalog.current_setting('block_size')::bigint,
             c.relkind = 'r', c.reltuples::bigint, c.xmin::text::bigint,
             (select a.xmin::text::bigint from pg_catalog.pg_attribute a
              where a.attrelid = c.oid and a.attname = 'tableoid'),
             c.relreplident <> 'f' and c.reltoastrelid <> 0
               and pg_catalog.pg_relation_size(c.reltoastrelid) > 0,
             coalesce(
               (select m.xmin::text::bigint
                from pg_catalog.pg_publication_rel m join pg_catalog.pg_publication p on p.oid = m.prpubid
                where p.pubname = ? and m.prrelid = c.oid),
               (select p.xmin::text::bigint
                from pg_catalog.pg_publication p where p.pubname = ? and p.puballtables),
               9223372036854775807)
      from pg_catalog.pg_class c where c.oid = ?
      """;

  private final Connection connection;
  private final CatalogReader catalog;
  private final RecordFactory factory;
  private final SnapshotSettings settings;
  private final SnapshotPosition start;
  private final boolean resumed;
  private final VisibleTransactions visible;
  private final boolean chunked;

  /** What of a table is left to read. */
  private record Left(List<Range> ranges, String condition) {}

  private record Description(
      long blocks,
      boolean plain,
      long rows,
      long changedBy,
      long createdBy,
      boolean toasted,
      long publishedBy) {}

  TablePlanner(
      Connection connection,
      RecordFactory factory,
      SnapshotSettings settings,
      SnapshotPosition start,
      boolean resumed)
      throws SQLException {
    this.connection = connection;
    this.factory = factory;
    this.settings = settings;
    this.start = start;
    this.resumed = resumed;
    catalog = new CatalogReader(connection);
    visible = VisibleTransactions.parse(start.visible());
    chunked =
        settings.threads() > 1
            && connection.getMetaData().getDatabaseMajorVersion() >= TID_RANGE_SCANS;
  }

  /**
   * Plans a table.
   *
   * @return empty if nothing of it is to be read
   */
  Optional<TableWork> plan(int oid, SnapshotProgress progress) throws SQLException {
    Optional<TableInfo> info = catalog.table(oid);
    Optional<Description> description = describe(oid);
    if (info.isEmpty() || description.isEmpty()) {
      return Optional.empty();
    }
    TableInfo table = info.get();
    Optional<Left> left = left(table.name(), description.get());
    if (left.isEmpty()) {
      return Optional.empty();
    }
    TableRecords records = factory.table(table.name(), table.columns(), table.keyColumns());
    if (!records.leftOut().isEmpty()) {
      log.warn(
          "Columns of table {} are left out, since their types are not supported: {}",
          table.name(),
          String.join(", ", records.leftOut()));
    }
    String override = settings.overrides().get(table.name().toString());
    boolean divisible = override == null && description.get().plain();
    RowQuery query =
        override != null
            ? RowQuery.override(table, records.formats(), override)
            : RowQuery.table(table, records.formats(), left.get().condition());
    progress.begin(table.name(), description.get().rows());
    List<Range> whole = List.of(new Range(table.name(), Tid.FIRST, Tid.END));
    return Optional.of(
        new TableWork(
            table.name(),
            records,
            query,
            divisible ? divided(left.get().ranges(), description.get().blocks()) : whole));
  }

  private Optional<Description> describe(int oid) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DESCRIBE)) {
      statement.setString(1, settings.publication());
      statement.setString(2, settings.publication());
      statement.setLong(3, Integer.toUnsignedLong(oid));
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Description(
                    row.getLong(1),
                    row.getBoolean(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getBoolean(6),
                    row.getLong(7)))
            : Optional.empty();
      }
    }
  }

  private Optional<Left> left(TableName table, Description now) {
    List<Range> whole = List.of(new Range(table, Tid.FIRST, Tid.END));
    if (!resumed) {
      return Optional.of(new Left(whole, null));
    }
    List<Range> rest = start.rest().stream().filter(range -> range.table().equals(table)).toList();
    boolean begun = start.begun() != null && table.compareTo(start.begun()) <= 0;
    if (!settings.streams() || visible.end() >= TRANSACTION_IDS) {
      return begun ? some(rest, null) : Optional.of(new Left(whole, null));
    }
    if (!visible.shows(now.publishedBy())) {
      log.info("Table {} was published since the snapshot began; it is read as it is now", table);
      return Optional.of(new Left(whole, null));
    }
    if (!visible.shows(now.createdBy())) {
      log.info("Table {} was created since the snapshot began; it is streamed", table);
      return Optional.empty();
    }
    if (!visible.shows(now.changedBy())) {
      log.warn(
          "Table {} was altered since the snapshot began; it is read anew, so that rows of it may"
              + " come twice",
          table);
      return Optional.of(new Left(whole, null));
    }
    String condition = now.toasted() ? null : shown();
    return begun ? some(rest, condition) : Optional.of(new Left(whole, condition));
  }

  private static Optional<Left> some(List<Range> rest, String condition) {
    return rest.isEmpty() ? Optional.empty() : Optional.of(new Left(rest, condition));
  }

  private String shown() {
    String xmin = "xmin::text::bigint";
    return "("
        + xmin
        + " < "
        + VisibleTransactions.FIRST_NORMAL
        + " OR pg_catalog.txid_visible_in_snapshot("
        + xmin
        + ", "
        + Identifiers.literal(start.visible())
        + "))";
  }

  private List<Range> divided(List<Range> ranges, long blocks) {
    if (!chunked) {
      return ranges;
    }
    long step =
        Math.max(LEAST_BLOCKS, 1 + blocks / ((long) CHUNKS_PER_THREAD * settings.threads()));
    List<Range> chunks = new ArrayList<>();
    for (Range range : ranges) {
      Tid from = range.from();
      while (from.block() + step < Math.min(blocks, range.end().block())) {
        Tid next = Tid.ofBlock(from.block() + step);
        chunks.add(new Range(range.table(), from, next));
        from = next;
      }
      chunks.add(new Range(range.table(), from, range.end()));
    }
    return chunks;
  }
}
