package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tables with keys that are read in odd ways, that get another key meanwhile, or are locked. */
class IncrementalSnapshotOfChangingTablesTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A task that streams the tables whose names start with this. */
  private static TaskRunner run(String name, String... settings) throws Exception {
    Map<String, String> config = Servers.config(server, settings);
    config.put("slot.name", name);
    config.put("table.include.list", "public." + name + ".*");
    config.put("snapshot.mode", "no_data");
    config.put("incremental.snapshot.chunk.size", "100");
    TaskRunner runner =
        new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store());
    String streams = "select active from pg_replication_slots where slot_name = '" + name + "'";
    Await.until("changes to be streamed", LONG, () -> "t".equals(Servers.single(server, streams)));
    return runner;
  }

  private static void signal(String type, String table) throws Exception {
    Servers.execute(
        server,
        "select pg_logical_emit_message(true, 'tributary.signal', '{\"type\": \""
            + type
            + "\", \"data\": {\"data-collections\": [\"public."
            + table
            + "\"]}}')");
  }

  private static Set<Object> numbers(List<SourceRecord> records) {
    Set<Object> numbers = new HashSet<>();
    for (SourceRecord record : records) {
      if (record.value() instanceof Struct value && value.schema().field("after") != null) {
        numbers.add(value.getStruct("after").get("n"));
      }
    }
    return numbers;
  }

  @Test
  void readsByKeysWhoseTypesHaveALength() throws Exception {
    Servers.execute(
        server,
        "create table coded_text(id char(8), m varchar(4), n int, primary key (id, m));"
            + "insert into coded_text"
            + " select to_char(i, 'FM0000'), 'm', i from generate_series(1, 350) i;"
            + "create table coded_bits(id bit(10) primary key, n int);"
            + "insert into coded_bits select i::bit(10), i from generate_series(1, 350) i");
    try (TaskRunner runner = run("coded")) {
      for (String table : List.of("coded_text", "coded_bits")) {
        signal("execute-snapshot", table);
        List<SourceRecord> read = runner.pollUntil(LONG, all -> numbers(all).size() == 350);
        assertThat(read).as(table).hasSize(350);
      }
    }
  }

  /** Behind the last row in the order of the one key are other rows than in that of the other. */
  @Test
  void startsOverWhereTheTableGetsAnotherKey() throws Exception {
    Servers.execute(
        server,
        "create table rekeyed(id int primary key, n int not null);"
            + "insert into rekeyed select i, 1000 - i from generate_series(1, 900) i");
    String[] small = {"max.batch.size", "10", "max.queue.size", "10"};
    try (TaskRunner runner = run("rekeyed", small)) {
      signal("execute-snapshot", "rekeyed");
      Set<Object> read = numbers(runner.pollUntil(LONG, all -> all.size() >= 150));
      Servers.execute(
          server, "alter table rekeyed drop constraint rekeyed_pkey, add primary key (n)");
      runner.pollUntil(
          LONG,
          all -> {
            read.addAll(numbers(all));
            return read.size() == 900;
          });
    }
  }

  /** The log has the text of messages in the encoding of the database. */
  @Test
  void readsANewTableInADatabaseThatIsNotInUnicode() throws Exception {
    boolean hasProviders =
        Integer.parseInt(Servers.single(server, "show server_version_num")) >= 150_000;
    Servers.execute(
        server,
        "create database latin encoding 'LATIN1' locale 'C' template template0"
            + (hasProviders ? " locale_provider libc" : ""));
    Map<String, String> config =
        Servers.ownerConfig(
            server,
            "database.dbname",
            "latin",
            "slot.name",
            "latin",
            "table.include.list",
            "public.t.*",
            "snapshot.new.tables.interval.ms",
            "200");
    String url = "jdbc:postgresql://" + server.host() + ":" + server.port() + "/latin";
    try (Connection session = DriverManager.getConnection(url, server.user(), server.password());
        Statement statement = session.createStatement()) {
      statement.execute("create table t(id int primary key, n int); insert into t values (1, 1)");
      try (TaskRunner runner =
          new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store())) {
        runner.pollUntil(LONG, all -> numbers(all).contains(1));
        statement.execute(
            "create table \"t\u00e4\"(id int primary key, n int);"
                + " insert into \"t\u00e4\" values (1, 2)");
        runner.pollUntil(LONG, all -> numbers(all).contains(2));
      }
    }
  }

  @Test
  void stopsReadingATableThatIsLocked() throws Exception {
    Servers.execute(
        server,
        "create table held(id int primary key, n int); insert into held values (1, 1);"
            + "create table held_not(id int primary key, n int); insert into held_not values (1, 2)");
    try (TaskRunner runner = run("held");
        Connection session = Servers.connect(server);
        Statement statement = session.createStatement()) {
      session.setAutoCommit(false);
      statement.execute("lock table held");
      signal("execute-snapshot", "held");
      String waiting =
          "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
              + " and application_name = 'Tributary snapshot'";
      Await.until("a wait", LONG, () -> !"0".equals(Servers.single(server, waiting)));
      signal("stop-snapshot", "held");
      signal("execute-snapshot", "held_not");
      runner.pollUntil(LONG, all -> numbers(all).contains(2));
      Await.until("no wait", LONG, () -> "0".equals(Servers.single(server, waiting)));
      session.rollback();
    }
  }
}
