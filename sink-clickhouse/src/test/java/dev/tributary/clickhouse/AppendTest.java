package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.key;
import static dev.tributary.clickhouse.Records.map;
import static dev.tributary.clickhouse.Records.record;
import static dev.tributary.clickhouse.Records.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.tributary.clickhouse.config.SinkConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AppendTest {
  @RegisterExtension static final TestDatabase db = new TestDatabase();

  private static final TopicPartition P0 = new TopicPartition("events", 0);
  private static final TopicPartition P1 = new TopicPartition("events", 1);

  private Map<String, String> settings;

  @BeforeEach
  void settings() {
    settings = db.settings();
  }

  private static SinkRecord event(int partition, long offset, int amount) {
    return record("events", partition, offset, null, row(offset, "s" + offset, amount));
  }

  private List<String> rows(String columns) {
    return db.query(columns, "FROM events ORDER BY _partition, _offset");
  }

  @Test
  void createsTheTableAndWritesEveryRecordAsARow() {
    try (TestTask task = new TestTask(settings, P0, P1)) {
      task.put(event(0, 0, 7), event(1, 5, 8), event(0, 1, 9));
      task.drain();
    }

    assertThat(rows("id,status,amount,_topic,_partition,_offset"))
        .containsExactly("0|s0|7|events|0|0", "1|s1|9|events|0|1", "5|s5|8|events|1|5");
    assertThat(
            db.query(
                "create_table_query",
                "FROM system.tables WHERE name = 'events' AND database = currentDatabase()"))
        .singleElement()
        .asString()
        .contains(
            "(`id` Int64, `status` Nullable(String), `amount` Int32, `_topic`"
                + " LowCardinality(String), `_partition` Int32, `_offset` Int64) ENGINE ="
                + " MergeTree ORDER BY (_topic, _partition, _offset)");
  }

  @Test
  void writesAReplayAfterARestartOnce() {
    List<SinkRecord> records = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      records.add(event(i % 2, i / 2, i));
    }
    try (TestTask task = new TestTask(settings, P0, P1)) {
      task.put(records.subList(0, 333));
      task.drain();
    }
    try (TestTask task = new TestTask(settings, P0, P1)) {
      task.put(records.subList(100, 400));
      task.put(records.subList(300, 500));
      task.drain();
    }

    assertThat(rows("amount")).hasSize(500).doesNotHaveDuplicates();
  }

  @Test
  void writesWhatAPartlyWrittenInsertLeftOutOfAPartitionedTable() {
    db.execute(
        "CREATE TABLE events (id Int64, status Nullable(String), amount Int32, _topic String,"
            + " _partition Int32, _offset Int64) ENGINE = MergeTree PARTITION BY amount ORDER BY id");
    db.execute(
        "INSERT INTO events VALUES (1, 's1', 1, 'events', 0, 1), (3, 's3', 1, 'events', 0, 3),"
            + " (70000, 's', 1, 'events', 0, 70000)");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(event(0, 0, 0), event(0, 1, 1), event(0, 2, 0), event(0, 3, 1), event(0, 4, 0));
      task.put(event(0, 69_999, 0), event(0, 70_000, 1), event(0, 70_001, 0));
      task.drain();
    }

    assertThat(rows("_offset")).containsExactly("0", "1", "2", "3", "4", "69999", "70000", "70001");
  }

  @Test
  void dividesAnInsertOfTooManyPartitions() {
    settings.put(SinkConfig.PARTITION_BY, "_offset % 150");
    List<SinkRecord> records = new ArrayList<>();
    for (int i = 0; i < 450; i++) {
      records.add(event(0, i, i));
    }
    try (TestTask task = new TestTask(settings, true, P0)) {
      task.put(records);
      task.drain();
      assertThat(task.context.rejected).isEmpty();
    }

    assertThat(rows("_offset")).hasSize(450).doesNotHaveDuplicates();
  }

  @Test
  void stopsAtAUserThatMayOnlyRead() {
    settings.put(SinkConfig.CLICKHOUSE_SETTINGS, "readonly=1");
    try (TestTask task = new TestTask(settings, P0)) {
      assertThatThrownBy(
              () -> {
                task.put(event(0, 0, 0));
                task.drain();
              })
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll("`events`", "164");
    }
  }

  @Test
  void countsRecordsThatAreKeptForDeadLettersAsHeld() {
    settings.put(SinkConfig.FLUSH_MS, "3600000");
    settings.put(SinkConfig.FLUSH_BYTES, "65536");
    List<SinkRecord> records = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      records.add(event(0, i, i));
    }
    try (TestTask task = new TestTask(settings, true, P0)) {
      task.put(records);
      assertThat(task.committed(P0)).isPositive();
    }
  }

  @Test
  void takesATopicThatWasMadeAnew() {
    settings.put(SinkConfig.METADATA_COLUMNS, "false");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(event(0, 5, 5), event(0, 6, 6));
      task.drain();
      task.put(event(0, 0, 0), event(0, 1, 1));
      task.drain();
    }

    assertThat(db.query("amount", "FROM events ORDER BY amount"))
        .containsExactly("0", "1", "5", "6");
  }

  /** Once its old rows are deleted, as the log advises. */
  @Test
  void writesATopicAnewWhoseRowsWereDeleted() {
    for (int amount = 0; amount < 2; amount++) {
      try (TestTask task = new TestTask(settings, P0)) {
        if (amount > 0) {
          db.execute(
              "ALTER TABLE events DELETE WHERE _topic = 'events' SETTINGS mutations_sync = 2");
        }
        task.put(event(0, 0, amount), event(0, 1, amount));
        task.drain();
      }
    }

    assertThat(rows("amount")).containsExactly("1", "1");
  }

  @Test
  void keepsWhatIsHeldBelowTheOffsetThatAPartitionGoesBackTo() {
    settings.put(SinkConfig.METADATA_COLUMNS, "false");
    settings.put(SinkConfig.FLUSH_MS, "3600000");
    settings.put(SinkConfig.FLUSH_ROWS, "4");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(event(0, 5, 5), event(0, 6, 6), event(0, 7, 7));
      task.put(event(0, 6, 16), event(0, 7, 17), event(0, 8, 18));
    }

    assertThat(db.query("amount", "FROM events ORDER BY amount"))
        .containsExactly("5", "16", "17", "18");
  }

  @Test
  void rejectsAValueThatItsOwnClassCannotRead() {
    db.execute("CREATE TABLE events (id Int64, status String) ENGINE = MergeTree ORDER BY id");
    try (TestTask task = new TestTask(settings, true, P0)) {
      Object secret = java.sql.Date.valueOf("1999-12-31");
      task.put(
          record("events", 0, 0, null, map("id", 1L, "status", secret)),
          record("events", 0, 1, null, map("id", 2L, "status", "b")));
      task.drain();

      assertThat(task.context.reasons)
          .singleElement()
          .extracting(this::withoutDatabase, STRING)
          .contains("`status`", "offset 0")
          .doesNotContain("1999");
    }

    assertThat(db.query("id", "FROM events")).containsExactly("2");
  }

  @Test
  void takesNoRecordTwiceThatConnectDeliversAgain() {
    settings.put(SinkConfig.METADATA_COLUMNS, "false");
    settings.put(SinkConfig.FLUSH_MS, "3600000");
    settings.put(SinkConfig.FLUSH_ROWS, "4");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(event(0, 0, 0), event(0, 1, 1));
      task.put(event(0, 0, 0), event(0, 1, 1), event(0, 2, 2), event(0, 3, 3));
    }

    assertThat(db.query("amount", "FROM events ORDER BY amount"))
        .containsExactly("0", "1", "2", "3");
  }

  @Test
  void commitsOnlyWhatIsWritten() {
    settings.put(SinkConfig.FLUSH_MS, "3600000");
    settings.put(SinkConfig.FLUSH_ROWS, "3");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(event(0, 10, 0), event(0, 11, 1));
      assertThat(task.committed(P0)).isEqualTo(10);

      task.put(event(0, 12, 2), event(0, 13, 3));
      assertThat(task.committed(P0)).isEqualTo(13);
      assertThat(rows("_offset")).containsExactly("10", "11", "12");
    }
  }

  @Test
  void writesTheTailOfAQuietTopicInTime() {
    settings.put(SinkConfig.FLUSH_MS, "1000");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(event(0, 0, 0));
      task.drain();
      task.put(event(0, 1, 1));
      assertThat(task.context.timeout).isBetween(1L, 1_000L);
      task.drain();
    }

    assertThat(rows("_offset")).containsExactly("0", "1");
  }

  @Test
  void dropsWhatIsNotWrittenOfARevokedPartition() {
    settings.put(SinkConfig.FLUSH_MS, "3600000");
    settings.put(SinkConfig.FLUSH_ROWS, "3");
    try (TestTask task = new TestTask(settings, P0, P1)) {
      task.put(event(0, 0, 0), event(1, 0, 1));
      task.revoke(P1);
      task.put(event(0, 1, 2), event(0, 2, 3));
    }

    assertThat(rows("_partition,_offset")).containsExactly("0|0", "0|1", "0|2");
  }

  @Test
  void insertsManyRowsAsOnePart() {
    settings.put(SinkConfig.FLUSH_ROWS, "300000");
    settings.put(SinkConfig.FLUSH_MS, "3600000");
    List<SinkRecord> records = new ArrayList<>();
    for (int i = 0; i < 300_000; i++) {
      records.add(event(0, i, i));
    }
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(records);
    }

    assertThat(db.query("count(),sum(amount)", "FROM events"))
        .containsExactly("300000|44999850000");
    assertThat(
            db.query(
                "count()",
                "FROM system.parts WHERE database = currentDatabase() AND table = 'events'"))
        .containsExactly("1");
  }

  @Test
  void writesRowsWithoutSchemaToATableThatExists() {
    db.execute(
        "CREATE TABLE events (id UInt32, name String, at DateTime64(3), extra String DEFAULT"
            + " 'none', n Nullable(Float64), upper String MATERIALIZED upper(name)) ENGINE ="
            + " MergeTree ORDER BY id");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(
          record("events", 0, 0, null, map("id", 1L, "name", "a", "at", "2026-11-20T10:00:00.5Z")),
          record("events", 0, 1, null, map("id", 2L, "name", "b", "at", 1_000L, "extra", "x")),
          record("events", 0, 2, null, map("id", 3, "name", "c", "at", 0L, "n", 1.5)));
      task.drain();
    }

    assertThat(db.query("id,name,at,extra,n,upper", "FROM events ORDER BY id"))
        .containsExactly(
            "1|a|2026-11-20 10:00:00.500|none|NULL|A",
            "2|b|1970-01-01 00:00:01.000|x|NULL|B",
            "3|c|1970-01-01 00:00:00.000|none|1.5|C");
  }

  @Test
  void addsColumnsForNewFields() {
    Schema wider =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("status", Schema.OPTIONAL_STRING_SCHEMA)
            .field("amount", Schema.INT32_SCHEMA)
            .field("new`field", Schema.OPTIONAL_FLOAT64_SCHEMA)
            .build();
    try (TestTask task = new TestTask(settings, P0)) {
      Struct wide = new Struct(wider).put("id", 1L).put("amount", 2).put("new`field", 0.5);
      task.put(event(0, 0, 0), record("events", 0, 1, null, wide), event(0, 2, 2));
      task.drain();
    }

    assertThat(rows("_offset,`new\\`field`")).containsExactly("0|NULL", "1|0.5", "2|NULL");
  }

  @Test
  void refusesExtraFieldsWhereTheTableMayNotChange() {
    db.execute("CREATE TABLE events (id Int64) ENGINE = MergeTree ORDER BY id");
    settings.put(SinkConfig.AUTO_EVOLVE, "false");
    try (TestTask task = new TestTask(settings, P0)) {
      assertThatThrownBy(() -> task.put(event(0, 7, 0)))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll("topic 'events', partition 0, offset 7", "`status`", "`events`");
    }
    settings.put(SinkConfig.EXTRA_FIELDS, "ignore");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(event(0, 7, 0));
      task.drain();
    }

    assertThat(db.query("id", "FROM events")).containsExactly("7");
  }

  /** There are digits in its name. */
  private String withoutDatabase(String reason) {
    return reason.replace(db.name(), "");
  }

  @Test
  void rejectsABadRecordAloneAndWritesItsNeighbours() {
    settings.put(SinkConfig.AUTO_EVOLVE, "false");
    db.execute(
        "CREATE TABLE events (id Int64, status Nullable(String), amount Int8, _topic String,"
            + " _partition Int32, _offset Int64, CONSTRAINT small CHECK amount < 100)"
            + " ENGINE = MergeTree ORDER BY id");
    try (TestTask task = new TestTask(settings, true, P0)) {
      task.put(event(0, 0, 1), event(0, 1, 300), event(0, 2, 2), event(0, 3, 101), event(0, 4, 3));
      task.drain();

      assertThat(task.context.rejected)
          .extracting(SinkRecord::kafkaOffset)
          .containsExactlyInAnyOrder(1L, 3L);
      assertThat(task.context.reasons)
          .anySatisfy(
              reason ->
                  assertThat(withoutDatabase(reason))
                      .contains("`amount`", "Int8", "topic 'events', partition 0, offset 1")
                      .doesNotContain("300"))
          .anySatisfy(
              reason ->
                  assertThat(withoutDatabase(reason))
                      .contains("469", "VIOLATED_CONSTRAINT", "partition 0, offset 3")
                      .doesNotContain("101"));
    }

    assertThat(rows("_offset")).containsExactly("0", "2", "4");
  }

  @Test
  void stopsAtABadRecordThatNothingTolerates() {
    settings.put(SinkConfig.AUTO_EVOLVE, "false");
    db.execute(
        "CREATE TABLE events (id Int64, status FixedString(2), amount Int32) ENGINE = MergeTree"
            + " ORDER BY id");
    try (TestTask task = new TestTask(settings, P0)) {
      assertThatThrownBy(() -> task.put(record("events", 0, 3, null, row(1, "too long to fit", 1))))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll(
              "topic 'events', partition 0, offset 3", "`status`", "`events`", "FixedString(2)")
          .hasMessageNotContaining("too long to fit");
    }
  }

  @Test
  void stopsAtAnUnknownTableThatItMayNotCreate() {
    settings.put(SinkConfig.AUTO_CREATE, "false");
    try (TestTask task = new TestTask(settings, P0)) {
      assertThatThrownBy(() -> task.put(event(0, 0, 0)))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll("`events` does not exist", "auto.create");
    }
  }

  @Test
  void stopsAtAnUnknownTableWithoutASchemaToCreateItFrom() {
    try (TestTask task = new TestTask(settings, P0)) {
      assertThatThrownBy(() -> task.put(record("events", 0, 0, null, map("id", 1))))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll("`events` does not exist", "no schema");
    }
  }

  @Test
  void readsAgainWhenTheTableHasChangedUnderHeldRows() {
    settings.put(SinkConfig.FLUSH_MS, "3600000");
    settings.put(SinkConfig.FLUSH_ROWS, "2");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(event(0, 0, 0), event(0, 1, 1));
      task.drain();
      task.put(event(0, 2, 2));
      db.execute("ALTER TABLE events MODIFY COLUMN amount Int64");
      task.put(event(0, 3, 3));
      task.until(() -> !task.context.rewinds.isEmpty());

      assertThat(task.context.rewinds).containsEntry(P0, 2L);
      assertThat(task.committed(P0)).isEqualTo(2);

      task.until(() -> task.context.timeout < 0 || task.context.paused.isEmpty());
      task.put(event(0, 2, 2), event(0, 3, 3));
      task.drain();
    }

    assertThat(rows("_offset,amount,toTypeName(amount)"))
        .containsExactly("0|0|Int64", "1|1|Int64", "2|2|Int64", "3|3|Int64");
  }

  @Test
  void appendsEnvelopesWithTheirOperation() {
    settings.put(SinkConfig.INSERT_MODE, "append");
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(
          record("events", 0, 0, key(1), Records.envelope("c", null, row(1, "new", 5), 10L, 9L)),
          record("events", 0, 1, key(1), Records.envelope("d", row(1, "new", 5), null, 11L, 10L)),
          record("events", 0, 2, key(1), null));
      task.drain();
    }

    assertThat(rows("id,status,_op,_offset")).containsExactly("1|new|c|0", "1|new|d|1");
  }
}
