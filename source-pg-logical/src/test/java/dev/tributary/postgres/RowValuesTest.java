package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rows of which the server sends a part only, or that are older than their table is now. */
class RowValuesTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static TaskRunner run(String table, TaskRunner.Store store) throws Exception {
    Map<String, String> config = Servers.config(server, "slot.name", table);
    config.putAll(
        Map.of(
            "table.include.list",
            "public." + table,
            "status.update.interval.ms",
            "50",
            "heartbeat.interval.ms",
            "0"));
    return new TaskRunner(PgLogicalSourceConnector.class, config, store);
  }

  private static Struct after(SourceRecord record) {
    return ((Struct) record.value()).getStruct("after");
  }

  @Test
  void keepsTheKeyOfAnUpdateThatLeavesALargeKeyAlone() throws Exception {
    Servers.execute(
        server,
        "create table pages(url text primary key, n int);"
            + " alter table pages alter column url set storage external;"
            + " insert into pages select string_agg(md5(i::text), ''), 1"
            + " from generate_series(1, 66) i");
    try (TaskRunner runner = run("pages", new TaskRunner.Store())) {
      SourceRecord row = runner.pollUntil(LONG, all -> all.size() == 1).get(0);
      Servers.execute(server, "update pages set n = 2");
      SourceRecord update = runner.pollUntil(LONG, all -> !all.isEmpty()).get(0);
      assertThat(((Struct) update.value()).getString("op")).isEqualTo("u");
      assertThat(update.key()).isEqualTo(row.key());
      assertThat(after(update).getString("url")).isEqualTo(after(row).getString("url"));
      assertThat(after(update).getInt32("n")).isEqualTo(2);
    }
  }

  @Test
  void writesNoValueInPlaceOfANullThatIsOlderThanItsNotNull() throws Exception {
    Servers.execute(server, "create table late(id int primary key, n int, s text)");
    TaskRunner.Store store = new TaskRunner.Store();
    try (TaskRunner runner = run("late", store)) {
      Servers.execute(server, "insert into late values (1, 1, 'a')");
      runner.pollUntil(LONG, all -> !all.isEmpty());
      runner.storeOffsets();
    }
    Await.until(
        "the session to end",
        LONG,
        () ->
            "0"
                .equals(
                    Servers.single(
                        server, "select count(*) from pg_replication_slots where active")));
    Servers.execute(server, "insert into late values (2, null, null), (3, 3, 'c')");
    Servers.execute(server, "update late set n = 2, s = 'b' where id = 2");
    Servers.execute(
        server, "alter table late alter column n set not null, alter column s set not null");
    try (TaskRunner runner = run("late", store)) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 3);
      assertThat(after(records.get(0)).get("n")).isNull();
      assertThat(after(records.get(0)).get("s")).isNull();
      assertThat(after(records.get(1)).get("n")).isEqualTo(3);
      assertThat(after(records.get(2)).get("s")).isEqualTo("b");
    }
  }

  @Test
  void sharesWhatAnUpdateLeavesAlone() throws Exception {
    Servers.execute(
        server,
        "create table profiles(id int primary key, bio text, picture bytea, score numeric(5,2) default 1,"
            + " n int); alter table profiles replica identity full;"
            + " insert into profiles values (1, 'the same', 'the same', 'NaN', 1)");
    try (TaskRunner runner = run("profiles", new TaskRunner.Store())) {
      runner.pollUntil(LONG, all -> all.size() == 1);
      Servers.execute(server, "update profiles set n = 2");
      SourceRecord update = runner.pollUntil(LONG, all -> !all.isEmpty()).get(0);
      Struct before = ((Struct) update.value()).getStruct("before");
      Struct after = after(update);
      assertThat(after.get("bio")).isEqualTo("the same").isSameAs(before.get("bio"));
      // what somebody could change in one row must not change in the other
      assertThat(after.get("picture")).isEqualTo(before.get("picture"));
      assertThat(after.get("picture")).isNotSameAs(before.get("picture"));
      // what has no value is not given its default
      assertThat(after.getWithoutDefault("score")).isNull();
      assertThat(before.getInt32("n")).isEqualTo(1);
      assertThat(after.getInt32("n")).isEqualTo(2);
    }
  }
}
