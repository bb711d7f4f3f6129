package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tributary.clickhouse.config.SinkConfig;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Materialized views that fail after the table they hang on has its rows. */
class ViewsTest {
  private static final TopicPartition P0 = new TopicPartition("events", 0);
  private static final String WINDOW = " SETTINGS non_replicated_deduplication_window = 100";
  private static final String OF_EVENTS =
      "(id Int64, status Nullable(String), amount Int32, "
          + "_topic String, _partition Int32, _offset Int64) ENGINE = MergeTree ORDER BY _offset";

  @RegisterExtension static final TestDatabase db = new TestDatabase();

  /** Inserts that are made again, for views, and lose their answer; likewise for others. */
  private final AtomicInteger repetitionsToLose = new AtomicInteger();

  private final AtomicInteger repetitions = new AtomicInteger();
  private final AtomicInteger questionsToRefuse = new AtomicInteger();

  private Map<String, String> settings;

  @BeforeEach
  void somethingBroken() {
    settings = db.settings();
    db.execute("CREATE TABLE broken (x UInt8) ENGINE = Memory");
  }

  /** A view that fails while table {@code broken} has a row. */
  private void createView(String name, String tableSettings) {
    createView(name, "events", tableSettings, "throwIf((SELECT count() FROM broken) > 0) = 0");
  }

  private void createView(String name, String from, String tableSettings, String condition) {
    db.execute(
        "CREATE TABLE " + name + "_rows (id Int64) ENGINE = MergeTree ORDER BY id" + tableSettings);
    db.execute(
        "CREATE MATERIALIZED VIEW "
            + name
            + " TO "
            + name
            + "_rows AS SELECT id FROM "
            + from
            + " WHERE "
            + condition);
  }

  /** The table, and a view on it that fails. */
  private void createFailingView(String tableSettings) {
    db.execute("CREATE TABLE events " + OF_EVENTS + WINDOW);
    createView("ids", tableSettings);
    db.execute("INSERT INTO broken VALUES (1)");
  }

  private static String counts(String table) {
    return db.counts(table, "id");
  }

  private Map<String, String> through(Gate gate) {
    Map<String, String> gated = new HashMap<>(settings);
    gated.put(SinkConfig.HOSTNAME, "localhost");
    gated.put(SinkConfig.PORT, String.valueOf(gate.port()));
    return gated;
  }

  private int decide(HttpExchange exchange) {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    if (query.contains("max_block_number")) {
      repetitions.incrementAndGet();
      return repetitionsToLose.getAndUpdate(n -> Math.max(0, n - 1)) > 0
          ? Gate.LOSE_ANSWER
          : HttpURLConnection.HTTP_OK;
    }
    return !query.contains("INSERT") && questionsToRefuse.getAndUpdate(n -> Math.max(0, n - 1)) > 0
        ? HttpURLConnection.HTTP_UNAVAILABLE
        : HttpURLConnection.HTTP_OK;
  }

  @Test
  void aViewGetsTheRowsOfAnInsertThatItFailedAtOnceItWorks() {
    try (TestTask task = new TestTask(settings, true, P0)) {
      task.put(events(0, 10));
      task.drain();
      createView("ids", "");
      db.execute("INSERT INTO broken VALUES (1)");
      task.put(events(10, 20));
      task.until(() -> counts("events").equals("20|20"));
      // again and again
      task.until(() -> task.context.timeout > 5);
      assertThat(task.committed(P0)).isEqualTo(10);
      db.execute("TRUNCATE TABLE broken");
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
      db.execute(
          "CREATE MATERIALIZED VIEW a ENGINE = MergeTree ORDER BY id"
              + WINDOW
              + " AS SELECT id FROM events");
      createView("z", "events", WINDOW, "1");
      // what a view writes feeds views in turn
      createView("onZ", "z_rows", WINDOW, "1");
      db.execute("INSERT INTO broken VALUES (1)");
      task.put(events(1, 20));
      task.until(() -> task.context.timeout > 20);
      db.execute("TRUNCATE TABLE broken");
      task.drain();
    }

    assertThat(List.of(counts("ids_rows"), counts("a"), counts("z_rows"), counts("onZ_rows")))
        .containsOnly("19|19");
    assertThat(counts("events")).isEqualTo("20|20");
  }

