package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
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

/** Tables that are read again, or for the first time, while changes are streamed. */
class IncrementalSnapshotTest {
  private static final Duration LONG = Duration.ofMinutes(1);
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
    return run(Servers.config(server, settings));
  }

  private TaskRunner run(Map<String, String> config) throws Exception {
    config.putIfAbsent("table.include.list", "public.*");
    config.put("slot.retry.delay.ms", "100");
    config.put("slot.max.retries", "600");
    config.put("incremental.snapshot.chunk.size", "100");
    return new TaskRunner(PgLogicalSourceConnector.class, config, store);
  }

  private void execute(String sql) throws Exception {
    Servers.execute(server, sql);
  }

  /** Without a snapshot, what is committed before is not streamed. */
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

  private void signal(String type, String data) throws Exception {
    execute(
        "select pg_logical_emit_message(true, 'tributary.signal', '{\"id\": \"1\", \"type\": \""
            + type
            + "\", \"data\": "
            + data.replace("'", "''")
            + "}')");
  }

  private static List<SourceRecord> of(List<SourceRecord> records, String table, String operation) {
    return records.stream()
        .filter(r -> r.topic().equals("shop.public." + table))
        .filter(r -> r.value() instanceof Struct value && value.getString("op").equals(operation))
        .toList();
  }

  private static List<Integer> ids(List<SourceRecord> records) {
    return records.stream().map(record -> ((Struct) record.key()).getInt32("id")).toList();
  }

  private static boolean has(List<SourceRecord> records, String table, int id) {
    return ids(of(records, table, "c")).contains(id);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void readsTheTablesThatASignalNames() throws Exception {
    execute(
        "create table a(id int primary key, v text); insert into a select i, 'v' from generate_series(1, 1000) i;"
            + "create table b(id int primary key); insert into b select generate_series(1, 150);"
            + "create table c(id int primary key); insert into c values (1);"
            + "create table nokey(x int); insert into nokey values (1)");
    try (TaskRunner runner = run("snapshot.mode", "no_data")) {
      awaitStreaming();
      execute("insert into c values (2)");
      runner.pollUntil(LONG, all -> has(all, "c", 2));
      signal(
          "execute-snapshot",
          "{\"data-collections\": [\"public.[ab]\", \"public.nokey\"], \"type\": \"INCREMENTAL\","
              + " \"additional-conditions\": [{\"data-collection\": \"public.a\", \"filter\": \"id % 2 = 0 and v = 'v'\"}]}");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> of(all, "b", "r").size() >= 150);
      assertThat(ids(of(records, "a", "r")))
          .isEqualTo(range(1, 1000).stream().filter(id -> id % 2 == 0).toList());
      assertThat(ids(of(records, "b", "r"))).isEqualTo(range(1, 150));
      SourceRecord read = of(records, "b", "r").get(0);
      assertThat(((Struct) read.value()).getStruct("source").getString("snapshot"))
          .isEqualTo("incremental");
      assertThat(of(records, "a", "r").get(0).sourceOffset()).containsKey("incremental");
      execute("insert into c values (3)");
      List<SourceRecord> after = runner.pollUntil(LONG, all -> has(all, "c", 3));
      assertThat(of(after, "c", "r")).isEmpty();
      awaitTheEnd(runner); // the table without key is refused when it is looked at
      assertThat(after).noneMatch(record -> record.topic().equals("shop.message"));
    }
  }

  private void awaitTheEnd(TaskRunner runner) throws Exception {
    long deadline = System.nanoTime() + LONG.toNanos();
    boolean reading = true;
    for (int id = 100; reading; id++) {
      int last = id;
      execute("insert into c values (" + last + ")");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> has(all, "c", last));
      reading = isReading(of(records, "c", "c").get(0));
      assertThat(System.nanoTime()).as("still reading").isLessThan(deadline);
    }
  }

  @Test
  void pausesGoesOnAndStops() throws Exception {
    execute(
        "create table a(id int primary key); insert into a select generate_series(1, 20000);"
            + "create table c(id int primary key)");
    try (TaskRunner runner = run("snapshot.mode", "no_data")) {
      awaitStreaming();
      execute("insert into c values (1)");
      runner.pollUntil(LONG, all -> has(all, "c", 1));
      signal("execute-snapshot", "{\"data-collections\": [\"public.a\"]}");
      runner.pollUntil(LONG, all -> of(all, "a", "r").size() > 300);
      signal("pause-snapshot", "{}");
      execute("insert into c values (2)");
      runner.pollUntil(LONG, all -> has(all, "c", 2));
      runner.storeOffsets();
      assertThat(store.offset(Map.of("server", "shop")).get("incremental").toString())
          .contains("\"paused\":true");
      execute("insert into c values (3)");
      assertThat(of(runner.pollUntil(LONG, all -> has(all, "c", 3)), "a", "r")).isEmpty();
      signal("resume-snapshot", "{}");
      runner.pollUntil(LONG, all -> of(all, "a", "r").size() > 300);
      signal("stop-snapshot", "{\"data-collections\": [\"public.a\"]}");
      execute("insert into c values (4)");
      List<SourceRecord> last = runner.pollUntil(LONG, all -> has(all, "c", 4));
      assertThat(of(last, "c", "c").get(0).sourceOffset()).doesNotContainKey("incremental");
      execute("insert into c values (5)");
      assertThat(of(runner.pollUntil(LONG, all -> has(all, "c", 5)), "a", "r")).isEmpty();
    }
  }

  @Test
  void ignoresSignalsThatAreNone() throws Exception {
    execute("create table c(id int primary key)");
    try (TaskRunner runner = run()) {
      awaitStreaming();
      execute("insert into c values (1)");
      runner.pollUntil(LONG, all -> has(all, "c", 1));
      execute("select pg_logical_emit_message(false, 'tributary.signal', 'nonsense')");
      signal("drop-everything", "{}");
      signal("execute-snapshot", "{\"data-collections\": [\"(\"]}");
      signal("execute-snapshot", "{\"data-collections\": [\"public.nothing\"]}");
      signal(
          "execute-snapshot",
          "{\"data-collections\": [\"public.c\"], \"additional-condition\": \"no_such_column = 1\"}");
      execute("create sequence written; grant all on sequence written to public");
      signal(
          "execute-snapshot",
          "{\"data-collections\": [\"public.c\"], \"additional-condition\": \"nextval('written') > 0\"}");
      execute("insert into c values (2)");
      runner.pollUntil(LONG, all -> has(all, "c", 2));
      signal("execute-snapshot", "{\"data-collections\": [\"public.c\"]}");
      assertThat(ids(runner.pollUntil(LONG, all -> of(all, "c", "r").size() == 2)))
          .containsExactly(1, 2);
      assertThat(Servers.single(server, "select is_called from written")).isEqualTo("f");
    }
  }

  /** Composite, mixed-case, non-numeric keys, with rows touched all the while and many restarts. */
  @Test
  void theTopicTellsWhatTheTableHoldsWhereverTheTaskIsCutOff() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    execute(
        "create table a(id int primary key, v text, n int);"
            + "insert into a select i, 'v' || i, 0 from generate_series(1, 5000) i;"
            + "create table c(id int primary key)");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicBoolean stop = new AtomicBoolean();
    Thread writer = new Thread(() -> write(new Random(seed + 1), failure, stop));
    Replay replay = new Replay("shop.public.a");
    int reads = 0;
    try (TaskRunner runner = run("snapshot.mode", "no_data")) {
      awaitStreaming();
      execute("insert into c values (1)");
      runner.pollUntil(LONG, all -> has(all, "c", 1));
      runner.storeOffsets();
    }
    writer.start();
    signal("execute-snapshot", "{\"data-collections\": [\"public.a\"]}");
    boolean done = false;
    while (!done) {
      try (TaskRunner runner = run("snapshot.mode", "no_data")) {
        int most = 1 + random.nextInt(1500);
        List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= most);
        replay.apply(records);
        reads += of(records, "a", "r").size();
        runner.storeOffsets();
        done = reads > 0 && !store.offset(Map.of("server", "shop")).containsKey("incremental");
      }
    }
    stop.set(true);
    writer.join();
    assertThat(failure.get()).isNull();
    execute("insert into c values (" + END + ")");
    try (TaskRunner runner = run("snapshot.mode", "no_data")) {
      replay.apply(runner.pollUntil(LONG, all -> has(all, "c", END)));
    }
    assertThat(replay.rows()).as("seed %d", seed).isEqualTo(rows());
    assertThat(reads).isBetween(1, 7000);
  }

  /** What changes in a table while its rows are read is more than may be held. */
  @Test
  void readsATableOfWhichEverythingChangesMeanwhile() throws Exception {
    execute(
        "create table a(id int primary key, v text, n int);"
            + "insert into a select i, 'v', 0 from generate_series(1, 3000) i");
    Replay replay = new Replay("shop.public.a");
    try (TaskRunner runner =
        run(
            "snapshot.mode",
            "no_data",
            "max.queue.size.in.bytes",
            "20000",
            "max.batch.size",
            "50",
            "heartbeat.interval.ms",
            "100")) {
      awaitStreaming();
      signal("execute-snapshot", "{\"data-collections\": [\"public.a\"]}");
      for (int i = 0; i < 5; i++) {
        execute("update a set n = n + 1");
      }
      execute("insert into a values (" + END + ", 'end', 0)");
      List<SourceRecord> records = new ArrayList<>();
      records.addAll(
          runner.pollUntil(LONG, all -> has(all, "a", END) && !isReading(all.get(all.size() - 1))));
      replay.apply(records);
    }
    assertThat(replay.rows()).isEqualTo(rows());
  }

  /**
   * Transactions that run while rows are read, and are committed before those are emitted, are no
   * reason to read the rows again.
   */
  @Test
  void readsEachChunkOnceWhileOthersCommitAllTheTime() throws Exception {
    execute(
        "create table a(id int primary key); insert into a select generate_series(1, 1000);"
            + "create table c(id int primary key); create table busy(id serial primary key)");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> writers =
        IntStream.range(0, 4).mapToObj(i -> new Thread(() -> commit(failure, stop))).toList();
    try (TaskRunner runner = run("snapshot.mode", "no_data")) {
      awaitStreaming();
      execute("select pg_create_logical_replication_slot('watch', 'pgoutput')");
      writers.forEach(Thread::start);
      execute("insert into c values (1)");
      runner.pollUntil(LONG, all -> has(all, "c", 1));
      signal("execute-snapshot", "{\"data-collections\": [\"public.a\"]}");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> of(all, "a", "r").size() >= 1000);
      assertThat(ids(of(records, "a", "r"))).isEqualTo(range(1, 1000));
    } finally {
      stop.set(true);
      for (Thread writer : writers) {
        writer.join();
      }
    }
    assertThat(failure.get()).isNull();
    String chunks =
        Servers.single(
            server,
            "select count(*) from pg_logical_slot_get_binary_changes('watch', null, null,"
                + " 'proto_version', '1', 'publication_names', 'tributary', 'messages', 'true')"
                + " where position('tributary.watermark'::bytea in data) > 0"
                + " and position('low '::bytea in data) > 0");
    // ten, one that finds the end, and a few that a commit was streamed before the server shows it
    assertThat(Integer.parseInt(chunks)).isBetween(10, 25);
  }

  /** Commits again and again, with a transaction running nearly all the time. */
  private void commit(AtomicReference<Throwable> failure, AtomicBoolean stop) {
    try (Connection connection = Servers.connect(server);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stop.get()) {
        statement.execute("insert into busy default values");
        statement.execute("select pg_sleep(0.003)");
        connection.commit();
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  private static boolean isReading(SourceRecord record) {
    return record.sourceOffset().containsKey("incremental");
  }

  private Map<Object, Map<String, Object>> rows() throws Exception {
    Map<Object, Map<String, Object>> rows = new HashMap<>();
    try (Connection connection = Servers.connect(server);
        Statement statement = connection.createStatement();
        var found = statement.executeQuery("select id, v, n from a")) {
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

  private void write(Random random, AtomicReference<Throwable> failure, AtomicBoolean stop) {
    try (Connection connection = Servers.connect(server);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!stop.get()) {
        for (int i = 0; i < 5; i++) {
          int id = 1 + random.nextInt(6000);
          switch (random.nextInt(4)) {
            case 0 ->
                statement.execute(
                    "insert into a values ("
                        + id
                        + ", 'new', 1) on conflict (id) do update set n = 5");
            case 1 -> statement.execute("delete from a where id = " + id);
            case 2 ->
                statement.execute(
                    "update a set id = id + 100000 where id = "
                        + id
                        + " and not exists (select from a where id = "
                        + (id + 100000)
                        + ")");
            default -> statement.execute("update a set n = n + 1 where id = " + id);
          }
        }
        connection.commit();
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  @Test
  void readsInTheOrderOfAnyKey() throws Exception {
    execute(
        "create type mood as enum ('sad', 'ok');"
            + "create table \"K k\"(\"Part A\" numeric(10,3), m mood, t text, id int, primary key (t, \"Part A\", m));"
            + "insert into \"K k\" select i / 7.0, case when i % 2 = 0 then 'sad' else 'ok' end::mood, 'it''s ' || i % 13, i"
            + " from generate_series(1, 700) i; create table c(id int primary key)");
    try (TaskRunner runner = run("snapshot.mode", "no_data")) {
      awaitStreaming();
      execute("insert into c values (1)");
      runner.pollUntil(LONG, all -> has(all, "c", 1));
      signal("execute-snapshot", "{\"data-collections\": [\"public.K k\"]}");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> of(all, "K_k", "r").size() >= 700);
      List<Integer> read =
          of(records, "K_k", "r").stream()
              .map(record -> ((Struct) record.value()).getStruct("after").getInt32("id"))
              .toList();
      assertThat(read).hasSize(700).doesNotHaveDuplicates();
    }
  }

  @Test
  void picksUpNewTablesWithWhatTheyHoldWithoutARestart() throws Exception {
    execute("create table a(id int primary key); insert into a values (1)");
    try (TaskRunner runner =
            run(Servers.ownerConfig(server, "snapshot.new.tables.interval.ms", "200"));
        Connection slow = Servers.connect(server);
        Statement statement = slow.createStatement()) {
      runner.pollUntil(LONG, all -> !of(all, "a", "r").isEmpty());
      execute(
          "create table b(id int primary key); insert into b select generate_series(1, 250);"
              + "create table other(id int primary key)");
      slow.setAutoCommit(false);
      statement.execute("insert into b values (1001)"); // before b is published, committed after
      Await.until(
          "the table to be published",
          LONG,
          () ->
              "1"
                  .equals(
                      Servers.single(
                          server,
                          "select count(*) from pg_publication_tables where tablename = 'b'")));
      slow.commit();
      execute("insert into b values (1002)");
      List<SourceRecord> records = new ArrayList<>();
      Replay replay = new Replay("shop.public.b");
      records.addAll(
          runner.pollUntil(
              LONG,
              all -> {
                Replay sofar = new Replay("shop.public.b");
                sofar.apply(all);
                return sofar.rows().size() >= 252;
              }));
      replay.apply(records);
      assertThat(replay.rows().keySet())
          .containsAll(range(1, 250))
          .contains(1001, 1002)
          .hasSize(252);
    }
  }

  @Test
  void picksUpATableThatTheConfigNamesFromTheNextStartOn() throws Exception {
    execute(
        "create table a(id int primary key); insert into a values (1);"
            + "create table b(id int primary key); insert into b values (1), (2)");
    try (TaskRunner runner = run(Servers.ownerConfig(server, "table.include.list", "public.a"))) {
      runner.pollUntil(LONG, all -> !of(all, "a", "r").isEmpty());
      runner.storeOffsets();
    }
    try (TaskRunner runner =
        run(Servers.ownerConfig(server, "table.include.list", "public.a,public.b"))) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> of(all, "b", "r").size() == 2);
      assertThat(of(records, "a", "r")).isEmpty();
    }
  }
}
