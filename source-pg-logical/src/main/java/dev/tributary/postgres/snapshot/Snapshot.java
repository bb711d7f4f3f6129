package dev.tributary.postgres.snapshot;

import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.position.SnapshotPosition;
import dev.tributary.postgres.record.ChangeOrigin;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.replication.Sessions;
import dev.tributary.postgres.replication.Slots;
import dev.tributary.postgres.replication.Timelines;
import dev.tributary.postgres.snapshot.ChunkReader.Batch;
import dev.tributary.postgres.snapshot.ChunkReader.Ended;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the captured tables as they stood at a slot's consistent point: in transactions on the
 * snapshot that the slot's creation exported, by as many threads as are asked for.
 *
 * <p>Each batch of rows carries an offset that says what is left, so that a snapshot that was cut
 * off goes on: on a snapshot of its own, of which it reads what the first one showed (see {@link
 * TablePlanner}). What it guarantees together with the stream, which starts at the consistent point
 * in either case:
 *
 * <ul>
 *   <li>Not cut off: each row that was there at the point is read once, and each change committed
 *       from the point on is streamed once, after all rows.
 *   <li>Cut off: a row that no one has changed since is read once. Of a row that was changed since,
 *       the changes are streamed, and it may be that it is not read before; the last change tells
 *       the whole row. No row is older than a change before it in the topic.
 *   <li>In the cases that {@link TablePlanner} names, rows changed since are read as well, as they
 *       are then, and their changes follow: at the end of these the topic tells what the table has.
 * </ul>
 *
 * <p>Belongs to the thread that reads; {@link #close} may be called by any.
 */
public final class Snapshot implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Snapshot.class);
  private static final int BATCHES_PER_THREAD = 2;
  private static final String PUBLISHED_BY =
      """
      select coalesce(m.xmin, p.xmin)::text::bigint
      from pg_catalog.pg_publication p left join pg_catalog.pg_publication_rel m on m.prpubid = p.oid
      where p.pubname = ?
      """;
  private static final Duration VISIBILITY_PAUSE = Duration.ofMillis(100);

  private final Sessions sessions;
  private final RecordFactory factory;
  private final SnapshotSettings settings;
  private final Output out;
  private final SnapshotProgress progress;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  private SnapshotPosition start;
  private boolean resumed;
  private ChangeOrigin origin;
  private String exported;
  private ChunkSource source;
  private Markers markers;
  private volatile boolean closed;

  /** Takes the rows; may wait. */
  @FunctionalInterface
  public interface Output {
    /**
     * Takes rows that must stay together.
     *
     * @param bytes what the server sent for them
     * @param next where a later session goes on behind them
     */
    void emit(List<SourceRecord> records, long bytes, SnapshotPosition next)
        throws SQLException, InterruptedException;
  }

  private Snapshot(
      Sessions sessions,
      RecordFactory factory,
      SnapshotSettings settings,
      SnapshotProgress progress,
      Output out) {
    this.sessions = sessions;
    this.factory = factory;
    this.settings = settings;
    this.progress = progress;
    this.out = out;
  }

  /** Begins a snapshot; from then on the session that created the slot may end. */
  public static Snapshot begin(
      Sessions sessions,
      Slots.Created slot,
      RecordFactory factory,
      SnapshotSettings settings,
      SnapshotProgress progress,
      Output out)
      throws SQLException, InterruptedException {
    Snapshot snapshot = new Snapshot(sessions, factory, settings, progress, out);
    return snapshot.opened(slot.snapshot(), slot.consistentAt(), null);
  }

  /** Goes on with a snapshot that was cut off. */
  public static Snapshot resume(
      Sessions sessions,
      SnapshotPosition left,
      RecordFactory factory,
      SnapshotSettings settings,
      SnapshotProgress progress,
      Output out)
      throws SQLException, InterruptedException {
    Snapshot snapshot = new Snapshot(sessions, factory, settings, progress, out);
    return snapshot.opened(null, left.consistentAt(), left);
  }

  private Snapshot opened(String slotSnapshot, Lsn consistentAt, SnapshotPosition left)
      throws SQLException, InterruptedException {
    try {
      resumed = left != null;
      Connection main = open(slotSnapshot);
      start =
          left != null
              ? left
              : SnapshotPosition.start(consistentAt, visible(main), settings.filter());
      if (resumed) {
        settle(main);
      }
      describe(main);
      return this;
    } catch (SQLException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** A session in a transaction on a snapshot; on a new one for null. */
  private Connection open(String snapshot) throws SQLException {
    Connection connection = sessions.copy();
    connections.add(connection);
    if (closed) {
      close();
      throw new SQLException("stopped while the snapshot was opened");
    }
    connection.setAutoCommit(false);
    begin(connection, snapshot);
    return connection;
  }

  private static void begin(Connection connection, String snapshot) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      if (snapshot != null) {
        statement.execute("SET TRANSACTION SNAPSHOT " + Identifiers.literal(snapshot));
      }
      // the server then refuses to read a table of which a policy hides rows
      statement.execute("SET LOCAL row_security = off");
      // rows are to come in the order of their places
      statement.execute("SET LOCAL synchronize_seqscans = off");
      statement.execute("SET LOCAL max_parallel_workers_per_gather = 0");
    }
  }

  private static String visible(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_catalog.txid_current_snapshot()::text")) {
      row.next();
      return VisibleTransactions.readable(row.getString(1));
    }
  }

  /**
   * Begins anew until everything shows that the stream does not carry: what was committed before
   * the consistent point, and what transactions wrote into a table before it was published, which
   * they may have committed after that.
   */
  private void settle(Connection main) throws SQLException, InterruptedException {
    VisibleTransactions now = VisibleTransactions.parse(visible(main));
    long running = isPublishedSince(main) ? now.end() : 0;
    if (now.first() < running) {
      log.info(
          "Waiting for the transactions that are running, since tables were published after the"
              + " snapshot began: what those wrote into them before that is not streamed");
    }
    while (VisibleTransactions.parse(visible(main)).first() < running || isBehind(main)) {
      main.rollback();
      Thread.sleep(VISIBILITY_PAUSE.toMillis());
      begin(main, null);
    }
  }

  /** Whether a table was, or it cannot be told, as transaction IDs of rows have 32 bits. */
  private boolean isPublishedSince(Connection main) throws SQLException {
    VisibleTransactions shown = VisibleTransactions.parse(start.visible());
    if (shown.end() >= TablePlanner.TRANSACTION_IDS) {
      return true;
    }
    try (PreparedStatement statement = main.prepareStatement(PUBLISHED_BY)) {
      statement.setString(1, settings.captured().publication());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (!shown.shows(rows.getLong(1))) {
            return true;
          }
        }
        return false;
      }
    }
  }

  /**
   * Whether a transaction that committed before the consistent point does not show yet: it waits
   * for a synchronous standby. The stream does not carry it, so the snapshot must show it.
   */
  private boolean isBehind(Connection main) throws SQLException {
    List<Long> hidden = VisibleTransactions.parse(visible(main)).hidden();
    return VisibleTransactions.parse(start.visible()).showsAny(hidden);
  }

  private void describe(Connection main) throws SQLException {
    try (Statement statement = main.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()),"
                    + " (extract(epoch from pg_catalog.clock_timestamp()) * 1000000)::bigint,"
                    + " pg_catalog.pg_export_snapshot()")) {
      row.next();
      origin = ChangeOrigin.of(row.getLong(1), row.getLong(2), null);
      exported = row.getString(3);
    }
    Map<Integer, TableName> tables = captured(main);
    progress.expect(tables.size(), estimatedRows(main, tables));
    TablePlanner planner = new TablePlanner(main, factory, settings, start, resumed);
    source = new ChunkSource(planner, tables, start, progress);
    markers = new Markers(factory, start.begun() == null);
    tables.values().stream().filter(start::hasBegun).forEach(markers::begun);
  }

  private Map<Integer, TableName> captured(Connection main) throws SQLException {
    List<Map.Entry<Integer, TableName>> tables =
        new ArrayList<>(settings.captured().read(main).entrySet());
    tables.removeIf(table -> !settings.tables().test(table.getValue()));
    tables.sort(Map.Entry.comparingByValue());
    Map<Integer, TableName> ordered = new LinkedHashMap<>();
    tables.forEach(table -> ordered.put(table.getKey(), table.getValue()));
    return ordered;
  }

  private static long estimatedRows(Connection main, Map<Integer, TableName> tables)
      throws SQLException {
    Object[] oids = tables.keySet().stream().map(Integer::toUnsignedLong).toArray();
    try (PreparedStatement statement =
        main.prepareStatement(
            "select coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint from unnest(?) t(oid)"
                + " left join lateral pg_catalog.pg_partition_tree(t.oid) p on p.isleaf"
                + " join pg_catalog.pg_class c on c.oid = coalesce(p.relid, t.oid)")) {
      Array array = main.createArrayOf("oid", oids);
      statement.setArray(1, array);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** What is left where this starts. */
  public SnapshotPosition start() {
    return start;
  }

  /** Reads all captured tables, or what is left of them. */
  public void read() throws SQLException, InterruptedException {
    BlockingQueue<ChunkReader.Output> read =
        new ArrayBlockingQueue<>(BATCHES_PER_THREAD * settings.threads());
    for (int i = 0; i < settings.threads(); i++) {
      start(i, read);
    }
    List<Batch> held = new ArrayList<>(); // one with rows, and those without behind it
    for (int running = settings.threads(); running > 0; ) {
      ChunkReader.Output next = read.take();
      if (next instanceof Ended ended) {
        rethrow(ended.failure());
        running--;
      } else if (next instanceof Batch batch) {
        if (!batch.records().isEmpty()) {
          release(held, false);
          held.clear();
        }
        held.add(batch);
      }
    }
    release(held, true);
    progress.end();
  }

  private void start(int number, BlockingQueue<ChunkReader.Output> read) throws SQLException {
    Connection connection = open(exported);
    ChunkReader reader =
        new ChunkReader(
            connection, source, factory, origin, start.consistentAt(), settings.batch(), read);
    Thread thread = new Thread(reader, Thread.currentThread().getName() + "-snapshot-" + number);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private static void rethrow(Throwable failure) throws SQLException {
    if (failure instanceof SQLException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  private void release(List<Batch> held, boolean last) throws SQLException, InterruptedException {
    Map<String, Object> before = Offsets.of(source.position());
    for (Batch batch : held) {
      source.sent(batch.chunk(), batch.next());
    }
    SnapshotPosition next = source.position();
    if (held.isEmpty() || held.get(0).records().isEmpty()) {
      return;
    }
    Batch rows = held.get(0);
    TableName table = rows.chunk().work().table();
    markers.mark(table, rows.records(), source.isDone(table), last);
    rows.before().putAll(before);
    rows.after()
        .putAll(
            last
                ? new Offsets(Timelines.UNKNOWN).of(Position.between(start.consistentAt()))
                : Offsets.of(next));
    out.emit(rows.records(), rows.bytes(), next);
    progress.read(rows.records().size());
  }

  /** Ends the sessions and the threads. */
  @Override
  public void close() throws SQLException {
    closed = true;
    SQLException failure = null;
    for (Connection connection : connections) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        failure = e;
      }
    }
    threads.forEach(Thread::interrupt);
    if (failure != null) {
      throw failure;
    }
  }
}