  @Test
  void saysWhatAViewLacksOfATableThatForgetsItsInserts() {
    db.execute("CREATE TABLE events " + OF_EVENTS);
    createView("ids", "");
    db.execute("INSERT INTO broken VALUES (1)");

    stopsAndTellsOf(settings, "no deduplication window");
    assertThat(counts("events")).isEqualTo("10|10");
  }

  @Test
  void saysWhatAViewLacksThatIsFedByAViewIntoATableThatForgetsItsInserts() {
    db.execute("CREATE TABLE events " + OF_EVENTS + WINDOW);
    createView("first", "events", "", "1");
    createView("second", "first_rows", WINDOW, "throwIf((SELECT count() FROM broken) > 0) = 0");
    db.execute("INSERT INTO broken VALUES (1)");

    stopsAndTellsOf(settings, "no deduplication window");
    assertThat(counts("events")).isEqualTo("10|10");
  }

  private static void stopsAndTellsOf(Map<String, String> settings, String reason) {
    try (TestTask task = new TestTask(settings, true, P0)) {
      assertThatThrownBy(
              () -> {
                task.put(events(0, 10));
                task.drain();
              })
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("a materialized view on it failed")
          .hasMessageContaining(reason)
          .hasMessageContaining("topic 'events', partition 0, offsets 0 to 9");
    }
  }

  @Test
  void aViewGetsRowsOnceWhereTheAnswerToTheRepetitionIsLost() {
    createFailingView(WINDOW);
    try (Gate gate = Gate.http(settings, this::decide);
        TestTask task = new TestTask(through(gate), P0)) {
      task.put(events(0, 10));
      task.until(() -> repetitions.get() > 1);
      repetitionsToLose.set(2);
      db.execute("TRUNCATE TABLE broken");
      task.drain();
      assertThat(repetitionsToLose).hasValue(0);
    }

    assertThat(counts("events")).isEqualTo("10|10");
    assertThat(counts("ids_rows")).isEqualTo("10|10");
  }

  @Test
  void aViewWhoseTableForgetsGetsNothingTwiceWhereTheAnswerToTheRepetitionIsLost() {
    createFailingView("");
    try (Gate gate = Gate.http(settings, this::decide);
        TestTask task = new TestTask(through(gate), P0)) {
      task.put(events(0, 10));
      task.until(() -> repetitions.get() > 1);
      repetitionsToLose.set(1);
      db.execute("TRUNCATE TABLE broken");
      assertThatThrownBy(task::drain)
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("the answer to an attempt was lost");
    }

    assertThat(counts("events")).isEqualTo("10|10");
    assertThat(counts("ids_rows")).isEqualTo("10|10");
  }

  @Test
  void aViewGetsTheRowsAlsoWhereTheQuestionsBehindItsFailureFail() {
    createFailingView("");
    try (Gate gate =
            Gate.http(
                settings,
                exchange -> {
                  String query = String.valueOf(exchange.getRequestURI().getQuery());
                  if (query.contains("INSERT") && !query.contains("max_block_number")) {
                    questionsToRefuse.set(3);
                  }
                  return decide(exchange);
                });
        TestTask task = new TestTask(through(gate), P0)) {
      task.put(events(0, 10));
      task.until(() -> repetitions.get() > 1);
      assertThat(questionsToRefuse).hasValue(0);
      db.execute("TRUNCATE TABLE broken");
      task.drain();
    }

    assertThat(counts("events")).isEqualTo("10|10");
    assertThat(counts("ids_rows")).isEqualTo("10|10");
  }

