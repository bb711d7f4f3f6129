package dev.tributary.postgres.incremental;

import dev.tributary.postgres.catalog.TableName;
import dev.tributary.postgres.pgoutput.PgOutputMessage.Message;
import dev.tributary.postgres.pgoutput.PgOutputMessage.RowChange;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.record.ControlMessages;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.record.TableRecords;
import dev.tributary.postgres.replication.CapturedTables;
import dev.tributary.postgres.replication.PgErrors;
import dev.tributary.postgres.replication.Sessions;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads tables again while their changes are streamed, without locks: chunk by chunk in the order
 * of the key, each between two watermarks, which are logical messages in the server's log (the
 * DBLog algorithm). When the stream comes to the upper one, the rows are emitted whose key no
 * change between the two has touched; so a row is never older than a change before it in the topic.
 *
 * <p>Besides, a chunk is read again if it does not show a transaction whose commit was streamed
 * before the lower watermark: on a server that waits for a synchronous standby, a commit is in the
 * log before others see it. For the same reason nothing is read while {@link EarlierTransactions}
 * may be hidden. (What is committed between the two watermarks is no reason: which rows it has
 * touched is known.)
 *
 * <p>Belongs to the thread that streams; chunks are read by one of its own. {@link #close} may be
 * called by any.
 *
 * @see <a href="https://arxiv.org/abs/2010.12597">DBLog: A Watermark Based Change-Data-Capture
 *     Framework</a>
 */
public final class IncrementalSnapshot implements ControlMessages, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(IncrementalSnapshot.class);
  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  private final Sessions sessions;
  private final RecordFactory factory;
  private final CapturedTables captured;
  private final int chunkRows;
  private final long chunkBytes;
  private final ChunkConnection connection;
  private final ExecutorService reader;
  private final RecentCommits commits = new RecentCommits();
  private final EarlierTransactions earlier = new EarlierTransactions();
  private final IncrementalProgress progress;

  private IncrementalState state;
  private String text;
  private Watermarks.Window window;
  private Future<Chunk> chunk;
  private TouchedKeys touched;
  private Lsn committedAtLow;
  private long notBefore = System.nanoTime();

  /**
   * @param chunkRows how many rows to read at a time
   * @param chunkBytes how much of rows, and of changes to the table meanwhile, to hold at a time
   * @param state where an earlier session has got to
   */
  public IncrementalSnapshot(
      Sessions sessions,
      RecordFactory factory,
      CapturedTables captured,
      int chunkRows,
      long chunkBytes,
      IncrementalState state,
      IncrementalProgress progress) {
    this.sessions = sessions;
    this.factory = factory;
    this.captured = captured;
    this.chunkRows = chunkRows;
    this.chunkBytes = chunkBytes;
    this.state = state;
    this.text = state.text();
    this.progress = progress;
    connection = new ChunkConnection(sessions);
    String name = Thread.currentThread().getName() + "-incremental";
    reader =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    progress.show(state);
    if (state.isActive()) {
      log.info("Going on with the incremental snapshot: {}", state.text());
    }
  }

  @Override
  public String state() {
    return text;
  }

  @Override
  public boolean accepts(Message message) {
    return message.prefix().equals(Watermarks.PREFIX) || message.prefix().equals(Signal.PREFIX);
  }

  @Override
  public void message(Message message, Lsn lastCommit, SnapshotSink out) throws SQLException {
    String content = StandardCharsets.UTF_8.decode(message.content().duplicate()).toString();
    if (message.prefix().equals(Signal.PREFIX)) {
      signal(content);
    } else if (window != null && content.equals(window.low())) {
      touched = new TouchedKeys(state.tables().get(0).name());
      committedAtLow = lastCommit;
      commits.mark();
    } else if (window != null && content.equals(window.high()) && touched != null) {
      finish(out);
    }
  }

  @Override
  public void committed(long transaction) {
    commits.add(transaction);
  }

  @Override
  public void changed(TableRecords table, RowChange change) {
    if (touched != null) {
      touched.add(table, change);
      if (touched.bytes() > chunkBytes) {
        relieve();
      }
    }
  }

  /**
   * Changes need not be kept once the rows are known. The rows are read again if they take long.
   */
  private void relieve() {
    try {
      if (chunk.get(RETRY_NANOS, TimeUnit.NANOSECONDS) instanceof Chunk.Rows rows) {
        touched.resolve(rows.keyColumns(), keys(rows));
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.debug("The rows of table {} are not there yet", state.tables().get(0).name(), e);
    }
    touched.giveUp();
  }

  private static Set<List<String>> keys(Chunk.Rows rows) {
    return rows.rows().stream().map(Chunk.Row::key).collect(Collectors.toSet());
  }

  @Override
  public void truncated(TableRecords table) {
    if (touched != null) {
      touched.addAll(table);
    }
  }

  /** Starts to read the next chunk if it is time to. Called again and again. */
  public void tick() {
    if (chunk != null && chunk.isDone()) {
      lookAtFailure();
    }
    if (chunk == null
        && state.isActive()
        && !state.paused()
        && System.nanoTime() - notBefore >= 0) {
      window = Watermarks.Window.create();
      chunk =
          reader.submit(
              new ChunkTask(
                  connection,
                  factory,
                  captured.publication(),
                  state.tables().get(0),
                  window,
                  earlier,
                  chunkRows,
                  chunkBytes));
    }
  }

  /** A chunk that did not come to its upper watermark. */
  private void lookAtFailure() {
    Chunk result = result();
    if (result instanceof Chunk.Rows) {
      return; // its watermarks are still to come
    }
    discard();
  }

  /**
   * Nobody wants what is being read, which may take long: the table may be locked. (Where its
   * session is just being opened, it ends by itself when it has waited too long for the lock.)
   */
  private void abandon() {
    if (chunk != null && !chunk.isDone()) {
      chunk.cancel(false);
      try {
        connection.cancel();
      } catch (SQLException e) {
        log.debug("The session did not close cleanly", e);
      }
    }
    discard();
  }

  private void discard() {
    window = null;
    chunk = null;
    touched = null;
  }

  /** What the reading came to; null if it failed, which is dealt with. */
  private Chunk result() {
    IncrementalState.Table table = state.tables().get(0);
    try {
      Chunk result = chunk.get();
      if (result instanceof Chunk.Refused refused) {
        log.error("Table {} is not read: {}", table.name(), refused.reason());
        proceed(state.without(List.of(table)));
      } else if (result instanceof Chunk.NotYet) {
        notBefore = System.nanoTime() + RETRY_NANOS / 10;
      }
      return result;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException e) {
      failed(table, e.getCause());
      return null;
    }
  }

  private void failed(IncrementalState.Table table, Throwable cause) {
    notBefore = System.nanoTime() + RETRY_NANOS;
    try {
      connection.discard();
    } catch (SQLException e) {
      log.debug("The session did not close cleanly", e);
    }
    if (cause instanceof SQLException e && PgErrors.classify(e) != PgErrors.Kind.PERMANENT) {
      log.warn("Could not read the next rows of table {}, trying again", table.name(), e);
      return;
    }
    Throwable told = cause instanceof SQLException e ? PgErrors.withoutData(e) : cause;
    log.error("Table {} is not read", table.name(), told);
    proceed(state.without(List.of(table)));
  }

  private void finish(SnapshotSink out) throws SQLException {
    Chunk result = result();
    TouchedKeys keys = touched;
    discard();
    if (!(result instanceof Chunk.Rows rows)) {
      return;
    }
    if (commits.hadAny(rows.running()) || !keys.resolve(rows.keyColumns(), keys(rows))) {
      notBefore = System.nanoTime() + RETRY_NANOS / 10;
      return;
    }
    List<Chunk.Row> untouched =
        rows.rows().stream().filter(row -> !keys.contains(row.key())).toList();
    IncrementalState.Table before = state.tables().get(0);
    if (!before.equals(rows.from())) {
      log.warn(
          "Table {} has another key than when its first rows were read, and is read from its"
              + " beginning: {}",
          before.name(),
          rows.key());
    }
    IncrementalState.Table table =
        rows.from().read(rows.last(), rows.end(), rows.key(), untouched.size());
    IncrementalState after =
        rows.complete() ? state.without(List.of(before)) : state.advanced(table);
    for (int i = 0; i < untouched.size(); i++) {
      if (i == untouched.size() - 1) {
        proceed(after);
      }
      out.row(rows.table(), untouched.get(i).data(), untouched.get(i).bytes(), committedAtLow);
    }
    proceed(after);
    progress.read(table.name(), table.rows(), rows.estimatedRows(), untouched.size());
    if (rows.complete()) {
      log.info(
          "Read {} rows of table {}; streamed changes come on top", table.rows(), table.name());
    }
  }

  private void proceed(IncrementalState next) {
    state = next;
    text = next.text();
    progress.show(next);
  }

  private void signal(String content) throws SQLException {
    Signal signal;
    try {
      signal = Signal.parse(content);
    } catch (IllegalArgumentException e) {
      log.error("A signal is ignored: {}", e.getMessage());
      return;
    }
    if (signal instanceof Signal.Execute execute) {
      execute(execute);
    } else if (signal instanceof Signal.Stop stop) {
      stop(stop);
    } else {
      if (signal instanceof Signal.Pause) {
        abandon(); // what is being read is read again afterwards
      }
      proceed(state.paused(signal instanceof Signal.Pause));
      log.info(
          "The incremental snapshot {}", signal instanceof Signal.Pause ? "pauses" : "goes on");
    }
  }

  private void execute(Signal.Execute execute) throws SQLException {
    List<IncrementalState.Table> tables = new ArrayList<>();
    try (Connection sql = sessions.sql()) {
      for (TableName name : captured.read(sql).values()) {
        if (matches(execute.tables(), name)) {
          tables.add(IncrementalState.Table.of(name, filter(execute, name), execute.after()));
        }
      }
    }
    if (tables.isEmpty()) {
      log.warn("Signal '{}' names no table that is captured", execute.id());
      return;
    }
    log.info(
        "Signal '{}': reading {}",
        execute.id(),
        tables.stream().map(IncrementalState.Table::name).toList());
    proceed(state.adding(execute.id(), tables));
  }

  private static boolean matches(List<java.util.regex.Pattern> patterns, TableName name) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name.toString()).matches());
  }

  private static String filter(Signal.Execute execute, TableName name) {
    return execute.filters().entrySet().stream()
        .filter(entry -> Signal.pattern(entry.getKey()).matcher(name.toString()).matches())
        .map(java.util.Map.Entry::getValue)
        .findFirst()
        .filter(condition -> !condition.isBlank())
        .orElse(null);
  }

  private void stop(Signal.Stop stop) {
    List<IncrementalState.Table> stopped =
        state.tables().stream()
            .filter(table -> stop.tables().isEmpty() || matches(stop.tables(), table.name()))
            .toList();
    if (stopped.contains(state.isActive() ? state.tables().get(0) : null)) {
      abandon();
    }
    proceed(state.without(stopped));
    log.info(
        "The incremental snapshot stops for {}",
        stopped.stream().map(IncrementalState.Table::name).toList());
  }

  @Override
  public void close() throws SQLException {
    reader.shutdownNow();
    connection.close();
  }
}
