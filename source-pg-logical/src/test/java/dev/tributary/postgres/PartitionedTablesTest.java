package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
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
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitioned tables that are captured as a whole, under the name of their root. */
class PartitionedTablesTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int END = 1_000_000;
  private static final String VIA_ROOT = "publish.via.partition.root";

  private PostgresServer server;
  private TaskRunner.Store store;

  @BeforeEach
  void start() {
    server = PostgresServer.start();
    store = new TaskRunner.Store();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Map<String, String> config(String... settings) {
    Map<String, String> config = Servers.config(server, "table.include.list", "public.ev");
    config.put("slot.retry.delay.ms", "100");
    config.put("slot.max.retries", "600");
    config.put("incremental.snapshot.chunk.size", "100");
    config.putAll(Servers.config(server, settings));
    return config;
  }

  private TaskRunner run(String... settings) throws Exception {
    return new TaskRunner(PgLogicalSourceConnector.class, config(settings), store);
  }

  private void execute(String sql) throws Exception {
    Servers.execute(server, sql);
  }

  /**
   * Partitions of 1000 keys each, the second with its columns in another order, the third parted.
   */
  private void createTables(int rows) throws Exception {
    execute(
        "create table ev(id int primary key, v text not null) partition by range (id);"
            + "create table ev_1 partition of ev for values from (0) to (1000);"
            + "create table ev_2(v text not null, gone int, id int not null);"
            + "alter table ev_2 drop column gone;"
            + "alter table ev attach partition ev_2 for values from (1000) to (2000);"
            + "create table ev_3 partition of ev for values from (2000) to (3000) partition by hash (id);"
            + "create table ev_3_a partition of ev_3 for values with (modulus 2, remainder 0);"
            + "create table ev_3_b partition of ev_3 for values with (modulus 2, remainder 1);"
            + "create table ev_rest partition of ev default;"
            + "insert into ev select i, 'v' || i from generate_series(0, "
            + (rows - 1)
            + ") i");
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

  private static boolean has(List<SourceRecord> records, int id) {
    return ids(of(records, "ev", "c")).contains(id);
  }

  private static List<String> values(List<SourceRecord> records) {
    return records.stream()
        .map(record -> ((Struct) record.value()).getStruct("after").getString("v"))
        .toList();
  }

  private static Integer[] range(int from, int to) {
    return IntStream.range(from, to).boxed().toArray(Integer[]::new);
  }

  private static List<Object> markers(List<SourceRecord> records) {
    return records.stream()
        .map(record -> ((Struct) record.value()).getStruct("source").get("snapshot"))
        .toList();
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

  @Test
  void readsEachRowOfARootOnce() throws Exception {
    createTables(4000);
    // 'public.ev.*' matches root and partitions, which must not come twice
    try (TaskRunner runner = run(VIA_ROOT, "true", "table.include.list", "public.ev.*")) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 4000);
      assertThat(ids(of(records, "ev", "r"))).containsExactlyInAnyOrder(range(0, 4000));
      assertThat(records).extracting(SourceRecord::topic).containsOnly("shop.public.ev");
      assertThat(records)
          .allSatisfy(
              record ->
                  assertThat(values(List.of(record)))
                      .containsExactly("v" + ((Struct) record.key()).getInt32("id")));
      assertThat(markers(records).get(0)).isEqualTo("first");
      assertThat(markers(records).get(3999)).isEqualTo("last");
      assertThat(markers(records).subList(1, 3999)).containsOnly("true");
      execute("insert into ev values (" + END + ", 'end')");
      List<SourceRecord> streamed = runner.pollUntil(LONG, all -> has(all, END));
      assertThat(ids(of(streamed, "ev", "c"))).containsExactly(END);
    }
  }

  @Test
  void readsPartsOfPartitionsByThreads() throws Exception {
    createTables(3000);
    execute(
        "insert into ev select i, repeat('x', 300) from generate_series(3000, 100000) i;"
            + "create table a(id int primary key); insert into a values (1);"
            + "create table z(id int primary key); insert into z values (1)");
    try (TaskRunner runner =
        run(
            VIA_ROOT,
            "true",
            "snapshot.max.threads",
            "3",
            "table.include.list",
            "public.(a|ev|z)")) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 100_003);
      assertThat(ids(of(records, "ev", "r"))).containsExactlyInAnyOrder(range(0, 100_001));
      assertThat(records).hasSize(100_003);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void goesOnWithTheSnapshotOfARootWhereItWasCutOff(int threads) throws Exception {
    createTables(20_000);
    Replay replay = new Replay("shop.public.ev");
    String[] settings = {
      VIA_ROOT,
      "true",
      "max.batch.size",
      "100",
      "max.queue.size",
      "100",
      "snapshot.max.threads",
      "" + threads
    };
    int read = 0;
    for (int cut = 0; cut < 3; cut++) {
      int most = 700 + cut * 500;
      try (TaskRunner runner = run(settings)) {
        List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= most);
        read += records.size();
        replay.apply(records);
        runner.storeOffsets();
      }
    }
    execute(
        "update ev set v = 'changed' where id % 3 = 0; delete from ev where id % 5 = 0;"
            + "update ev set id = id + 1000000 where id % 11 = 1;"
            + "insert into ev values ("
            + (3 * END)
            + ", 'end')");
    List<SourceRecord> rest = new ArrayList<>();
    try (TaskRunner runner = run(settings)) {
      rest.addAll(runner.pollUntil(LONG, all -> has(all, 3 * END)));
      replay.apply(rest);
    }
    assertThat(read + of(rest, "ev", "r").size()).isLessThanOrEqualTo(20_000);
    assertThat(replay.doubles()).isZero();
    Map<Integer, String> rows = new HashMap<>();
    replay.rows().forEach((id, row) -> rows.put((Integer) id, (String) row.get("v")));
    assertThat(rows).hasSize(Integer.parseInt(Servers.single(server, "select count(*) from ev")));
    assertThat(rows.get(END + 12)).isEqualTo("changed");
    assertThat(rows).doesNotContainKey(12).doesNotContainKey(5);
  }

  /**
   * Writers change rows and move them between partitions all the while; the task is cut off at
   * random again and again, in the snapshot and behind it.
   */
  @Test
  void theTopicTellsWhatTheRootHoldsWhereverTheTaskIsCutOff() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    execute(
        "create table ev(id int, k int, v text, primary key (id, k)) partition by range (k);"
            + "create table ev_1 partition of ev for values from (0) to (10);"
            + "create table ev_2(v text, k int not null, id int not null);"
            + "alter table ev attach partition ev_2 for values from (10) to (20);"
            + "create table ev_3 partition of ev default partition by hash (id);"
            + "create table ev_3_a partition of ev_3 for values with (modulus 2, remainder 0);"
            + "create table ev_3_b partition of ev_3 for values with (modulus 2, remainder 1);"
            + "insert into ev select i, i % 30, 'v' || i from generate_series(1, 9000) i");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> writers =
        Stream.of(1, 2).map(i -> writer(new Random(seed + i), failure, stop)).toList();
    writers.forEach(Thread::start);
    Replay replay = new Replay("shop.public.ev");
    String[] settings = {
      VIA_ROOT,
      "true",
      "max.batch.size",
      "200",
      "max.queue.size",
      "400",
      "snapshot.max.threads",
      "" + (1 + random.nextInt(3))
    };
    for (int cut = 0; cut < 8; cut++) {
      int most = 1 + random.nextInt(2500);
      try (TaskRunner runner = run(settings)) {
        replay.apply(runner.pollUntil(LONG, all -> all.size() >= most));
        runner.storeOffsets();
      }
    }
    stop.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(failure.get()).isNull();
    execute("insert into ev values (" + END + ", 0, 'end')");
    try (TaskRunner runner = run(settings)) {
      replay.apply(runner.pollUntil(LONG, all -> has(all, END)));
    }
    assertThat(replay.rows().values().stream().map(PartitionedTablesTest::text))
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(rows());
    assertThat(replay.doubles()).as("seed %d", seed).isZero();
  }

  private static String text(Map<String, Object> row) {
    return row.get("id") + " " + row.get("k") + " " + row.get("v");
  }

  private List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = Servers.connect(server);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("select id || ' ' || k || ' ' || v from ev")) {
      while (found.next()) {
        rows.add(found.getString(1));
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
                change(statement, random);
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

  /** Of each ID there is one row at most, which only the writer that has locked the ID changes. */
  private static void change(Statement statement, Random random) throws SQLException {
    int id = 1 + random.nextInt(10_000);
    int partition = random.nextInt(30);
    try (ResultSet locked =
        statement.executeQuery("select pg_try_advisory_xact_lock(" + id + ")")) {
      locked.next();
      if (!locked.getBoolean(1)) {
        return;
      }
    }
    statement.execute(
        switch (random.nextInt(4)) {
          case 0 ->
              String.format(
                  "insert into ev select %d, %d, 'new' where not exists (select from ev where id = %d)",
                  id, partition, id);
          case 1 -> "update ev set v = v || '.' where id = " + id;
          case 2 -> "update ev set k = " + partition + " where id = " + id;
          default -> "delete from ev where id = " + id;
        });
  }

  @Test
  void movesRowsBetweenPartitionsUnderTheRootsName() throws Exception {
    createTables(10);
    try (TaskRunner runner = run(VIA_ROOT, "true", "skipped.operations", "none")) {
      runner.pollUntil(LONG, all -> all.size() >= 10);
      awaitStreaming();
      execute(
          "update ev set v = 'same' where id = 1; update ev set id = 1001 where id = 2;"
              + "truncate ev_1; insert into ev values ("
              + END
              + ", 'end')");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> has(all, END));
      assertThat(ids(of(records, "ev", "u"))).containsExactly(1);
      // to the log the move is a delete and an insert, of whatever key
      assertThat(ids(of(records, "ev", "d"))).containsExactly(2);
      assertThat(ids(of(records, "ev", "c"))).containsExactly(1001, END);
      assertThat(of(records, "ev", "t")).as("of a partition alone").isEmpty();
      execute("truncate ev");
      runner.pollUntil(LONG, all -> !of(all, "ev", "t").isEmpty());
    }
  }

  @Test
  void followsPartitionsThatComeAndGo() throws Exception {
    createTables(10);
    execute("create table late(like ev including all); insert into late values (5000, 'before')");
    try (TaskRunner runner = run(VIA_ROOT, "true")) {
      runner.pollUntil(LONG, all -> all.size() >= 10);
      awaitStreaming();
      execute("insert into late values (5001, 'not captured yet')");
      execute("alter table ev detach partition ev_rest");
      execute("alter table ev attach partition late for values from (5000) to (6000)");
      execute("insert into ev_rest values (9000, 'not captured any more')");
      execute("create table ev_7 partition of ev for values from (7000) to (8000)");
      execute("insert into ev values (5002, 'late'), (7000, 'new')");
      execute("alter table ev detach partition ev_1; insert into ev_1 values (998, 'gone')");
      execute("create table ev_end partition of ev for values from (900000) to (1100000)");
      execute("insert into ev values (" + END + ", 'end')");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> has(all, END));
      assertThat(ids(of(records, "ev", "c"))).containsExactly(5002, 7000, END);
      // what the attached table held can be asked for
      execute(
          "select pg_logical_emit_message(true, 'tributary.signal', '{\"id\": \"1\", \"type\":"
              + " \"execute-snapshot\", \"data\": {\"data-collections\": [\"public.ev\"],"
              + " \"additional-conditions\": [{\"data-collection\": \"public.ev\", \"filter\":"
              + " \"tableoid = ''public.late''::regclass\"}]}}')");
      List<SourceRecord> attached = runner.pollUntil(LONG, all -> of(all, "ev", "r").size() >= 3);
      assertThat(ids(of(attached, "ev", "r"))).containsExactly(5000, 5001, 5002);
    }
  }

  @Test
  void readsARootAgainWhileItChanges() throws Exception {
    createTables(2500);
    try (TaskRunner runner = run(VIA_ROOT, "true", "snapshot.mode", "no_data")) {
      awaitStreaming();
      execute(
          "select pg_logical_emit_message(true, 'tributary.signal', '{\"type\": \"execute-snapshot\","
              + " \"data\": {\"data-collections\": [\"public.ev\"]}}');"
              + "update ev set v = 'changed' where id = 1; update ev set id = 1500 + 2000 where id = 1500");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> of(all, "ev", "r").size() >= 2499);
      Replay replay = new Replay("shop.public.ev");
      replay.apply(records);
      assertThat(replay.rows()).hasSize(2500);
      assertThat(replay.row(1).orElseThrow().get("v")).isEqualTo("changed");
      assertThat(replay.row(3500)).isPresent();
      assertThat(replay.row(1500)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"filtered, true", "filtered, false", "all_tables, true", "all_tables, false"})
  void makesThePublicationAsTheConfigSays(String mode, boolean root) throws Exception {
    createTables(3);
    try (TaskRunner runner =
        run(
            VIA_ROOT,
            "" + root,
            "publication.autocreate.mode",
            mode,
            "table.include.list",
            root ? "public.ev" : "public.ev_.*")) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 3);
      assertThat(ids(of(records, root ? "ev" : "ev_1", "r"))).containsExactly(0, 1, 2);
      assertThat(Servers.single(server, "select pubviaroot from pg_publication"))
          .isEqualTo(root ? "t" : "f");
      assertThat(Servers.single(server, "select puballtables from pg_publication"))
          .isEqualTo(mode.equals("filtered") ? "f" : "t");
      execute("insert into ev values (1100, 'x'), (4, 'end')");
      List<SourceRecord> streamed =
          runner.pollUntil(LONG, all -> ids(of(all, root ? "ev" : "ev_1", "c")).contains(4));
      assertThat(ids(of(streamed, root ? "ev" : "ev_2", "c"))).contains(1100);
    }
  }

  @Test
  void addsARootThatIsCapturedLater() throws Exception {
    createTables(0);
    execute("create table ew(id int primary key) partition by range (id)");
    try (TaskRunner runner =
        run(
            VIA_ROOT,
            "true",
            "table.include.list",
            "public.e.*",
            "snapshot.new.tables.interval.ms",
            "100")) {
      awaitStreaming();
      execute(
          "create table ex(id int primary key) partition by range (id);"
              + "create table ex_1 partition of ex for values from (0) to (10);"
              + "insert into ex values (1), (2)");
      List<SourceRecord> records =
          runner.pollUntil(LONG, all -> of(all, "ex", "r").size() + of(all, "ex", "c").size() >= 2);
      assertThat(records).extracting(SourceRecord::topic).doesNotContain("shop.public.ex_1");
      execute("create table ew_1 partition of ew for values from (0) to (10);");
      execute("insert into ew values (3)");
      runner.pollUntil(LONG, all -> ids(of(all, "ew", "c")).contains(3));
    }
  }

  @Test
  void doesAsThePublicationThatIsThereDoes() throws Exception {
    createTables(3);
    execute("create publication tributary for table ev with (publish_via_partition_root = true)");
    for (String mode : List.of("disabled", "filtered")) {
      try (TaskRunner runner =
          run("publication.autocreate.mode", mode, "snapshot.mode", "always")) {
        List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 3);
        assertThat(ids(of(records, "ev", "r"))).containsExactly(0, 1, 2);
      }
    }
  }

  @Test
  void refusesAPublicationThatDoesOtherwiseThanTheConfigSays() throws Exception {
    createTables(3);
    execute("create publication own for table ev");
    execute("create publication root for table ev with (publish_via_partition_root = true)");
    assertRefused(
        config("publication.name", "own", VIA_ROOT, "true"),
        "'own' publishes the changes of partitions under their own names",
        "ALTER PUBLICATION \"own\" SET (publish_via_partition_root = true)");
    assertRefused(
        config("publication.name", "root", VIA_ROOT, "false", "table.include.list", "public.ev_.*"),
        "under the names of their roots",
        "SET (publish_via_partition_root = false), or set publish.via.partition.root to true");
    // where no partition is captured it does not matter
    execute("create table plain(id int primary key); alter publication own add table plain");
    assertThat(
            errors(
                config(
                    "publication.name",
                    "own",
                    VIA_ROOT,
                    "true",
                    "table.include.list",
                    "public.plain")))
        .isEmpty();
  }

  private void assertRefused(Map<String, String> config, String... parts) throws Exception {
    assertThat(errors(config)).containsOnlyKeys(VIA_ROOT);
    assertThat(errors(config).get(VIA_ROOT)).singleElement().asString().contains(parts);
    try (TaskRunner runner = new TaskRunner(PgLogicalSourceConnector.class, config, store)) {
      assertThatThrownBy(() -> runner.pollUntil(LONG, all -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll(parts);
    }
  }

  private static Map<String, List<String>> errors(Map<String, String> config) {
    Map<String, List<String>> errors = new HashMap<>();
    for (ConfigValue value : new PgLogicalSourceConnector().validate(config).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }

  @Test
  void readsARootWhosePartitionsTheUserMayNotRead() throws Exception {
    createTables(3000);
    execute(
        "create role capture login replication password 'p'; grant select on ev to capture;"
            + "create publication tributary for table ev with (publish_via_partition_root = true)");
    String[] settings = {
      "database.user",
      "capture",
      "database.password",
      "p",
      "max.batch.size",
      "100",
      "max.queue.size",
      "100",
      "snapshot.max.threads",
      "2"
    };
    try (TaskRunner runner = run(settings)) {
      runner.pollUntil(LONG, all -> all.size() >= 500);
      runner.storeOffsets();
    }
    // read by its partitions or not, what was begun is read to the end
    execute("grant select on ev_1, ev_2, ev_3_a, ev_3_b, ev_rest to capture");
    try (TaskRunner runner = run(settings)) {
      execute("insert into ev values (" + END + ", 'end')");
      List<SourceRecord> records = runner.pollUntil(LONG, all -> has(all, END));
      // rows without places are read as they are now
      assertThat(ids(of(records, "ev", "r"))).contains(range(0, 3000)).doesNotHaveDuplicates();
    }
  }

  @Test
  void capturesAPartitionAlone() throws Exception {
    createTables(2000);
    try (TaskRunner runner = run(VIA_ROOT, "true", "table.include.list", "public.ev_2")) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 1000);
      assertThat(ids(of(records, "ev_2", "r"))).containsExactlyInAnyOrder(range(1000, 2000));
      execute("insert into ev values (3000, 'elsewhere'); update ev set v = 'u' where id = 1000");
      runner.pollUntil(LONG, all -> ids(of(all, "ev_2", "u")).contains(1000));
    }
  }
}
