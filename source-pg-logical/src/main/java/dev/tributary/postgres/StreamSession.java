package dev.tributary.postgres;

import dev.tributary.postgres.catalog.Catalog;
import dev.tributary.postgres.catalog.CatalogReader;
import dev.tributary.postgres.config.DeliveryKeys;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.incremental.IncrementalSnapshot;
import dev.tributary.postgres.incremental.IncrementalState;
import dev.tributary.postgres.pgoutput.MalformedMessageException;
import dev.tributary.postgres.pgoutput.PgOutputDecoder;
import dev.tributary.postgres.pgoutput.PgOutputMessage;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.record.Relations;
import dev.tributary.postgres.replication.CapturedTables;
import dev.tributary.postgres.replication.ChangeStream;
import dev.tributary.postgres.replication.Sessions;
import dev.tributary.postgres.replication.Slots;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.apache.kafka.connect.errors.ConnectException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams the changes of the slot from one position on, until the connection ends.
 *
 * <p>Threads: the reader's, but for {@link #close}, which any thread may call to end {@link #run}.
 */
final class StreamSession implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamSession.class);

  /** How often to ask what the slot costs the server. */
  private static final Duration SLOT_WATCH = Duration.ofSeconds(10);

  private final PgSourceConfig config;
  private final Sessions sessions;
  private final Outbox outbox;
  private final SlotConfirmer confirmer;
  private final SourceMetrics metrics;
  private final Translation translation;
  private final IncrementalSnapshot incremental;
  private final PublicationWatch publication;
  private final Lsn start;
  private final int timeline;
  private final long heartbeatNanos;
  private final LazyCatalog catalog = new LazyCatalog();

  private volatile ChangeStream stream;
  private volatile Repeated heartbeatQuery;
  private volatile Repeated slotWatch;
  private volatile Repeated newTables;
  private volatile SignalTopicReader signals;
  private long statusNanos;
  private long nextStatus = System.nanoTime();
  private long nextHeartbeat;

  /**
   * @param timeline of the log that is going to be streamed
   * @param lastCommit where the last commit before ended; null if there was none
   * @param incremental how far an incremental snapshot has got; null for none
   */
  StreamSession(
      PgSourceConfig config,
      Sessions sessions,
      RecordFactory factory,
      Outbox outbox,
      SlotConfirmer confirmer,
      SourceMetrics metrics,
      Position from,
      int timeline,
      Lsn lastCommit,
      String incremental) {
    this.config = config;
    this.sessions = sessions;
    this.outbox = outbox;
    this.confirmer = confirmer;
    this.metrics = metrics;
    Relations relations = new Relations(config.tables(), catalog, factory);
    this.incremental =
        new IncrementalSnapshot(
            sessions,
            factory,
            CapturedTables.of(config),
            config.incrementalChunkRows(),
            Math.max(1, config.maxQueueBytes() / 4),
            IncrementalState.parse(incremental),
            metrics.incremental());
    translation =
        new Translation(factory, relations, outbox, from, timeline, lastCommit, this.incremental);
    publication = new PublicationWatch(config);
    this.timeline = timeline;
    start = from.committed();
    heartbeatNanos = config.heartbeatInterval().toNanos();
    nextHeartbeat = System.nanoTime() + heartbeatNanos;
  }

  /**
   * Streams.
   *
   * @param onStart called when the server streams
   */
  void run(Runnable onStart) throws SQLException, InterruptedException {
    Position from = translation.position();
    ChangeStream opened =
        ChangeStream.open(
            sessions,
            config.slot(),
            config.publication(),
            from.committed(),
            timeline,
            config.statusInterval());
    stream = opened;
    statusNanos = opened.statusInterval().toNanos();
    log.info("Streaming slot '{}' from {}", config.slot(), from);
    onStart.run();
    startHelpers();
    metrics.connected(true);
    try {
      while (!Thread.currentThread().isInterrupted()) {
        step(opened);
      }
      throw new InterruptedException();
    } catch (SQLException e) {
      metrics.connected(false);
      translation.breakOff();
      outbox.flushAll();
      throw e;
    }
  }

  private void startHelpers() {
    String thread = Thread.currentThread().getName();
    slotWatch =
        Repeated.start(
            "the look at slot '" + config.slot() + "'",
            connection -> {
              metrics.slot(Slots.use(connection, config.slot()));
              publication.look(connection);
            },
            sessions,
            SLOT_WATCH,
            thread + "-slot");
    if (config.heartbeatQuery().isPresent() && heartbeatNanos > 0) {
      heartbeatQuery =
          Repeated.start(
              DeliveryKeys.HEARTBEAT_ACTION_QUERY,
              connection -> execute(connection, config.heartbeatQuery().get()),
              sessions,
              config.heartbeatInterval(),
              thread + "-heartbeat");
    }
    if (!config.newTablesInterval().isZero()) {
      NewTables look = new NewTables(config);
      newTables =
          Repeated.start(
              "the look for new tables",
              look::look,
              sessions,
              config.newTablesInterval(),
              thread + "-new-tables");
    }
    if (config.signalTopic().isPresent()) {
      signals = SignalTopicReader.start(config.signalTopic().get(), sessions, thread + "-signals");
    }
  }

  private static void execute(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(query);
    }
  }

  private void step(ChangeStream from) throws SQLException, InterruptedException {
    ByteBuffer message = from.read();
    if (message == null) {
      translation.reach(from.received());
      outbox.flush(this::status);
    } else {
      int bytes = message.remaining();
      try {
        PgOutputMessage decoded = PgOutputDecoder.decode(message);
        translation.accept(decoded, from.received(), bytes);
        metrics.read(decoded);
      } catch (MalformedMessageException e) {
        throw new ConnectException(
            "the server sent something that is no message of pgoutput at "
                + from.received()
                + ": "
                + e.getMessage(),
            e);
      }
      if (outbox.isDue()) {
        outbox.flush(this::status);
      }
    }
    long now = System.nanoTime();
    status(now);
    heartbeat(now);
    incremental.tick();
  }

  private void status() throws SQLException {
    status(System.nanoTime());
  }

  /**
   * Tells the server what is stored, now and then; and nothing but that we are there, as long as it
   * has not read its log up to where the session starts. It would let go of log that it still has
   * to read, since it remembers from the session before up to where it might.
   */
  private void status(long now) throws SQLException {
    if (now - nextStatus >= 0) {
      nextStatus = now + statusNanos;
      publication.check();
      Lsn stored = stream.received().isAfter(start) ? confirmer.stored() : Lsn.ZERO;
      stream.confirm(stored);
      metrics.reached(translation.position());
      if (!stored.equals(Lsn.ZERO)) {
        metrics.confirmed(stored);
      }
    }
  }

  /** Carries the position on, if no record of a table has done so since the last time. */
  private void heartbeat(long now) {
    if (heartbeatNanos > 0
        && now - nextHeartbeat >= 0
        && (confirmer.wasSent() || translation.heartbeat(confirmer.stored()))) {
      nextHeartbeat = now + heartbeatNanos;
    }
  }

  /** Where the next session goes on. */
  Position position() {
    return translation.position();
  }

  /** How far the incremental snapshot has got; null if there is none. */
  String incremental() {
    return incremental.state();
  }

  /** Where the last commit ended; null if there was none. */
  Lsn lastCommit() {
    return translation.lastCommit();
  }

  @Override
  public void close() throws SQLException {
    ChangeStream open = stream;
    if (open != null) {
      open.close();
    }
    metrics.connected(false);
    for (Repeated helper : new Repeated[] {slotWatch, heartbeatQuery, newTables}) {
      if (helper != null) {
        helper.close();
      }
    }
    SignalTopicReader reading = signals;
    if (reading != null) {
      reading.close();
    }
    incremental.close();
    catalog.close();
  }

  /** The catalogue, on a connection that is opened when it is first asked. */
  private final class LazyCatalog implements Catalog, AutoCloseable {
    private volatile Connection connection;

    @Override
    public java.util.Optional<dev.tributary.postgres.catalog.TableInfo> table(int oid)
        throws SQLException {
      return reader().table(oid);
    }

    @Override
    public java.util.Map<Integer, dev.tributary.postgres.catalog.TypeInfo> types(
        java.util.List<Integer> oids) throws SQLException {
      return reader().types(oids);
    }

    private CatalogReader reader() throws SQLException {
      if (connection == null) {
        connection = sessions.sql();
      }
      return new CatalogReader(connection);
    }

    @Override
    public void close() throws SQLException {
      Connection open = connection;
      if (open != null) {
        open.abort(Runnable::run);
      }
    }
  }
}
