package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.record;
import static dev.tributary.clickhouse.Records.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.clickhouse.config.SinkConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Materialized views that fail after the table they hang on has its rows. */
class ViewsTest {
  private static final TopicPartition P0 = new TopicPartition("events", 0);
  private static final String WINDOW = " SETTINGS non_replicated_deduplication_window = 100";
  private static TestServer server;

  private String database;
  private Map<String, String> settings;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void newDatabase() {
    database = server.newDatabase();
    settings = new HashMap<>(server.settings(database));
    settings.put(SinkConfig.FLUSH_MS, "1");
    execute("CREATE TABLE broken (x UInt8) ENGINE = Memory");
  }

  private void execute(String sql) {
    server.execute(database, sql);
  }

  /** A view that fails while table {@code broken} has a row. */
  private void createView(String name, String tableSettings) {
    execute(
        "CREATE TABLE " + name + "_rows (id Int64) ENGINE = MergeTree ORDER BY id" + tableSettings);
    execute(
        "CREATE MATERIALIZED VIEW "
            + name
            + " TO "
            + name
            + "_rows AS SELECT id FROM events WHERE throwIf((SELECT count() FROM broken) > 0) = 0");
  }

  private static List<SinkRecord> events(int from, int to) {
    List<SinkRecord> events = new ArrayList<>();
    for (int i = from; i < to; i++) {
      events.add(record("events", 0, i, null, row(i, "s", i)));
    }
    return events;
  }

  private String counts(String table) {
    return server.query(database, "count(),uniqExact(id)", "FROM " + table).get(0);
  }

  @Test
  void aViewGetsTheRowsOfAnInsertThatItFailedAtOnceItWorks() {
    try (TestTask task = new TestTask(settings, true, P0)) {
      task.put(events(0, 10));
      task.drain();
      createView("ids", "");
      execute("INSERT INTO broken VALUES (1)");
      task.put(events(10, 20));
      task.until(() -> counts("events").equals("20|20"));
      // again and again
      task.until(() -> task.context.timeout > 5);
      assertThat(task.committed(P0)).isEqualTo(10);
      execute("TRUNCATE TABLE broken");
      task.put(events(20, 30));
      task.drain();
      assertThat(task.context.rejected).isEmpty();
    }

    assertThat(counts("events")).isEqualTo("30|30");
    assertThat(counts("ids_rows")).isEqualTo("20|20");
  }

  @Test
  void viewsBesideOneThatFailsGetNothingTwiceWhereTheirTablesDropRepetitions() {
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(events(0, 1));
      task.drain();
      createView("ids", WINDOW);
      execute(
          "CREATE MATERIALIZED VIEW a ENGINE = MergeTree ORDER BY id"
              + WINDOW
              + " AS SELECT id FROM events");
      execute(
          "CREATE MATERIALIZED VIEW z ENGINE = MergeTree ORDER BY id"
              + WINDOW
              + " AS SELECT id FROM events");
      execute("INSERT INTO broken VALUES (1)");
      task.put(events(1, 20));
      task.until(() -> task.context.timeout > 20);
      execute("TRUNCATE TABLE broken");
      task.drain();
    }

    assertThat(List.of(counts("ids_rows"), counts("a"), counts("z"))).containsOnly("19|19");
    assertThat(counts("events")).isEqualTo("20|20");
  }

  @Test
  void saysWhatAViewLacksThatCannotBeFedAgain() {
    execute(
        "CREATE TABLE events (id Int64, status Nullable(String), amount Int32, _topic String,"
            + " _partition Int32, _offset Int64) ENGINE = MergeTree ORDER BY _offset");
    createView("ids", "");
    execute("INSERT INTO broken VALUES (1)");
    try (TestTask task = new TestTask(settings, true, P0)) {
      assertThatThrownBy(
              () -> {
                task.put(events(0, 10));
                task.drain();
              })
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("a materialized view on table")
          .hasMessageContaining("topic 'events', partition 0, offsets 0 to 9");
    }
    assertThat(counts("events")).isEqualTo("10|10");
  }
}
