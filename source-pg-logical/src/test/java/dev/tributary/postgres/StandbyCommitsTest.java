package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits that are streamed while they still wait for a standby, hidden from all others. */
class StandbyCommitsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    Servers.execute(server, "alter database postgres set synchronous_commit = local");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void standbys(String names) throws Exception {
    try (Connection connection = Servers.connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute("alter system set synchronous_standby_names = '" + names + "'");
      statement.execute("select pg_reload_conf()");
    }
    Await.until(
        "commits to wait for '" + names + "'",
        LONG,
        () -> names.equals(Servers.single(server, "show synchronous_standby_names")));
  }

  private static Object waiting(String sql) throws Exception {
    try (Connection connection = Servers.connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute("set synchronous_commit = on");
      return statement.execute(sql);
    }
  }

  private static List<Integer> values(List<SourceRecord> records, String table) {
    return records.stream()
        .filter(record -> record.topic().equals("shop.public." + table))
        .map(record -> ((Struct) record.value()).getStruct("after").getInt32("n"))
        .toList();
  }

  private static List<SourceRecord> until(TaskRunner runner, String table, int n) throws Exception {
    return runner.pollUntil(LONG, all -> values(all, table).contains(n));
  }

  private static TaskRunner run(String name, TaskRunner.Store store) throws Exception {
    return new TaskRunner(
        PgLogicalSourceConnector.class,
        Servers.config(
            server,
            "slot.name",
            name,
            "snapshot.mode",
            "no_data",
            "table.include.list",
            "public." + name + "(_mark)?"),
        store);
  }

  /** With and without a restart between the change and the rows that are read. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noRowIsOlderThanAChangeBeforeIt(boolean restart) throws Exception {
    String name = restart ? "again" : "once";
    Servers.execute(
        server,
        "create table %1$s(id int primary key, n int); create table %1$s_mark(id int primary key, n int);"
                .formatted(name)
            + "insert into %s values (1, 0)".formatted(name));
    TaskRunner.Store store = new TaskRunner.Store();
    ExecutorService sessions = Executors.newSingleThreadExecutor();
    TaskRunner runner = run(name, store);
    try {
      Await.until(
          "changes to be streamed",
          LONG,
          () ->
              "t"
                  .equals(
                      Servers.single(
                          server,
                          "select active from pg_replication_slots where not temporary and slot_name = '"
                              + name
                              + "'")));
      standbys("nobody");
      Future<?> update = sessions.submit(() -> waiting("update " + name + " set n = 1"));
      List<SourceRecord> records = new ArrayList<>(until(runner, name, 1));
      if (restart) {
        runner.storeOffsets();
        runner.close();
        runner = run(name, store);
      }
      Servers.execute(
          server,
          "select pg_logical_emit_message(true, 'tributary.signal', '{\"type\": \"execute-snapshot\","
              + " \"data\": {\"data-collections\": [\"public."
              + name
              + "\"]}}')");
      for (int mark = 1; mark <= 20; mark++) { // time to read what must not be read yet
        Servers.execute(server, "insert into %s_mark values (%2$d, %2$d)".formatted(name, mark));
        records.addAll(until(runner, name + "_mark", mark));
      }
      assertThat(update.isDone()).isFalse();
      assertThat(values(records, name)).containsExactly(1);
      standbys("");
      update.get(LONG.toSeconds(), TimeUnit.SECONDS);
      records.addAll(until(runner, name, 1));
      assertThat(values(records, name)).containsExactly(1, 1);
    } finally {
      standbys("");
      runner.close();
      sessions.shutdownNow();
    }
  }
}
