package dev.tributary.postgres;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import io.debezium.connector.postgresql.PostgresConnector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Runs Debezium's connector and ours over the same workload, each with a slot of its own, in a
 * database made for it on a server that many runs share.
 */
final class BothConnectors implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final PostgresServer server;
  private final String database = "diff" + NUMBER.incrementAndGet();
  private final Connection connection;
  private final Map<String, String> settings;
  private final Map<String, String> ourSettings;
  private final TaskRunner.Store theirStore = new TaskRunner.Store();
  private final TaskRunner.Store ourStore = new TaskRunner.Store();
  private TaskRunner theirs;
  private TaskRunner ours;
  private int done;

  /** What the two wrote: of the snapshot first, then of the stream. */
  record Outcome(List<SourceRecord> ours, List<SourceRecord> theirs) {}

  /**
   * @param settings of both connectors
   */
  BothConnectors(PostgresServer server, Map<String, String> settings) throws SQLException {
    this(server, settings, Map.of());
  }

  /**
   * @param settings of both connectors
   * @param ours further ones of ours
   */
  BothConnectors(PostgresServer server, Map<String, String> settings, Map<String, String> ours)
      throws SQLException {
    this.server = server;
    ourSettings = Map.copyOf(ours);
    this.settings = Map.copyOf(settings);
    Servers.execute(server, "create database " + database);
    Servers.makeReader(server);
    connection =
        DriverManager.getConnection(url(server, database), server.user(), server.password());
  }

  private static String url(PostgresServer server, String database) {
    return "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + database;
  }

  /** For SQL beside the workload. */
  Connection connection() {
    return connection;
  }

  String database() {
    return database;
  }

  /**
   * Runs them.
   *
   * @param before as {@link #start} has it
   * @param stream statements that are executed one by one while both stream
   */
  Outcome run(String before, List<String> stream) throws Exception {
    return run(
        before,
        () -> {
          for (String sql : stream) {
            execute(sql);
          }
        });
  }

  /** Runs them over a workload of several sessions. */
  Outcome run(RandomWorkload workload) throws Exception {
    try (Connection other =
        DriverManager.getConnection(url(server, database), server.user(), server.password())) {
      List<Connection> sessions = List.of(connection, other);
      return run(
          workload.before(),
          () -> {
            for (RandomWorkload.Step step : workload.steps()) {
              execute(sessions.get(step.session()), step.sql());
            }
          });
    }
  }

  private Outcome run(String before, Changes stream) throws Exception {
    Outcome snapshot = start(before);
    Outcome changes = changes(stream);
    return new Outcome(
        joined(snapshot.ours(), changes.ours()), joined(snapshot.theirs(), changes.theirs()));
  }

  private static List<SourceRecord> joined(List<SourceRecord> first, List<SourceRecord> then) {
    List<SourceRecord> all = new ArrayList<>(first);
    all.addAll(then);
    return all;
  }

  /** Changes that are made while both stream. */
  interface Changes {
    void make() throws SQLException;
  }

  /**
   * Starts them, and returns when they stream.
   *
   * @param before SQL that makes the tables, and the rows for the snapshot
   * @return what they wrote of the snapshot
   */
  Outcome start(String before) throws Exception {
    execute("create table zz_done(id int primary key); insert into zz_done values (0)");
    execute(before);
    if (count("select count(*) from pg_publication") == 0) {
      execute("create publication pub for all tables");
    }
    resume();
    Outcome snapshot = untilDone();
    awaitStreaming();
    return snapshot;
  }

  /** What they write of changes that are made now. */
  Outcome changes(String... sql) throws Exception {
    return changes(
        () -> {
          for (String statement : sql) {
            execute(statement);
          }
        });
  }

  private Outcome changes(Changes changes) throws Exception {
    changes.make();
    done++;
    execute("insert into zz_done values (" + done + ")");
    return untilDone();
  }

  private Outcome untilDone() throws Exception {
    List<SourceRecord> theirRecords = List.copyOf(untilDone(theirs, done));
    return new Outcome(List.copyOf(untilDone(ours, done)), theirRecords);
  }

  /** Stops them where they stand, makes changes, and starts them again behind those. */
  Outcome changesWhileStopped(String... sql) throws Exception {
    for (TaskRunner runner : List.of(theirs, ours)) {
      runner.storeOffsets();
      runner.close();
    }
    return changes(
        () -> {
          for (String statement : sql) {
            execute(statement);
          }
          resume();
        });
  }

  private void resume() {
    try {
      theirs = runner(PostgresConnector.class, database + "_theirs", theirStore);
      ours = runner(PgLogicalSourceConnector.class, database + "_ours", ourStore);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private void execute(String sql) throws SQLException {
    execute(connection, sql);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    int copy = sql.indexOf(RandomWorkload.THEN_COPY);
    if (copy >= 0) {
      copy(connection, sql.substring(0, copy), sql.substring(copy + 2));
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Copies the rows of a query into a table. */
  private static void copy(Connection connection, String query, String into) throws SQLException {
    CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
    try {
      ByteArrayOutputStream rows = new ByteArrayOutputStream();
      copies.copyOut("copy (" + query + ") to stdout", rows);
      copies.copyIn(into, new ByteArrayInputStream(rows.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long count(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** Both slots must be in use, so that neither connector starts behind the first change. */
  private void awaitStreaming() {
    Await.until(
        "both connectors to stream",
        PATIENCE,
        () ->
            count(
                    "select count(*) from pg_replication_slots where active and not temporary"
                        + " and database = current_database()")
                == 2);
  }

  private static List<SourceRecord> untilDone(TaskRunner runner, int id) throws Exception {
    List<SourceRecord> records =
        runner.pollUntil(
            PATIENCE, all -> !all.isEmpty() && all.stream().anyMatch(record -> isDone(record, id)));
    List<SourceRecord> written =
        records.stream().filter(r -> !r.topic().startsWith("__debezium-heartbeat")).toList();
    int end = 0;
    while (!isDone(written.get(end), id)) {
      end++;
    }
    return written.subList(0, end + 1);
  }

  private static boolean isDone(SourceRecord record, int id) {
    return record.topic().endsWith("zz_done")
        && record.key() instanceof Struct key
        && key.getInt32("id") == id;
  }

  private TaskRunner runner(Class<? extends Connector> type, String slot, TaskRunner.Store store)
      throws ReflectiveOperationException {
    Map<String, String> config = new HashMap<>(Servers.ownerConfig(server, Servers.READER));
    config.put("database.dbname", database);
    config.put("publication.name", "pub");
    config.put("plugin.name", "pgoutput");
    config.put("poll.interval.ms", "5");
    config.putAll(settings);
    if (type == PgLogicalSourceConnector.class) {
      config.putAll(ourSettings);
    }
    config.put("slot.name", slot);
    config.put("name", slot);
    config.put("connector.class", type.getName());
    return new TaskRunner(type, config, store);
  }

  @Override
  public void close() throws SQLException {
    for (TaskRunner runner : new TaskRunner[] {theirs, ours}) {
      if (runner != null) {
        runner.close();
      }
    }
    connection.close();
    String of = " from pg_replication_slots where database = '" + database + "'";
    Await.until(
        "the slots of " + database + " to be gone",
        PATIENCE,
        () -> {
          Servers.execute(
              server, "select pg_drop_replication_slot(slot_name)" + of + " and not active");
          return "0".equals(Servers.single(server, "select count(*)" + of));
        });
    Servers.execute(server, "drop database " + database + " with (force)");
  }
}
