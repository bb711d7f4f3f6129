package dev.tributary.postgres;

import dev.tributary.postgres.catalog.Catalog;
import dev.tributary.postgres.catalog.CatalogReader;
import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.pgoutput.MalformedMessageException;
import dev.tributary.postgres.pgoutput.PgOutputDecoder;
import dev.tributary.postgres.position.Lsn;
import dev.tributary.postgres.position.Offsets;
import dev.tributary.postgres.position.Position;
import dev.tributary.postgres.record.ChangeTranslator;
import dev.tributary.postgres.record.RecordFactory;
import dev.tributary.postgres.record.Relations;
import dev.tributary.postgres.replication.ChangeStream;
import dev.tributary.postgres.replication.Sessions;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.Supplier;
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

  private final PgSourceConfig config;
  private final Sessions sessions;
  private final RecordFactory factory;
  private final Outbox outbox;
  private final Supplier<Lsn> confirmable;
  private final ChangeTranslator translator;
  private final Offsets offsets = new Offsets();
  private final long statusNanos;
  private final long heartbeatNanos;
  private final LazyCatalog catalog = new LazyCatalog();

  private volatile ChangeStream stream;
  private volatile HeartbeatQuery heartbeatQuery;
  private long nextStatus = System.nanoTime();
  private long nextHeartbeat;
  private Lsn lastHeartbeat = Lsn.ZERO;
  private boolean startsTransactionOver;

  /**
   * @param lastCommit where the last commit before ended; null if there was none
   */
  StreamSession(
      PgSourceConfig config,
      Sessions sessions,
      RecordFactory factory,
      Outbox outbox,
      Supplier<Lsn> confirmable,
      Position from,
      Lsn lastCommit) {
    this.config = config;
    this.sessions = sessions;
    this.factory = factory;
    this.outbox = outbox;
    this.confirmable = confirmable;
    Relations relations = new Relations(config.tables(), catalog, factory);
    translator =
        new ChangeTranslator(
            factory, relations, from, lastCommit, outbox::add, InstantSource.system());
    statusNanos = config.statusInterval().toNanos();
    heartbeatNanos = config.heartbeatInterval().toNanos();
    nextHeartbeat = System.nanoTime() + heartbeatNanos;
  }

  /**
   * Streams.
   *
   * @param onStart called when the server streams
   */
  void run(Runnable onStart) throws SQLException, InterruptedException {
    Position from = translator.position();
    ChangeStream opened =
        ChangeStream.open(
            sessions,
            config.slot(),
            config.publication(),
            from.committed(),
            config.statusInterval());
    stream = opened;
    log.info("Streaming slot '{}' from {}", config.slot(), from);
    onStart.run();
    if (config.heartbeatQuery().isPresent() && heartbeatNanos > 0) {
      heartbeatQuery =
          HeartbeatQuery.start(
              config.heartbeatQuery().get(),
              sessions,
              config.heartbeatInterval(),
              Thread.currentThread().getName() + "-heartbeat");
    }
    if (from.inTransaction()) {
      outbox.resumeTransaction();
    }
    try {
      while (!Thread.currentThread().isInterrupted()) {
        step(opened);
      }
      throw new InterruptedException();
    } catch (SQLException e) {
      startsTransactionOver = outbox.breakOff();
      if (!startsTransactionOver) {
        translator.release(); // it is counted in the position, so that it has to be handed on
      }
      outbox.flushAll();
      throw e;
    }
  }

  private void step(ChangeStream from) throws SQLException, InterruptedException {
    ByteBuffer message = from.read();
    if (message == null) {
      translator.reach(from.received());
      outbox.flush(this::status);
    } else {
      int bytes = message.remaining();
      try {
        translator.accept(PgOutputDecoder.decode(message), from.received(), bytes);
      } catch (MalformedMessageException e) {
        throw new ConnectException(
            "the server sent something that is no message of pgoutput at "
                + from.received()
                + ": "
                + e.getMessage(),
            e);
      }
      outbox.transaction(translator.inTransaction() || translator.position().inTransaction());
      if (outbox.isDue()) {
        outbox.flush(this::status);
      }
    }
    status();
    heartbeat();
  }

  /** Tells the server what is stored, now and then. */
  private void status() throws SQLException {
    long now = System.nanoTime();
    if (now - nextStatus >= 0) {
      nextStatus = now + statusNanos;
      Lsn stored = confirmable.get();
      stream.confirm(stored);
    }
  }

  /**
   * Emits a record that carries the position on, where none is stored that far. What counts is what
   * is stored, since the records emitted may all be dropped by a transform.
   */
  private void heartbeat() {
    long now = System.nanoTime();
    if (heartbeatNanos == 0 || now - nextHeartbeat < 0 || translator.inTransaction()) {
      return;
    }
    nextHeartbeat = now + heartbeatNanos;
    Position position = translator.position();
    Lsn committed = position.committed();
    if (committed.isAfter(confirmable.get()) && !committed.equals(lastHeartbeat)) {
      outbox.add(factory.heartbeat(offsets.of(position)), 0);
      lastHeartbeat = committed;
    }
  }

  /** Where the next session goes on. */
  Position position() {
    Position reached = translator.position();
    return startsTransactionOver ? Position.between(reached.committed()) : reached;
  }

  /** Where the last commit ended; null if there was none. */
  Lsn lastCommit() {
    return translator.lastCommit();
  }

  @Override
  public void close() throws SQLException {
    ChangeStream open = stream;
    if (open != null) {
      open.close();
    }
    HeartbeatQuery query = heartbeatQuery;
    if (query != null) {
      query.close();
    }
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
