package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Snapshots: what is read, by how many threads, and how one goes on that was cut off. */
class SnapshotTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int END = 1_000_000;

  private PostgresServer server;
  private TaskRunner.Store store;

  @BeforeEach
  void start() throws Exception {
    server = PostgresServer.start();
    store = new TaskRunner.Store();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TaskRunner run(String... settings) throws Exception {
    Map<String, String> config = Servers.config(server, "table.include.list", "public.*");
    config.put("slot.retry.delay.ms", "100");
    config.put("slot.max.retries", "600");
    Servers.with(config, settings);
    return new TaskRunner(PgLogicalSourceConnector.class, config, store);
  }

  private void execute(String sql) throws SQLException {
    Servers.execute(server, sql);
  }

  private static List<SourceRecord> of(List<SourceRecord> records, String table) {
    return records.stream().filter(r -> r.topic().equals("shop.public." + table)).toList();
  }

  private static List<Integer> ids(List<SourceRecord> records) {
    return records.stream().map(record -> ((Struct) record.key()).getInt32("id")).toList();
  }

  private static boolean has(List<SourceRecord> records, String table, int id) {
    return of(records, table).stream().anyMatch(r -> ((Struct) r.key()).getInt32("id") == id);
  }

  private static Object source(SourceRecord record, String field) {
    return ((Struct) record.value()).getStruct("source").get(field);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void readsTheTablesInOrderAndMarksTheirEdges() throws Exception {
    execute(
        "create table b(id int primary key); insert into b select generate_series(1, 3000);"
            + "create table a(id int primary key); insert into a select generate_series(1, 3);"
            + "create table c(id int primary key); create table d(id int primary key);"
            + "insert into d values (1), (2)");
    try (TaskRunner runner = run()) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> has(all, "d", 2));
      assertThat(ids(of(records, "a"))).isEqualTo(range(1, 3));
      assertThat(ids(of(records, "b"))).isEqualTo(range(1, 3000));
      assertThat(ids(records).subList(3003, 3005)).isEqualTo(range(1, 2));
      List<Object> markers = records.stream().map(r -> source(r, "snapshot")).toList();
      assertThat(markers.subList(0, 4))
          .containsExactly("first", "true", "last_in_data_collection", "first_in_data_collection");
      assertThat(markers.subList(4, 3002)).containsOnly("true");
      assertThat(markers.subList(3002, 3005))
          .containsExactly("last_in_data_collection", "first_in_data_collection", "last");
      assertThat(records.get(3004).sourceOffset().keySet())
          .isEqualTo(java.util.Set.of("commit_lsn"));
    }
  }

  @Test
  void readsTablesWithoutColumns() throws Exception {
    execute("create table a(); insert into a default values; insert into a default values");
    try (TaskRunner runner = run()) {
      assertThat(runner.pollUntil(LONG, all -> of(all, "a").size() == 2))
          .allMatch(record -> ((Struct) record.value()).getStruct("after") != null);
    }
  }

  @Test
  void readsPartsOfTablesByThreads() throws Exception {
    execute(
        "create table a(id int primary key, v text);"
            + "insert into a select i, repeat('x', 300) from generate_series(1, 100000) i;"
            + "delete from a where id % 7 = 0;"
            + "create table b(id int primary key); insert into b select generate_series(1, 5000)");
    try (TaskRunner runner = run("snapshot.max.threads", "3")) {
      List<SourceRecord> records =
          runner.pollUntil(LONG, all -> !all.isEmpty() && !at(all).containsKey("snapshot"));
      List<Integer> expected = range(1, 100_000).stream().filter(id -> id % 7 != 0).toList();
      assertThat(ids(of(records, "a")).stream().sorted().toList()).isEqualTo(expected);
      assertThat(ids(of(records, "b")).stream().sorted().toList()).isEqualTo(range(1, 5000));
      execute("insert into b values (0)");
      assertThat(ids(of(runner.pollUntil(LONG, all -> has(all, "b", 0)), "b"))).containsExactly(0);
    }
  }

  private static Map<String, ?> at(List<SourceRecord> records) {
    return records.get(records.size() - 1).sourceOffset();
  }

  @Test
  void readsWhatAnOverrideSelectsAndOnlyIncludedTables() throws Exception {
    execute(
        "create table a(id int primary key, v text); insert into a select i, 'v' from generate_series(1, 10) i;"
            + "create table b(id int primary key); insert into b values (1);"
            + "create table c(id int primary key); insert into c values (1)");
    try (TaskRunner runner =
        run(
            "snapshot.include.collection.list",
            "public.a,public.c",
            "snapshot.select.statement.overrides",
            "public.a",
            "snapshot.select.statement.overrides.public.a",
            "SELECT id, upper(v) AS v FROM public.a WHERE id > 7 ORDER BY id DESC; ")) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> has(all, "c", 1));
      assertThat(ids(of(records, "a"))).containsExactly(10, 9, 8);
      assertThat(((Struct) records.get(0).value()).getStruct("after").getString("v"))
          .isEqualTo("V");
      assertThat(of(records, "b")).isEmpty();
      execute("insert into b values (2)");
      assertThat(ids(of(runner.pollUntil(LONG, all -> has(all, "b", 2)), "b"))).containsExactly(2);
    }
  }

  @Test
  void goesOnWhereItWasCutOffWithoutGapOrDouble() throws Exception {
    execute(
        "create table a(id int primary key, v text); insert into a select i, 'v' from generate_series(1, 30000) i;"
            + "create table b(id int primary key); insert into b select generate_series(1, 2000)");
    List<SourceRecord> records = new ArrayList<>();
    try (TaskRunner runner = run("max.batch.size", "100", "max.queue.size", "100")) {
      records.addAll(runner.pollUntil(LONG, all -> all.size() >= 5000));
      runner.storeOffsets();
    }
    Map<String, Object> offset = store.offset(Map.of("server", "shop"));
    assertThat(offset).containsEntry("snapshot", "running");
    assertThat(offset).containsEntry("snapshot_table", "\"public\".\"a\"");
    assertThat(offset.get("snapshot_rest").toString()).matches("\"public\".\"a\" \\(\\d+,\\d+\\)-");
    execute(
        "insert into a values (50001, 'new'); update a set v = 'changed' where id in (1, 29999);"
            + "delete from a where id in (2, 29998);"
            + "create table aa(id int primary key); insert into aa values (1)");
    try (TaskRunner runner = run()) {
      records.addAll(runner.pollUntil(LONG, all -> has(all, "a", 29998)));
      execute("insert into b values (" + END + ")");
      records.addAll(runner.pollUntil(LONG, all -> has(all, "b", END)));
    }
    List<Integer> read = ids(of(records, "a").stream().filter(r -> op(r).equals("r")).toList());
    List<Integer> expected = new ArrayList<>(range(1, 30000));
    expected.removeAll(List.of(29998, 29999)); // changed since, and not read before
    assertThat(read).isEqualTo(expected);
    List<String> streamed =
        of(records, "a").stream()
            .filter(r -> !"r-".contains(op(r)))
            .map(r -> op(r) + ((Struct) r.key()).getInt32("id"))
            .toList();
    assertThat(streamed).containsExactlyInAnyOrder("c50001", "u1", "u29999", "d2", "d29998");
    assertThat(ids(of(records, "aa"))).containsExactly(1);
    assertThat(ids(of(records, "b"))).hasSize(2001).doesNotHaveDuplicates();
  }

  private static String op(SourceRecord record) {
    return record.value() instanceof Struct value ? value.getString("op") : "-";
  }

  /** The publication has had the tables all along, so that nothing else would tell. */
  @Test
  void startsOverWhereOtherTablesAreCaptured() throws Exception {
    execute(
        "create table a(id int primary key); insert into a select generate_series(1, 10);"
            + "create table m(id int primary key); insert into m select generate_series(1, 5000);"
            + "create table z(id int primary key); insert into z values (1)");
    String[] settings = {
      "table.include.list", "public.(m|z)", "max.batch.size", "100", "max.queue.size", "100"
    };
    try (TaskRunner runner = run(settings)) {
      runner.pollUntil(LONG, all -> all.size() >= 500);
      runner.storeOffsets();
    }
    assertThat(at()).containsEntry("snapshot", "running");
    execute("delete from m where id = 1"); // which was handed on
    settings[1] = "public.(a|m|z)";
    try (TaskRunner runner = run(settings)) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> isDeleted(all, "m", 1));
      assertThat(ids(of(records, "a"))).isEqualTo(range(1, 10));
      assertThat(ids(of(records, "m")).subList(0, 4999)).isEqualTo(range(2, 5000));
      assertThat(has(records, "z", 1)).isTrue();
    }
  }

  private static boolean isDeleted(List<SourceRecord> records, String table, int id) {
    return of(records, table).stream()
        .filter(record -> record.value() instanceof Struct value && "d".equals(value.get("op")))
        .anyMatch(record -> ((Struct) record.key()).getInt32("id") == id);
  }

  private Map<String, Object> at() {
    return store.offset(Map.of("server", "shop"));
  }

  @Test
  void readsATableAnewThatWasRewrittenMeanwhile() throws Exception {
    execute(
        "create table a(id int primary key, v text); insert into a select i, 'v' from generate_series(1, 20000) i");
    Replay replay = new Replay("shop.public.a");
    try (TaskRunner runner = run("max.batch.size", "100", "max.queue.size", "100")) {
      replay.apply(runner.pollUntil(LONG, all -> all.size() >= 1000));
      runner.storeOffsets();
    }
    execute("alter table a alter column v type varchar using v || '!'");
    execute("alter table a add column d timestamptz not null default clock_timestamp()");
    try (TaskRunner runner = run()) {
      execute("insert into a values (" + END + ", 'end')");
      replay.apply(runner.pollUntil(LONG, all -> has(all, "a", END)));
    }
    assertThat(replay.rows()).hasSize(20_001);
  }

  @Test
  void aServerThatRestartsDoesNotMakeASnapshotStartOver() throws Exception {
    execute(
        "create table a(id int primary key, v text); insert into a select i, 'v' from generate_series(1, 30000) i");
    try (TaskRunner runner = run("max.batch.size", "100", "max.queue.size", "100")) {
      List<SourceRecord> records =
          new ArrayList<>(runner.pollUntil(LONG, all -> all.size() >= 3000));
      server.kill();
      server.restart();
      records.addAll(runner.pollUntil(LONG, all -> has(all, "a", 30000)));
      assertThat(ids(of(records, "a"))).isEqualTo(range(1, 30000));
    }
  }

  /**
   * Two writers change three tables all the while, in transactions with savepoints that stay open
   * for a while; the task is cut off at random again and again, in the snapshot and behind it.
   */
  @Test
  void theTopicTellsWhatTheTablesHoldWhereverTheTaskIsCutOff() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    execute(
        "create table a(id int primary key, v text, n int);"
            + "create table big(id int primary key, v text, n int);"
            + "create table ful(id int primary key, v text, n int);"
            + "alter table ful replica identity full;"
            + "insert into a select i, 'v' || i, 0 from generate_series(1, 8000) i;"
            + "insert into big select i, (select string_agg(md5((i * g)::text), '') from generate_series(1, 100) g), 0"
            + " from generate_series(1, 1500) i;"
            + "insert into ful select i, (select string_agg(md5((i * g)::text), '') from generate_series(1, 100) g), 0"
            + " from generate_series(1, 1500) i");
    Map<String, Replay> replays = new HashMap<>();
    for (String table : List.of("a", "big", "ful")) {
      replays.put(table, new Replay("shop.public." + table));
    }
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> writers =
        List.of(
            writer(new Random(seed + 1), failure, stop),
            writer(new Random(seed + 2), failure, stop));
    int threads = 1 + random.nextInt(3);
    String[] settings = {
      "snapshot.max.threads", "" + threads, "max.batch.size", "200", "max.queue.size", "400"
    };
    writers.forEach(Thread::start);
    for (int cut = 0; cut < 8; cut++) {
      int most = 1 + random.nextInt(3000);
      try (TaskRunner runner = run(settings)) {
        List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= most);
        replays.values().forEach(replay -> replay.apply(records));
        runner.storeOffsets();
      }
    }
    stop.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(failure.get()).isNull();
    execute("insert into a values (" + END + ", 'end', 0)");
    try (TaskRunner runner = run(settings)) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> has(all, "a", END));
      replays.values().forEach(replay -> replay.apply(records));
    }
    for (String table : replays.keySet()) {
      assertThat(replays.get(table).rows())
          .as("table %s, seed %d, %d threads", table, seed, threads)
          .isEqualTo(rows(table));
    }
    assertThat(replays.get("a").doubles()).as("seed %d", seed).isZero();
    assertThat(replays.get("ful").doubles()).as("seed %d", seed).isZero();
  }

  private Map<Object, Map<String, Object>> rows(String table) throws SQLException {
    Map<Object, Map<String, Object>> rows = new HashMap<>();
    try (Connection connection = Servers.connect(server);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("select id, v, n from " + table)) {
      while (found.next()) {
        Map<String, Object> row = new HashMap<>();
        row.put("id", found.getInt(1));
        row.put("v", found.getString(2));
        row.put("n", found.getObject(3));
        rows.put(found.getInt(1), row);
      }
    }
    return rows;
  }

  private Thread writer(Random random, AtomicReference<Throwable> failure, AtomicBoolean stop) {
    return new Thread(
        () -> {
          try (Connection connection = Servers.connect(server);
              Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!stop.get()) {
              for (int i = random.nextInt(6); i >= 0; i--) {
                change(connection, statement, random);
              }
              statement.execute("select pg_sleep(" + random.nextInt(20) / 1000.0 + ")");
              if (random.nextInt(10) == 0) {
                connection.rollback();
              } else {
                connection.commit();
              }
            }
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          }
        });
  }

  private static void change(Connection connection, Statement statement, Random random)
      throws SQLException {
    Savepoint savepoint = random.nextInt(3) == 0 ? connection.setSavepoint() : null;
    String table = List.of("a", "big", "ful").get(random.nextInt(3));
    int id = 1 + random.nextInt(table.equals("a") ? 9000 : 1700);
    // in one order and without waiting, so that two writers never wait for each other
    String row = "(select id from " + table + " where id = " + id + " for update skip locked)";
    switch (random.nextInt(4)) {
      case 0 ->
          statement.execute(
              "insert into "
                  + table
                  + " select "
                  + id
                  + ", repeat('"
                  + id
                  + "', 700), 1 where"
                  + " pg_try_advisory_xact_lock("
                  + id
                  + ", "
                  + table.length()
                  + ")"
                  + " on conflict do nothing");
      case 1 -> statement.execute("update " + table + " set n = n + 1 where id in " + row);
      case 2 ->
          statement.execute(
              "update " + table + " set v = md5(random()::text) || v where id in " + row);
      default -> statement.execute("delete from " + table + " where id in " + row);
    }
    if (savepoint != null && random.nextInt(3) == 0) {
      connection.rollback(savepoint);
    }
  }
}