  @Test
  void makesNoInsertAgainThatTheTableMayHaveForgotten() {
    db.execute(
        "CREATE TABLE events " + OF_EVENTS + " SETTINGS non_replicated_deduplication_window = 8");
    createView(
        "ids", "events", "", "throwIf(status = 's' AND (SELECT count() FROM broken) > 0) = 0");
    db.execute("INSERT INTO broken VALUES (1)");
    try (Gate gate = Gate.http(settings, this::decide);
        TestTask task = new TestTask(through(gate), P0)) {
      task.put(events(0, 10));
      task.until(() -> repetitions.get() > 1);
      // what other tasks insert meanwhile takes the places in the window
      for (int i = 0; i < 8; i++) {
        db.execute("INSERT INTO events VALUES (" + i + ", 'other', 0, 'others', 0, " + i + ")");
      }
      db.execute("OPTIMIZE TABLE events FINAL");
      db.execute("TRUNCATE TABLE broken");
      assertThatThrownBy(task::drain)
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("may not know the insert")
          .hasMessageContaining("offsets 0 to 9");
    }

    assertThat(db.query("count()", "FROM events WHERE _topic = 'events'")).containsExactly("10");
  }

  @Test
  void makesNoInsertAgainWhereDeduplicationIsOff() {
    createFailingView("");
    settings.put(
        SinkConfig.CLICKHOUSE_SETTINGS, "insert_deduplicate=0,deduplicate_insert_select=disable");

    stopsAndTellsOf(settings, "deduplication is switched off");
    assertThat(counts("events")).isEqualTo("10|10");
  }

  /** Another task may have written the rows, under a token that is not this insert's. */
  @Test
  void takesNoOtherFailureForAViewsWhereTheTableHasTheRows() {
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(events(0, 10));
      task.drain();
      createView("ids", "");
      settings.put(SinkConfig.CLICKHOUSE_SETTINGS, "max_rows_to_read=15,max_execution_time=0");
    }
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(events(10, 11));
      task.drain();
      db.execute(
          "INSERT INTO events SELECT number, 's', number, 'events', 0, number FROM numbers(11, 19)");
      assertThatThrownBy(
              () -> {
                task.put(events(11, 30));
                task.drain();
              })
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("TOO_MANY_ROWS");
    }

    assertThat(counts("events")).isEqualTo("30|30");
  }

  @Test
  void feedsAViewAlsoOnceTheRowsPartitionIsAnothers() {
    TopicPartition other = new TopicPartition("events", 1);
    try (TestTask task = new TestTask(settings, P0, other)) {
      task.put(events(0, 10));
      task.drain();
      createView("ids", "");
      db.execute("INSERT INTO broken VALUES (1)");
      task.put(events(10, 20));
      task.until(() -> counts("events").equals("20|20"));
      task.revoke(P0);
      db.execute("TRUNCATE TABLE broken");
      task.until(() -> counts("ids_rows").equals("10|10"));
    }

    assertThat(counts("events")).isEqualTo("20|20");
  }

  @Test
  void aViewThatWasDroppedIsNotWaitedFor() {
    createFailingView("");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(events(0, 10));
      task.until(() -> task.context.timeout > 5);
      db.execute("DROP TABLE ids");
      task.drain();
    }

    assertThat(counts("events")).isEqualTo("10|10");
  }

  @Test
  void tellsWhatAViewLacksWhenTheTaskEnds() {
    createFailingView("");
    try (LogText log = new LogText()) {
      try (TestTask task = new TestTask(settings, P0)) {
        task.put(events(0, 10));
        task.until(() -> counts("events").equals("10|10"));
      }
      assertThat(log.toString()).contains("the task ended before").contains("offsets 0 to 9");
    }
  }

  @Test
  void tellsThatAViewMayLackRowsOfAnInsertWhoseAnswerWasLost() {
    db.execute("CREATE TABLE events " + OF_EVENTS + WINDOW);
    createView("ids", "");
    AtomicInteger insertsToLose = new AtomicInteger(1);
    try (LogText log = new LogText();
        Gate gate =
            Gate.http(
                settings,
                exchange ->
                    String.valueOf(exchange.getRequestURI().getQuery()).contains("INSERT")
                            && insertsToLose.getAndDecrement() > 0
                        ? Gate.LOSE_ANSWER
                        : HttpURLConnection.HTTP_OK);
        TestTask task = new TestTask(through(gate), P0)) {
      task.put(events(0, 10));
      task.drain();
      assertThat(log.toString()).contains("whose answer was lost").contains("offsets 0 to 9");
    }

    assertThat(counts("events")).isEqualTo("10|10");
    assertThat(counts("ids_rows")).isEqualTo("10|10");
  }
}
