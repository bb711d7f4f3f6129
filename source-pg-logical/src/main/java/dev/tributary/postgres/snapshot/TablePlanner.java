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
import dev.tributary.postgres.replication.Published;
import dev.tributary.postgres.snapshot.Places.Place;
import java.sql.Connection;
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

  static final long TRANSACTION_IDS = 1L << 32;
  private static final int TID_RANGE_SCANS = 14;
  private static final long LEAST_BLOCKS = 1024;
  private static final int CHUNKS_PER_THREAD = 32;

  private final Connection connection;
  private final CatalogReader catalog;
  private final Places places;
  private final RecordFactory factory;
  private final SnapshotSettings settings;
  private final SnapshotPosition start;
  private final boolean resumed;
  private final VisibleTransactions visible;
  private final boolean chunked;

  /** What of a place is left to read. */
  private record Left(List<Range> ranges, String condition) {}

  /**
   * What is read of a table.
   *
   * @param places where its rows are
   * @param work empty if nothing is to be read
   */
  record Plan(List<TableName> places, List<TableWork> work) {
    Plan {
      places = List.copyOf(places);
      work = List.copyOf(work);
    }
  }

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
    places = new Places(connection, settings.captured().publication());
    visible = VisibleTransactions.parse(start.visible());
    chunked =
        settings.threads() > 1
            && connection.getMetaData().getDatabaseMajorVersion() >= TID_RANGE_SCANS;
  }

  /** Plans a table. */
  Plan plan(int oid, SnapshotProgress progress) throws SQLException {
    Optional<TableInfo> info = catalog.table(oid);
    if (info.isEmpty()) {
      return new Plan(List.of(), List.of());
    }
    Published published = Published.of(connection, settings.captured().publication(), oid);
    TableInfo table = published.of(info.get(), catalog);
    boolean whole =
        settings.overrides().containsKey(table.name().toString())
            || start.rest().stream().anyMatch(range -> range.table().equals(table.name()));
    List<Place> found = places.of(oid, table.name(), whole);
    TableRecords records = factory.table(table.name(), table.columns(), table.keyColumns());
    List<TableWork> work = new ArrayList<>();
    for (Place place : found) {
      Optional<Left> left = left(table.name(), place);
      if (left.isPresent()) {
        work.add(work(table, place, records, left.get(), published.filter()));
      }
    }
    if (!work.isEmpty()) {
      tell(records, found, progress);
    }
    return new Plan(found.stream().flatMap(place -> place.covers().stream()).toList(), work);
  }

  private static void tell(TableRecords records, List<Place> places, SnapshotProgress progress) {
    if (!records.leftOut().isEmpty()) {
      log.warn(
          "Columns of table {} are left out, since their types are not supported: {}",
          records.table(),
          String.join(", ", records.leftOut()));
    }
    boolean known = places.stream().anyMatch(place -> place.rows() >= 0);
    long rows = places.stream().mapToLong(place -> Math.max(0, place.rows())).sum();
    progress.begin(records.table(), known ? rows : -1);
  }

  private TableWork work(
      TableInfo table, Place place, TableRecords records, Left left, String published) {
    String override = settings.overrides().get(table.name().toString());
    RowQuery query =
        override != null
            ? RowQuery.override(table, records.formats(), override, published)
            : place.byPlace()
                ? RowQuery.place(
                    table, place.name(), records.formats(), left.condition(), published)
                : RowQuery.whole(table, records.formats(), published);
    return new TableWork(
        table.name(),
        place.name(),
        records,
        query,
        query.byPlace() ? divided(left.ranges(), place.blocks()) : whole(place.name()));
  }

  private static List<Range> whole(TableName place) {
    return List.of(new Range(place, Tid.FIRST, Tid.END));
  }

  private Optional<Left> left(TableName table, Place place) {
    List<Range> whole = whole(place.name());
    if (!resumed) {
      return Optional.of(new Left(whole, null));
    }
    List<Range> rest =
        start.rest().stream().filter(range -> place.covers().contains(range.table())).toList();
    boolean begun = start.hasBegun(table);
    if (!settings.streams() || visible.end() >= TRANSACTION_IDS) {
      return begun ? some(rest, null) : Optional.of(new Left(whole, null));
    }
    if (!visible.shows(place.publishedBy())) {
      log.info("Table {} was published since the snapshot began; it is read as it is now", table);
      return Optional.of(new Left(whole, null));
    }
    if (!visible.shows(place.createdBy())) {
      log.info("Table {} was created since the snapshot began; it is streamed", place.name());
      return Optional.empty();
    }
    if (!visible.shows(place.changedBy())) {
      log.warn(
          "Table {} was altered since the snapshot began; it is read anew, so that rows of it may"
              + " come twice",
          place.name());
      return Optional.of(new Left(whole, null));
    }
    String condition = place.toasted() ? null : shown();
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
