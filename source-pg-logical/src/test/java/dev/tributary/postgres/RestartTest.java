package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.position.Lsn;
import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a restart finds, and where it goes on. */
class RestartTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String CONFIRMED =
      "select confirmed_flush_lsn from pg_replication_slots where slot_name = 'tributary'";

  private static final String STREAMING =
      "select count(*) from pg_stat_replication where state in ('catchup', 'streaming')";
  private static final String CREATING =
      "select count(*) from pg_stat_activity where query like 'CREATE_REPLICATION_SLOT%'"
          + " and state = 'active'";

  private PostgresServer server;
  private TaskRunner.Store store;

  @BeforeEach
  void start() throws Exception {
    server = PostgresServer.start();
    store = new TaskRunner.Store();
    Servers.execute(server, "create table t(id int primary key, v text)");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TaskRunner run(String... settings) throws Exception {
    Map<String, String> config =
        Servers.config(server, "table.include.list", "public.t", "status.update.interval.ms", "50");
    config.put("slot.retry.delay.ms", "200");
    Servers.with(config, settings);
    return new TaskRunner(PgLogicalSourceConnector.class, config, store);
  }

  private static List<Integer> ids(List<SourceRecord> records) {
    return records.stream()
        .filter(record -> record.topic().equals("shop.public.t"))
        .map(record -> ((Struct) record.key()).getInt32("id"))
        .toList();
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  private static List<SourceRecord> untilId(TaskRunner runner, int id) throws Exception {
    return runner.pollUntil(LONG, records -> has(records, id));
  }

  private static boolean has(List<SourceRecord> records, int id) {
    return ids(records).contains(id);
  }

  private void insert(int from, int to) throws Exception {
    Servers.execute(
        server, "insert into t select i, 'v' from generate_series(" + from + "," + to + ") i");
  }

  @Test
  void streamsOnFromTheSnapshotWithoutGapOrDouble() throws Exception {
    insert(1, 1000);
    Thread writer =
        new Thread(
            () -> {
              try (Connection connection = Servers.connect(server);
                  Statement statement = connection.createStatement()) {
                for (int i = 1001; i <= 1500; i++) {
                  statement.execute("insert into t values (" + i + ", 'v')");
                }
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    try (TaskRunner runner = run()) {
      List<SourceRecord> records = untilId(runner, 1500);
      assertThat(ids(records)).isEqualTo(range(1, 1500));
    }
    writer.join();
  }

  @Test
  void resumesInTheMiddleOfATransaction() throws Exception {
    try (TaskRunner runner = run()) {
      insert(1, 1);
      untilId(runner, 1);
      runner.storeOffsets();
    }
    insert(2, 5000);
    insert(5001, 5001);
    List<Integer> seen = new ArrayList<>();
    for (int round = 0; !seen.contains(5001); round++) {
      try (TaskRunner runner = run("max.batch.size", Integer.toString(300 + round))) {
        seen.addAll(ids(runner.pollUntil(LONG, all -> all.size() > 700 || has(all, 5001))));
        runner.storeOffsets();
      }
    }
    assertThat(seen).isEqualTo(range(2, 5001));
  }

  @Test
  void neverConfirmsMoreThanIsStored() throws Exception {
    try (TaskRunner runner = run()) {
      insert(1, 10);
      untilId(runner, 10);
      runner.storeOffsets();
      String stored = (String) store.offset(Map.of("server", "shop")).get("commit_lsn");
      Await.until("the slot to be confirmed", LONG, () -> stored.equals(single(CONFIRMED)));
      insert(11, 20);
      untilId(runner, 20);
      insert(21, 30);
      untilId(runner, 30);
      assertThat(single(CONFIRMED)).isEqualTo(stored);
    }
  }

  private String single(String sql) throws Exception {
    return Servers.single(server, sql);
  }

  @Test
  void letsGoOfTheLogWhereNoCapturedTableChanges() throws Exception {
    Servers.execute(server, "create table other(id serial primary key, v text)");
    try (TaskRunner runner = run("heartbeat.interval.ms", "100")) {
      insert(1, 1);
      untilId(runner, 1);
      Servers.execute(
          server, "insert into other(v) select repeat('x', 100) from generate_series(1, 5000)");
      Lsn written = Lsn.parse(single("select pg_current_wal_lsn()"));
      Await.until(
          "the slot to move past what was not captured",
          LONG,
          () -> {
            runner.poll();
            runner.storeOffsets();
            return !Lsn.parse(single(CONFIRMED)).isBefore(written);
          });
    }
  }

  @Test
  void usesASlotThatWasThereBeforeWithoutGapOrDouble() throws Exception {
    Servers.execute(server, "create publication tributary for table t");
    single("select pg_create_logical_replication_slot('tributary', 'pgoutput')");
    insert(1, 10);
    try (TaskRunner runner = run()) {
      assertThat(ids(untilId(runner, 10))).isEqualTo(range(1, 10));
      insert(11, 11);
      assertThat(ids(untilId(runner, 11))).isEqualTo(range(11, 11));
    }
  }

  @Test
  void streamsWhatASlotHoldsWithoutASnapshot() throws Exception {
    insert(1, 5);
    Servers.execute(server, "create publication tributary for table t");
    single("select pg_create_logical_replication_slot('tributary', 'pgoutput')");
    insert(6, 10);
    try (TaskRunner runner = run("snapshot.mode", "never")) {
      assertThat(ids(untilId(runner, 10))).isEqualTo(range(6, 10));
    }
  }

  @Test
  void takesTheSnapshotAloneWhenAskedTo() throws Exception {
    insert(1, 5);
    try (TaskRunner runner = run("snapshot.mode", "initial_only")) {
      assertThat(ids(untilId(runner, 5))).isEqualTo(range(1, 5));
      runner.storeOffsets();
    }
    assertThat(single("select count(*) from pg_replication_slots")).isEqualTo("0");
    try (TaskRunner runner = run("snapshot.mode", "initial_only")) {
      assertThat(runner.poll()).isEmpty();
    }
  }

  @Test
  void refusesToGoOnWhenTheSlotWasMovedOn() throws Exception {
    storeOnePosition();
    insert(2, 10);
    single("select pg_replication_slot_advance('tributary', pg_current_wal_lsn())");
    String confirmed = single(CONFIRMED);
    String stored = (String) store.offset(Map.of("server", "shop")).get("commit_lsn");
    failsWith("confirmed up to " + confirmed, stored, "are lost");
  }

  @Test
  void refusesToGoOnPastTheEndOfTheServersLog() throws Exception {
    storeOnePosition();
    store.put(Map.of("server", "shop"), Map.of("commit_lsn", "F/0"));
    failsWith("stored position F/0", "past 0/", "new snapshot");
  }

  @Test
  void confirmsNothingOfWhatWasStoredBeforeASnapshot() throws Exception {
    storeOnePosition();
    store.put(Map.of("server", "shop"), Map.of("commit_lsn", "F/0"));
    try (TaskRunner runner = run("snapshot.mode", "always")) {
      untilId(runner, 1);
      insert(2, 2);
      untilId(runner, 2);
      runner.storeOffsets();
      String stored = (String) store.offset(Map.of("server", "shop")).get("commit_lsn");
      Await.until("the slot to be confirmed", LONG, () -> stored.equals(single(CONFIRMED)));
    }
  }

  @Test
  void waitsForTheRunBeforeAndGoesOnFromWhatThatHasStored() throws Exception {
    storeOnePosition();
    TaskRunner before = run();
    Await.until("changes to be streamed", LONG, () -> single(STREAMING).equals("1"));
    try (TaskRunner runner = run("slot.max.retries", "1000", "slot.retry.delay.ms", "20")) {
      try (before) {
        insert(2, 10);
        untilId(before, 10);
        before.storeOffsets();
        String stored = (String) store.offset(Map.of("server", "shop")).get("commit_lsn");
        Await.until("the slot to be confirmed", LONG, () -> stored.equals(single(CONFIRMED)));
      }
      insert(11, 11);
      assertThat(ids(untilId(runner, 11))).containsExactly(11);
    }
  }

  @Test
  void letsGoOfTheLogWhereATransformDropsEverything() throws Exception {
    try (TaskRunner runner = run("heartbeat.interval.ms", "100")) {
      Await.until("changes to be streamed", LONG, () -> single(STREAMING).equals("1"));
      insert(1, 10);
      untilId(runner, 10);
      Lsn written = Lsn.parse(single("select pg_current_wal_lsn()"));
      Await.until(
          "the slot to move past what was dropped",
          LONG,
          () -> {
            List<SourceRecord> records = runner.poll();
            if (!records.isEmpty()
                && records.get(records.size() - 1).topic().startsWith("__debezium-heartbeat")) {
              runner.storeOffsets();
            }
            return !Lsn.parse(single(CONFIRMED)).isBefore(written);
          });
    }
  }

  @Test
  void endsTheCreationOfASlotThatWaitsForATransaction() throws Exception {
    try (Connection open = Servers.connect(server);
        Statement statement = open.createStatement()) {
      open.setAutoCommit(false);
      statement.execute("insert into t values (99)");
      try (TaskRunner runner = run()) {
        assertThat(runner.poll()).isEmpty();
        Await.until("the slot to be in the making", LONG, () -> single(CREATING).equals("1"));
      }
      Await.until("the creation to end", LONG, () -> single(CREATING).equals("0"));
      assertThat(single("select count(*) from pg_replication_slots")).isEqualTo("0");
    }
  }

  @Test
  void streamsOnWhenWhatTheSnapshotNeededIsGone() throws Exception {
    Servers.execute(
        server,
        "create role reader login replication password 'p'; grant select on t to reader;"
            + " create table gone(id int); grant select on gone to reader;"
            + " create publication tributary for table t, gone");
    try (TaskRunner runner =
        run(
            "database.user", "reader",
            "database.password", "p",
            "table.include.list", "public.t,public.gone")) {
      insert(1, 1);
      untilId(runner, 1);
      Await.until("changes to be streamed", LONG, () -> single(STREAMING).equals("1"));
      Servers.execute(server, "revoke select on t from reader; drop table gone");
      single("select pg_terminate_backend(active_pid) from pg_replication_slots");
      insert(2, 2);
      untilId(runner, 2);
    }
  }

  @Test
  void refusesToGoOnWhenTheSlotIsGone() throws Exception {
    storeOnePosition();
    single("select pg_drop_replication_slot('tributary')");
    failsWith("slot 'tributary' does not exist", "reset the connector's offsets");
  }

  @Test
  void refusesToGoOnWhenThePublicationIsGone() throws Exception {
    storeOnePosition();
    Servers.execute(server, "drop publication tributary");
    insert(2, 2);
    failsWith("publication 'tributary' does not exist", "would be lost", "reset the connector's");
  }

  private void storeOnePosition() throws Exception {
    try (TaskRunner runner = run()) {
      insert(1, 1);
      untilId(runner, 1);
      runner.storeOffsets();
    }
    Await.until(
        "the session to end",
        LONG,
        () -> "0".equals(single("select count(*) from pg_replication_slots where active")));
  }

  private void failsWith(String... parts) throws Exception {
    try (TaskRunner runner = run()) {
      assertThatThrownBy(() -> runner.pollUntil(LONG, records -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll(parts);
    }
  }

  @Test
  void survivesAKillOfTheServerInMidStream() throws Exception {
    List<Integer> committed = Collections.synchronizedList(new ArrayList<>());
    try (TaskRunner runner = run()) {
      insert(0, 0);
      untilId(runner, 0);
      Thread writer = new Thread(() -> write(committed));
      writer.start();
      List<SourceRecord> records =
          new ArrayList<>(runner.pollUntil(LONG, all -> ids(all).size() > 2000));
      server.kill();
      records.addAll(untilNothingComes(runner));
      server.restart();
      writer.join();
      insert(1_000_000, 1_000_000);
      records.addAll(untilId(runner, 1_000_000));
      List<Integer> ids = ids(records);
      assertThat(ids).doesNotHaveDuplicates().containsAll(committed);
      assertThat(Integer.toString(ids.size() + 1)).isEqualTo(single("select count(*) from t"));
    }
  }

  private static List<SourceRecord> untilNothingComes(TaskRunner runner) throws Exception {
    List<SourceRecord> records = new ArrayList<>();
    List<SourceRecord> some = runner.poll();
    while (!some.isEmpty()) {
      records.addAll(some);
      some = runner.poll();
    }
    return records;
  }

  /** Transactions of ten rows, until the server has been away and come back. */
  private void write(List<Integer> committed) {
    boolean wasAway = false;
    int after = 0;
    for (int i = 1; after < 200; i += 10) {
      try {
        insert(i, i + 9);
        committed.addAll(range(i, i + 9));
        after += wasAway ? 1 : 0;
      } catch (Exception away) {
        wasAway = true;
        Thread.onSpinWait();
      }
    }
  }
}
