package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A primary that dies, and its standby that takes over. */
class FailoverTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  private final TaskRunner.Store store = new TaskRunner.Store();
  private PostgresServer primary;
  private PostgresServer standby;

  @AfterEach
  void stop() {
    standby.close();
    primary.close();
  }

  private void start(Map<String, String> settings) throws Exception {
    primary = PostgresServer.startEmbedded(settings);
    Servers.execute(primary, "create table t(id int primary key, v text)");
    standby = primary.standby("standby", Map.of());
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
            "slot.retry.delay.ms",
            "100",
            "slot.max.retries",
            "1000");
    config.putAll(Servers.config(primary, settings));
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
    start(Map.of("synchronized_standby_slots", "standby"));
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
      assertThat(ids(records)).isEqualTo(IntStream.rangeClosed(1, 9000).boxed().toList());
    }
  }
}
