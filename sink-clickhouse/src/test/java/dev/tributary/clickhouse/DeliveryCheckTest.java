package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.clickhouse.config.SinkConfig;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is told of tables and settings that weaken exactly-once. */
class DeliveryCheckTest {
  private static final TopicPartition P0 = new TopicPartition("events", 0);
  private static final String COLUMNS =
      "(id Int64, status Nullable(String), amount Int32, _topic String, _partition Int32, _offset Int64)";

  @RegisterExtension static final TestDatabase db = new TestDatabase();

  /** What a task says that writes into the table. */
  private static String told() {
    try (LogText log = new LogText();
        TestTask task = new TestTask(db.settings(), P0)) {
      task.put(events(0, 10));
      task.drain();
      return log.toString();
    }
  }

  private static String toldByValidation() {
    db.settings().put("topics", "events");
    try (LogText log = new LogText()) {
      var unused = new ClickHouseSinkConnector().validate(db.settings());
      return log.toString();
    }
  }

  @Test
  void tellsThatATableIsPartitionedInTheTaskAndAtValidation() {
    db.execute(
        "CREATE TABLE events " + COLUMNS + " ENGINE = MergeTree PARTITION BY id % 2 ORDER BY id");

    assertThat(told()).containsOnlyOnce("is partitioned");
    assertThat(toldByValidation()).containsOnlyOnce("is partitioned");
  }

  @Test
  void tellsThatOffsetsAreMissing() {
    db.execute(
        "CREATE TABLE events (id Int64, status Nullable(String), amount Int32) ENGINE = MergeTree"
            + " ORDER BY id");

    assertThat(told()).contains("rows are written at least once");
  }

  @Test
  void tellsThatAViewMayHaveToBeFedByHand() {
    db.execute("CREATE TABLE events " + COLUMNS + " ENGINE = MergeTree ORDER BY id");
    db.execute(
        "CREATE MATERIALIZED VIEW ids ENGINE = MergeTree ORDER BY id AS SELECT id FROM events");

    assertThat(told()).contains("MODIFY SETTING non_replicated_deduplication_window = 1000");
  }

  @Test
  void tellsThatNothingGuardsInserts() {
    db.settings().put(SinkConfig.INSERT_GUARD, "false");
    db.execute("CREATE TABLE events " + COLUMNS + " ENGINE = MergeTree ORDER BY id");

    assertThat(told()).contains("Set insert.guard to true");
  }

  @Test
  void tellsThatABufferLosesRows() {
    db.execute("CREATE TABLE behind " + COLUMNS + " ENGINE = MergeTree ORDER BY id");
    db.execute(
        "CREATE TABLE events AS behind ENGINE = Buffer(currentDatabase(), behind, 1, 1, 1, 1, 1, 1, 1)");

    assertThat(told()).contains("of engine Buffer");
  }

  @Test
  void saysNothingOfATableThatItMadeItself() {
    assertThat(told()).doesNotContain("WARN dev.tributary.clickhouse.table");
    assertThat(toldByValidation()).doesNotContain("WARN dev.tributary.clickhouse.table");
  }

  @Test
  void insertsAtOnceAndInOneBlockWhateverTheSettingsSay() {
    db.settings()
        .put(
            SinkConfig.CLICKHOUSE_SETTINGS,
            "async_insert=1,wait_for_async_insert=0,async_insert_busy_timeout_max_ms=100000,"
                + "min_insert_block_size_rows=1,deduplicate_insert_select=disable");
    db.settings().put(SinkConfig.INSERT_GUARD, "false");

    String told = told();
    assertThat(told)
        .contains("[async_insert, min_insert_block_size_rows]")
        .contains("deduplication off");
    assertThat(db.counts("events", "id")).isEqualTo("10|10");
    assertThat(
            db.query("count()", "FROM system.parts WHERE active AND database = currentDatabase()"))
        .containsExactly("1");
  }
}
