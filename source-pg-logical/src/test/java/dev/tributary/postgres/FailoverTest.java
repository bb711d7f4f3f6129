package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A primary that dies, and its standby that takes over. */
class FailoverTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  private final TaskRunner.Store store = new TaskRunner.Store();
  private PostgresServer primary;
  private PostgresServer standby;

  @BeforeEach
  void start() throws Exception {
    primary = PostgresServer.embedded(Map.of(), Map.of());
    Servers.assumeVersion(primary, 17);
    Servers.execute(primary, "create table t(id int primary key, v text)");
    // the standby's own worker sleeps for up to 30 s between two looks
    standby = primary.standby("standby", Map.of("sync_replication_slots", "off"));
  }

  @AfterEach
  void stop() {
    if (standby != null) {
      standby.close();
    }
    if (primary != null) {
      primary.close();
    }
  }

  /** Has the primary hand out only what the standby has received. */
  private void holdBackWhatTheStandbyLacks() throws Exception {
    Servers.execute(primary, "alter system set synchronized_standby_slots = 'standby'");
    Servers.execute(primary, "select pg_reload_conf()");
    Await.until(
        "the primary to have read its settings",
        LONG,
        () -> "standby".equals(Servers.single(primary, "show synchronized_standby_slots")));
  }

  private TaskRunner run(String... settings) throws Exception {
    Map<String, String> config =
        Servers.config(
            primary,
            "table.include.list",
            "public.t",
            "slot.failover",
            "true",
            "status.update.interval.ms",
            "50",
            "heartbeat.interval.ms", // which let the slot be confirmed up to where the standby's is
            "100",
            "slot.retry.delay.ms",
            "100",
            "slot.max.retries",
            "1000");
    Servers.with(config, settings);
    config.put("database.hostname", primary.host() + "," + standby.host() + ":" + standby.port());
    return new TaskRunner(PgLogicalSourceConnector.class, config, store);
  }

  private static void insert(PostgresServer into, int from, int to) throws Exception {
    Servers.execute(
        into, "insert into t select i, 'v' from generate_series(" + from + "," + to + ") i");
  }

  private static List<Integer> ids(List<SourceRecord> records) {
    return records.stream()
        .filter(record -> record.topic().equals("shop.public.t"))
        .map(record -> ((Struct) record.key()).getInt32("id"))
        .toList();
  }

  private static List<SourceRecord> untilId(TaskRunner runner, int id) throws Exception {
    return runner.pollUntil(LONG, records -> ids(records).contains(id));
  }

  /** Until then the standby would forget the slot when it is promoted. */
  private void awaitSynchronised(TaskRunner runner) {
    Await.until(
        "the slot to be kept by the standby",
        LONG,
        () -> {
          runner.poll();
          runner.storeOffsets();
          Servers.execute(primary, "select pg_log_standby_snapshot()"); // done every 15 s anyway
          Servers.execute(standby, "select pg_sync_replication_slots()");
          return "1"
              .equals(
                  Servers.single(
                      standby,
                      "select count(*) from pg_replication_slots where synced and not temporary"
                          + " and slot_name = 'tributary'"));
        });
  }

  @Test
  void goesOnByItselfWithTheStandbyThatIsPromoted() throws Exception {
    holdBackWhatTheStandbyLacks();
    insert(primary, 1, 10);
    try (TaskRunner runner = run()) {
      List<SourceRecord> records = new ArrayList<>(untilId(runner, 10));
      insert(primary, 11, 11);
      records.addAll(untilId(runner, 11));
      awaitSynchronised(runner);
      insert(primary, 12, 5000);
      records.addAll(untilId(runner, 5000));
      primary.kill();
      standby.promote();
      insert(standby, 5001, 9000);
      records.addAll(untilId(runner, 9000));
      assertThat(ids(records)).isEqualTo(range(1, 9000));
    }
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void goesOnWithTheStandbyThatWasPromotedWhileTheTaskWasStopped() throws Exception {
    holdBackWhatTheStandbyLacks();
    insert(primary, 1, 10);
    try (TaskRunner runner = run()) {
      untilId(runner, 10);
      insert(primary, 11, 11);
      untilId(runner, 11);
      awaitSynchronised(runner);
    }
    insert(primary, 12, 20);
    awaitReceived();
    primary.kill();
    standby.promote();
    insert(standby, 21, 30);
    try (TaskRunner runner = run()) {
      assertThat(ids(untilId(runner, 30))).isEqualTo(range(12, 30));
      runner.storeOffsets();
      assertThat(store.offset(Map.of("server", "shop"))).containsEntry("timeline", 2);
    }
    insert(standby, 31, 31);
    try (TaskRunner runner = run()) {
      assertThat(ids(untilId(runner, 31))).containsExactly(31);
    }
  }

  private void awaitReceived() throws Exception {
    String written = Servers.single(primary, "select pg_current_wal_flush_lsn()");
    Await.until(
        "the standby to have received everything",
        LONG,
        () ->
            "t"
                .equals(
                    Servers.single(
                        standby, "select pg_last_wal_receive_lsn() >= '" + written + "'")));
  }

  /**
   * The log of the promoted standby has grown past the position, so that its length tells nothing.
   */
  @Test
  void stopsWhereTheStandbyLacksWhatWasDelivered() throws Exception {
    try (TaskRunner runner = run()) {
      insert(primary, 1, 1);
      untilId(runner, 1);
      awaitSynchronised(runner);
      standby.kill();
      insert(primary, 2, 10);
      untilId(runner, 10);
      runner.storeOffsets();
      primary.kill();
      standby.restart();
      standby.promote();
      insert(standby, 100, 5000);
      assertThatThrownBy(() -> runner.pollUntil(LONG, records -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll("a standby that took over before", "snapshot.mode=when_needed");
    }
    assertThatThrownBy(() -> run().pollUntil(LONG, records -> false))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("a standby that took over before it had received everything");
    try (TaskRunner runner = run("snapshot.mode", "when_needed")) {
      List<Integer> read = ids(untilId(runner, 5000));
      assertThat(read).contains(1, 100).doesNotContain(2, 10).hasSize(4902);
    }
  }
}
