package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes that can no longer be streamed: never passed over in silence. */
class LossTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private PostgresServer server;
  private TaskRunner.Store store;

  @BeforeEach
  void start() throws Exception {
    server = PostgresServer.start(Map.of("max_slot_wal_keep_size", "16MB"));
    store = new TaskRunner.Store();
    Servers.execute(server, "create table t(id int primary key)");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TaskRunner run(String mode) throws Exception {
    return new TaskRunner(
        PgLogicalSourceConnector.class,
        Servers.config(
            server,
            "table.include.list",
            "public.t",
            "snapshot.mode",
            mode,
            "status.update.interval.ms",
            "50"),
        store);
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

  private void insert(int from, int to) throws Exception {
    Servers.execute(
        server, "insert into t select i from generate_series(" + from + "," + to + ") i");
  }

  /** Leaves a position behind, and the slot unused. */
  private String storeOnePosition() throws Exception {
    try (TaskRunner runner = run("initial")) {
      insert(1, 1);
      untilId(runner, 1);
      runner.storeOffsets();
    }
    awaitNoSession();
    return (String) store.offset(Map.of("server", "shop")).get("commit_lsn");
  }

  private void awaitNoSession() {
    Await.until(
        "the session to end",
        LONG,
        () ->
            "0"
                .equals(
                    Servers.single(
                        server, "select count(*) from pg_replication_slots where active")));
  }

  /** Makes the server remove log that the slot needs. */
  private void invalidate() throws Exception {
    for (int i = 0; i < 5; i++) {
      Servers.execute(server, "select pg_logical_emit_message(false, 'x', 'x')");
      Servers.execute(server, "select pg_switch_wal()");
    }
    Servers.execute(server, "checkpoint");
    assertThat(Servers.single(server, "select wal_status from pg_replication_slots"))
        .isEqualTo("lost");
  }

  private void failsWith(String... parts) throws Exception {
    try (TaskRunner runner = run("initial")) {
      assertThatThrownBy(() -> runner.pollUntil(LONG, records -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll(parts)
          .hasMessageContainingAll("eset the connector's offsets", "snapshot.mode=when_needed");
    }
  }

  /** From version 18 on, the server streams on without the changes and does not say so. */
  @Test
  void aPublicationThatIsDroppedWhileChangesAreStreamed() throws Exception {
    try (TaskRunner runner = run("initial")) {
      insert(1, 1);
      untilId(runner, 1);
      String streams = "select active and not temporary from pg_replication_slots";
      Await.until("the stream", LONG, () -> "t".equals(Servers.single(server, streams)));
      Servers.execute(server, "drop publication tributary");
      insert(2, 2);
      assertThatThrownBy(() -> runner.pollUntil(LONG, records -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll(
              "publication", "tributary", "not bring that back", "reset the connector's offsets");
    }
  }

  /** Everything is read again, and then the stream goes on without gap or double. */
  private void snapshotsAgain(int last) throws Exception {
    try (TaskRunner runner = run("when_needed")) {
      assertThat(ids(untilId(runner, last)))
          .isEqualTo(IntStream.rangeClosed(1, last).boxed().toList());
      insert(last + 1, last + 1);
      assertThat(ids(untilId(runner, last + 1))).containsExactly(last + 1);
      runner.storeOffsets();
    }
    awaitNoSession();
    insert(last + 2, last + 2);
    try (TaskRunner runner = run("when_needed")) {
      assertThat(ids(untilId(runner, last + 2))).containsExactly(last + 2);
    }
  }

  @Test
  void aSlotThatLostItsLog() throws Exception {
    String stored = storeOnePosition();
    insert(2, 3);
    invalidate();
    failsWith("max_slot_wal_keep_size", "from " + stored + " to 0/", "pg_drop_replication_slot");
    snapshotsAgain(3);
  }

  @Test
  void aSlotThatLosesItsLogWhileChangesAreStreamed() throws Exception {
    try (TaskRunner runner = run("initial")) {
      insert(1, 1);
      untilId(runner, 1);
      runner.storeOffsets();
      invalidateWhileActive();
      assertThatThrownBy(() -> runner.pollUntil(LONG, records -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("max_slot_wal_keep_size");
    }
  }

  /** The server ends the session that uses a slot before it takes the slot's log away. */
  private void invalidateWhileActive() {
    Await.until(
        "the slot to be lost",
        LONG,
        () -> {
          Servers.execute(server, "select pg_logical_emit_message(true, 'x', repeat('x', 100000))");
          Servers.execute(server, "select pg_switch_wal()");
          Servers.execute(server, "checkpoint");
          return "lost"
              .equals(Servers.single(server, "select wal_status from pg_replication_slots"));
        });
  }

  @Test
  void aSlotThatWasDropped() throws Exception {
    String stored = storeOnePosition();
    insert(2, 3);
    Servers.execute(server, "select pg_drop_replication_slot('tributary')");
    failsWith("slot 'tributary' does not exist", "from " + stored + " to 0/");
    snapshotsAgain(3);
  }

  @Test
  void aSlotThatWasMovedOn() throws Exception {
    String stored = storeOnePosition();
    insert(2, 3);
    String to =
        Servers.single(
            server,
            "select end_lsn from pg_replication_slot_advance('tributary', pg_current_wal_lsn())");
    failsWith("moved by someone else", "from " + stored + " to " + to);
    snapshotsAgain(3);
  }

  @Test
  void aSlotThatWasRecreated() throws Exception {
    String stored = storeOnePosition();
    insert(2, 3);
    Servers.execute(
        server,
        "select pg_drop_replication_slot('tributary');"
            + " select pg_create_logical_replication_slot('tributary', 'pgoutput')");
    failsWith("recreated or moved", "from " + stored + " to 0/");
    snapshotsAgain(3);
  }
}
