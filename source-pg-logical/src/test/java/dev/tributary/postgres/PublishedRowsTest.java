package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A publication's row filters and column lists hold for what is read as for what is streamed. */
class PublishedRowsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final TaskRunner.Store store = new TaskRunner.Store();
  private PostgresServer server;

  @BeforeEach
  void start() {
    server = PostgresServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TaskRunner run(String... settings) throws Exception {
    Map<String, String> config = Servers.config(server, "table.include.list", "public.*");
    Servers.with(config, settings);
    return new TaskRunner(PgLogicalSourceConnector.class, config, store);
  }

  private static List<SourceRecord> of(List<SourceRecord> records, String operation) {
    return records.stream()
        .filter(r -> r.value() instanceof Struct value && value.schema().field("op") != null)
        .filter(r -> ((Struct) r.value()).getString("op").equals(operation))
        .toList();
  }

  private static List<Object> keys(List<SourceRecord> records, String field) {
    return records.stream().map(record -> ((Struct) record.key()).get(field)).toList();
  }

  private static List<String> columns(SourceRecord record) {
    return record.valueSchema().field("after").schema().fields().stream().map(Field::name).toList();
  }

  private void awaitStreaming() {
    Await.until(
        "changes to be streamed",
        LONG,
        () ->
            "1"
                .equals(
                    Servers.single(
                        server,
                        "select count(*) from pg_replication_slots where active and not temporary")));
  }

  private void signal(String table) throws Exception {
    Servers.execute(
        server,
        "select pg_logical_emit_message(true, 'tributary.signal', '{\"type\": \"execute-snapshot\","
            + " \"data\": {\"data-collections\": [\"public."
            + table
            + "\"]}}')");
  }

  @Test
  void readsTheRowsAndColumnsThatAreStreamed() throws Exception {
    Servers.execute(
        server,
        "create table t(secret text, id int primary key, n int not null, state text);"
            + "insert into t select 'secret', i, i, 's' from generate_series(1, 10) i;"
            + "create publication tributary for table t (id, state) where (id % 2 = 0 or id > 100)");
    try (TaskRunner runner = run()) {
      List<SourceRecord> read = runner.pollUntil(LONG, all -> of(all, "r").size() >= 5);
      assertThat(keys(of(read, "r"), "id")).containsExactly(2, 4, 6, 8, 10);
      assertThat(columns(read.get(0))).containsExactly("id", "state");
      awaitStreaming();
      Servers.execute(
          server, "insert into t values ('secret', 11, 1, 's'), ('secret', 12, 1, 's')");
      List<SourceRecord> streamed = runner.pollUntil(LONG, all -> !of(all, "c").isEmpty());
      assertThat(keys(of(streamed, "c"), "id")).containsExactly(12);
      assertThat(of(streamed, "c").get(0).valueSchema()).isEqualTo(read.get(0).valueSchema());
      signal("t");
      List<SourceRecord> again = runner.pollUntil(LONG, all -> of(all, "r").size() >= 6);
      assertThat(keys(of(again, "r"), "id")).containsExactly(2, 4, 6, 8, 10, 12);
      assertThat(again.get(0).valueSchema()).isEqualTo(read.get(0).valueSchema());
    }
  }

  @Test
  void hasTheReplicaIdentityAsKeyWhereThePrimaryKeyIsNotPublished() throws Exception {
    Servers.execute(
        server,
        "create table t(id int primary key, other int not null unique, v text);"
            + "alter table t replica identity using index t_other_key;"
            + "insert into t values (1, 10, 'a');"
            + "create publication tributary for table t (other, v)");
    try (TaskRunner runner = run()) {
      List<SourceRecord> read = runner.pollUntil(LONG, all -> !of(all, "r").isEmpty());
      assertThat(keys(of(read, "r"), "other")).containsExactly(10);
      awaitStreaming();
      Servers.execute(server, "insert into t values (2, 20, 'b')");
      List<SourceRecord> streamed = runner.pollUntil(LONG, all -> !of(all, "c").isEmpty());
      assertThat(of(streamed, "c").get(0).keySchema()).isEqualTo(read.get(0).keySchema());
      signal("t");
      List<SourceRecord> again = runner.pollUntil(LONG, all -> of(all, "r").size() >= 2);
      assertThat(keys(of(again, "r"), "other")).containsExactly(10, 20);
    }
  }

  @Test
  void filtersTheRowsOfOtherSelectsToo() throws Exception {
    Servers.execute(
        server,
        "create table t(id int primary key); insert into t select generate_series(1, 9);"
            + "create publication tributary for table t where (id > 5)");
    try (TaskRunner runner =
        run(
            "snapshot.select.statement.overrides",
            "public.t",
            "snapshot.select.statement.overrides.public.t",
            "select * from t where id % 2 = 0;")) {
      List<SourceRecord> read = runner.pollUntil(LONG, all -> of(all, "r").size() >= 2);
      assertThat(keys(of(read, "r"), "id")).containsExactly(6, 8);
    }
  }

  @Test
  void filtersThePartitionsOfARootAndNotTablesPublishedWithTheirSchema() throws Exception {
    Servers.execute(
        server,
        "create table ev(id int primary key, v text) partition by range (id);"
            + "create table ev_1 partition of ev for values from (0) to (10);"
            + "create table ev_2(v text, id int not null);"
            + "alter table ev attach partition ev_2 for values from (10) to (20);"
            + "insert into ev select i, 'v' || i from generate_series(1, 19) i;"
            + "create schema whole; create table whole.t(id int primary key);"
            + "insert into whole.t values (1), (2);"
            + "create publication tributary for table ev where (id % 5 = 0),"
            + " tables in schema whole, table whole.t where (id = 2)"
            + " with (publish_via_partition_root = true)");
    try (TaskRunner runner = run("table.include.list", "public.ev,whole.t")) {
      List<SourceRecord> read = runner.pollUntil(LONG, all -> of(all, "r").size() >= 5);
      assertThat(keys(of(read, "r"), "id")).containsExactly(5, 10, 15, 1, 2);
      awaitStreaming();
      Servers.execute(
          server,
          "insert into whole.t values (3); delete from ev where id in (4, 5);"
              + "update ev set id = 4 where id = 10; update ev set id = 0 where id = 11");
      List<SourceRecord> streamed =
          runner.pollUntil(LONG, all -> keys(of(all, "c"), "id").contains(0));
      assertThat(keys(of(streamed, "d"), "id")).containsExactly(5, 10);
      assertThat(keys(of(streamed, "c"), "id")).containsExactly(3, 0);
    }
  }

  @Test
  void goesOnWithTheSnapshotOfTablesThatArePublishedWithTheirSchema() throws Exception {
    Servers.execute(
        server,
        "create table t(id int primary key); insert into t select generate_series(1, 20000);"
            + "create table z(id int primary key); insert into z select generate_series(1, 5);"
            + "create schema late; create publication tributary for tables in schema public");
    String[] settings = {
      "table.include.list", "(public|late).*", "max.batch.size", "100", "max.queue.size", "100"
    };
    List<SourceRecord> read = new ArrayList<>();
    try (TaskRunner runner = run(settings)) {
      read.addAll(runner.pollUntil(LONG, all -> all.size() >= 700));
      runner.storeOffsets();
    }
    Servers.execute(
        server,
        "create table late.u(id int primary key); insert into late.u values (1);"
            + "alter publication tributary add tables in schema late; insert into late.u values (2);"
            + "insert into t values (20001)");
    try (TaskRunner runner = run(settings)) {
      read.addAll(runner.pollUntil(LONG, all -> keys(of(all, "c"), "id").contains(20_001)));
    }
    List<Object> rows = new ArrayList<>(IntStream.rangeClosed(1, 20_000).boxed().toList());
    rows.addAll(List.of(1, 2, 3, 4, 5, 1, 2)); // of z, and of what is published since as it is now
    assertThat(keys(of(read, "r"), "id")).containsExactlyInAnyOrderElementsOf(rows);
  }
}
