package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.postgres.position.Lsn;
import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connector that has nothing to send holds no log back, without writing anything itself. */
class HeartbeatTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long MB = 1 << 20;

  private PostgresServer server;
  private TaskRunner.Store store;

  @BeforeEach
  void start() throws Exception {
    server = PostgresServer.start(Map.of("min_wal_size", "32MB", "max_wal_size", "32MB"));
    store = new TaskRunner.Store();
    Servers.execute(
        server, "create table idle(id int primary key); create table busy(id serial, v text)");
    Servers.makeReader(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TaskRunner run(String... settings) throws Exception {
    Map<String, String> config =
        Servers.config(
            server,
            "status.update.interval.ms",
            "50",
            "slot.max.retries",
            "1000",
            "slot.retry.delay.ms",
            "50",
            "table.include.list",
            "public.idle");
    Servers.with(config, settings);
    return new TaskRunner(PgLogicalSourceConnector.class, config, store);
  }

  private String single(String sql) throws Exception {
    return Servers.single(server, sql);
  }

  private long logSize() throws Exception {
    return Long.parseLong(single("select sum(size) from pg_ls_waldir()"));
  }

  private Lsn confirmed() throws Exception {
    String lsn = single("select confirmed_flush_lsn from pg_replication_slots");
    return lsn == null ? Lsn.ZERO : Lsn.parse(lsn);
  }

  private void awaitStreaming(TaskRunner runner) {
    Await.until(
        "changes to be streamed",
        LONG,
        () -> {
          runner.poll();
          runner.storeOffsets();
          return "1"
              .equals(single("select count(*) from pg_stat_replication where state = 'streaming'"));
        });
  }

  /** Work on a table that is published and not captured, or in another database. */
  private void work(String sql) throws Exception {
    for (int i = 0; i < 6; i++) {
      Servers.execute(server, sql);
    }
  }

  /**
   * With a transaction at each look, as there is on a busy server: PostgreSQL 15 works out what its
   * slots need of the log when their catalog_xmin moves, and not when just their restart_lsn does.
   */
  private void awaitLetGo(TaskRunner runner, Lsn written) {
    Await.until(
        "the slot to move on and the log to be removed",
        LONG,
        () -> {
          runner.poll();
          runner.storeOffsets();
          Servers.execute(server, "select pg_current_xact_id()");
          Servers.execute(server, "checkpoint");
          return !confirmed().isBefore(written) && logSize() < 64 * MB;
        });
  }

  @Test
  void aBusyTableThatIsFilteredOutHoldsNoLogBack() throws Exception {
    String load =
        "insert into busy(v) select repeat(md5(i::text), 30) from generate_series(1, 20000) i";
    try (TaskRunner runner = run("heartbeat.interval.ms", "0")) {
      awaitStreaming(runner);
      Servers.execute(server, "insert into idle values (1)");
      runner.pollUntil(LONG, records -> !records.isEmpty());
      runner.storeOffsets();
      work(load);
      Servers.execute(server, "checkpoint");
      assertThat(logSize()).as("what is kept without heartbeats").isGreaterThan(96 * MB);
    }
    Lsn written = Lsn.parse(single("select pg_current_wal_lsn()"));
    try (TaskRunner runner = run("heartbeat.interval.ms", "100")) {
      awaitLetGo(runner, written);
    }
  }

  @Test
  void confirmsNothingThatTheServerHasStillToRead() throws Exception {
    try (TaskRunner runner = run("heartbeat.interval.ms", "0")) {
      awaitStreaming(runner);
      work("insert into busy(v) select repeat(md5(i::text), 30) from generate_series(1, 20000) i");
      Lsn written = Lsn.parse(single("select pg_current_wal_lsn()"));
      Await.until(
          "the server to have read its log", // and to know up to where it might let go of it
          LONG,
          () -> !Lsn.parse(single("select sent_lsn from pg_stat_replication")).isBefore(written));
    }
    // nothing is stored, so that this starts at the log's end, and the server far before that
    try (TaskRunner runner = run("heartbeat.interval.ms", "1")) {
      Lsn written = Lsn.parse(single("select pg_current_wal_lsn()"));
      awaitLetGo(runner, written);
      runner.poll();
    }
  }

  @Test
  void anIdleDatabaseOnABusyServerHoldsNoLogBack() throws Exception {
    try (TaskRunner runner = run("heartbeat.interval.ms", "100")) {
      awaitStreaming(runner);
      work("select pg_logical_emit_message(false, 'x', repeat('x', 20000000))");
      Lsn written = Lsn.parse(single("select pg_current_wal_lsn()"));
      assertThat(logSize()).isGreaterThan(64 * MB);
      awaitLetGo(runner, written);
      assertThat(single("select count(*) from busy")).as("what was written for it").isEqualTo("0");
    }
  }

  @Test
  void executesAStatementOfItsOwnWhereOneIsGiven() throws Exception {
    Servers.execute(server, "create table beat(at timestamptz); grant insert on beat to reader");
    try (TaskRunner runner =
        run(
            "heartbeat.interval.ms",
            "50",
            "heartbeat.action.query",
            "insert into beat values (now())")) {
      awaitBeats(runner, 3);
    }
  }

  @Test
  void aStatementThatFailsIsTriedAgainAndStopsNothing() throws Exception {
    try (TaskRunner runner =
        run(
            "heartbeat.interval.ms",
            "50",
            "heartbeat.action.query",
            "insert into beat values (now())")) {
      awaitStreaming(runner);
      Servers.execute(server, "create table beat(at timestamptz); grant insert on beat to reader");
      awaitBeats(runner, 2);
    }
  }

  private void awaitBeats(TaskRunner runner, int count) {
    Await.until(
        "heartbeats to be written",
        LONG,
        () -> {
          runner.poll();
          return Integer.parseInt(single("select count(*) from beat")) >= count;
        });
  }

  /** What the broker has is going to be stored; what a transform has dropped is not. */
  @Test
  void aTableWhoseRecordsReachTheBrokerNeedsNoHeartbeat() throws Exception {
    long interval = Duration.ofSeconds(1).toNanos();
    try (TaskRunner runner = run("heartbeat.interval.ms", "1000")) {
      awaitStreaming(runner);
      long since = System.nanoTime();
      long lastSent = since;
      for (int id = 0; lastSent - since < 3 * interval; id++) {
        Servers.execute(
            server, "insert into idle values (" + id + "); insert into busy values (1)");
        List<SourceRecord> records = runner.pollUntil(LONG, read -> !tables(read).isEmpty());
        boolean beat = tables(records).size() < records.size();
        runner.sent(records);
        long now = System.nanoTime();
        if (now - lastSent > interval / 3) {
          since = now; // so slow that a heartbeat may have been due: look anew
        } else {
          assertThat(beat && now - since > interval).as("a heartbeat between records").isFalse();
        }
        lastSent = now;
      }
      Servers.execute(server, "insert into idle values (-1); insert into busy values (1)");
      List<SourceRecord> dropped = runner.pollUntil(LONG, read -> !tables(read).isEmpty());
      runner.acknowledge(dropped.size());
      runner.pollUntil(LONG, read -> tables(read).size() < read.size());
    }
  }

  private static List<SourceRecord> tables(List<SourceRecord> records) {
    return records.stream().filter(record -> record.topic().endsWith(".idle")).toList();
  }
}
