package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.envelope;
import static dev.tributary.clickhouse.Records.key;
import static dev.tributary.clickhouse.Records.map;
import static dev.tributary.clickhouse.Records.record;
import static dev.tributary.clickhouse.Records.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.clickhouse.config.SinkConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MirrorTest {
  @RegisterExtension static final TestDatabase db = new TestDatabase();

  private static final String TOPIC = "shop.public.orders";
  private static final TopicPartition P0 = new TopicPartition(TOPIC, 0);

  private Map<String, String> settings;

  @BeforeEach
  void settings() {
    settings = db.settings();
    settings.put(SinkConfig.TABLE, "${table}");
  }

  private List<String> mirrored() {
    return db.query("id,status,amount", "FROM orders FINAL ORDER BY id");
  }

  private void write(SinkRecord... records) {
    write(List.of(records));
  }

  private void write(List<SinkRecord> records) {
    try (TestTask task = new TestTask(settings, P0)) {
      // one by one, so that every record is in a part of its own
      for (SinkRecord record : records) {
        task.put(record);
        task.drain();
      }
    }
  }

  private static SinkRecord at(long offset, long id, Object value) {
    return record(TOPIC, 0, offset, key(id), value);
  }

  @Test
  void createsAReplacingTableSortedByTheKey() {
    write(at(0, 1, envelope("c", null, row(1, "new", 5), 10L, 9L)));

    assertThat(
            db.query(
                "create_table_query",
                "FROM system.tables WHERE name = 'orders' AND database = currentDatabase()"))
        .singleElement()
        .asString()
        .containsPattern(
            "\\(`id` Int64, `status` Nullable\\(String\\), `amount` Int32, `_version` UInt64,"
                + " `_deleted` UInt8\\) ENGINE = ReplacingMergeTree\\(_version, _deleted\\) ORDER BY"
                + " \\(?id\\b");
  }

  @Test
  void followsInsertsUpdatesDeletesAndChangedKeys() {
    write(
        at(0, 1, envelope("r", null, row(1, "old", 1), 10L, null)),
        at(1, 2, envelope("c", null, row(2, "new", 2), 20L, 10L)),
        at(2, 1, envelope("u", row(1, "old", 1), row(1, "paid", 1), 30L, 25L)),
        at(3, 2, envelope("d", row(2, null, 0), null, 40L, 35L)),
        at(4, 2, null),
        at(5, 1, envelope("d", row(1, "paid", 1), null, 50L, 45L)),
        at(6, 1, null),
        at(7, 3, envelope("c", null, row(3, "paid", 1), 50L, 45L)));

    assertThat(mirrored()).containsExactly("3|paid|1");
  }

  @Test
  void equalsTheOracleUnderReplaysAndRestarts() {
    Random random = new Random(42);
    List<SinkRecord> events = new ArrayList<>();
    TreeMap<Long, String> oracle = new TreeMap<>();
    for (int i = 0; i < 400; i++) {
      long id = random.nextInt(20);
      long lsn = 1_000 + i * 10L;
      int amount = random.nextInt(1_000);
      if (oracle.containsKey(id) && random.nextInt(4) == 0) {
        events.add(at(events.size(), id, envelope("d", row(id, null, 0), null, lsn, lsn - 5)));
        events.add(at(events.size(), id, null));
        oracle.remove(id);
      } else {
        String op = oracle.containsKey(id) ? "u" : "c";
        events.add(
            at(events.size(), id, envelope(op, null, row(id, "s" + i, amount), lsn, lsn - 5)));
        oracle.put(id, id + "|s" + i + "|" + amount);
      }
    }
    for (int run = 0; run < 12; run++) {
      int from = random.nextInt(events.size());
      int to = from + random.nextInt(events.size() - from) + 1;
      try (TestTask task = new TestTask(settings, P0)) {
        task.put(run == 0 ? events : events.subList(from, to));
        task.drain();
      }
    }

    assertThat(mirrored()).containsExactlyElementsOf(oracle.values());
  }

  @Test
  void aSnapshotReadNeverUndoesAChangeThatItHasNotSeen() {
    // written at 90, before the snapshot's point 100, and committed at 110, after it
    SinkRecord read = at(0, 1, envelope("r", null, row(1, "old", 1), 100L, null));
    SinkRecord change = at(1, 1, envelope("u", null, row(1, "new", 1), 90L, 105L));
    SinkRecord first = at(2, 2, envelope("u", null, row(2, "new", 2), 95L, null));
    write(read, change, at(1, 2, envelope("r", null, row(2, "old", 2), 100L, null)), first);
    write(read);

    assertThat(mirrored()).containsExactly("1|new|1", "2|new|2");
  }

  @Test
  void aSnapshotReadNeverUndoesAChangeAfterARestartEither() {
    write(at(0, 1, envelope("r", null, row(1, "old", 1), 100L, null)));
    // a source's first transaction: no commit is known before it
    Struct change = envelope("u", null, row(1, "new", 1), 90L, null);
    change.getStruct("source").put("sequence", "[null,\"90\"]");
    write(at(1, 1, change));
    assertThat(mirrored()).containsExactly("1|new|1");

    write(at(2, 1, envelope("u", null, row(1, "newer", 1), 120L, 110L)));
    assertThat(mirrored()).containsExactly("1|newer|1");
  }

  @Test
  void mirrorsTheEnvelopesOfMySqlByOffset() {
    Schema source =
        SchemaBuilder.struct()
            .field("connector", Schema.STRING_SCHEMA)
            .field("ts_ms", Schema.INT64_SCHEMA)
            .field("sequence", Schema.OPTIONAL_STRING_SCHEMA)
            .field("file", Schema.STRING_SCHEMA)
            .field("pos", Schema.INT64_SCHEMA)
            .field("row", Schema.INT32_SCHEMA)
            .build();
    List<SinkRecord> log =
        List.of(
            at(0, 1, mySql(source, "r", null, row(1, "snapshot", 1), "binlog.000009", 900)),
            at(1, 2, mySql(source, "r", null, row(2, "snapshot", 1), "binlog.000009", 900)),
            // a new file begins at a small position, which must not make the change an old one
            at(2, 1, mySql(source, "u", null, row(1, "paid", 2), "binlog.000010", 4)),
            at(3, 2, mySql(source, "d", row(2, "snapshot", 1), null, "binlog.000010", 8)),
            at(4, 2, null),
            at(5, 3, mySql(source, "c", null, row(3, "new", 3), "binlog.000010", 12)));
    write(log);
    assertThat(mirrored()).containsExactly("1|paid|2", "3|new|3");

    write(log.subList(0, 2));
    assertThat(mirrored()).as("after a replay").containsExactly("1|paid|2", "3|new|3");
    assertThat(db.query("max(_version)", "FROM orders")).containsExactly("5");
  }

  private static Struct mySql(
      Schema source, String op, Struct before, Struct after, String file, long position) {
    Schema envelope =
        SchemaBuilder.struct()
            .name("shop.inventory.orders.Envelope")
            .field("before", Records.ROW)
            .field("after", Records.ROW)
            .field("source", source)
            .field("op", Schema.STRING_SCHEMA)
            .build();
    return new Struct(envelope)
        .put("before", before)
        .put("after", after)
        .put("op", op)
        .put(
            "source",
            new Struct(source)
                .put("connector", "mysql")
                .put("ts_ms", 1_700_000_000_000L)
                .put("file", file)
                .put("pos", position)
                .put("row", 0));
  }

  @Test
  void widensColumnsOfAMirrorAndItsViewFollows() {
    settings.put("mirror.view", "${table}_current");
    write(at(0, 1, envelope("c", null, row(1, "a", 5), 10L, 9L)));
    Schema wide =
        SchemaBuilder.struct()
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("status", Schema.OPTIONAL_STRING_SCHEMA)
            .field("amount", Schema.INT64_SCHEMA)
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    Schema envelope =
        SchemaBuilder.struct()
            .field("before", wide)
            .field("after", wide)
            .field("source", Records.SOURCE)
            .field("op", Schema.STRING_SCHEMA)
            .build();
    Struct after =
        new Struct(wide).put("id", 2L).put("status", "b").put("amount", 1L << 40).put("note", "n");
    Struct source = new Struct(Records.SOURCE).put("lsn", 20L).put("sequence", "[\"19\",\"20\"]");
    write(
        at(1, 2, new Struct(envelope).put("after", after).put("source", source).put("op", "c")),
        at(2, 1, envelope("d", row(1, "a", 5), null, 30L, 29L)));

    assertThat(db.query("id,status,amount,note", "FROM orders_current"))
        .containsExactly("2|b|1099511627776|n");
    assertThat(
            db.query(
                "type",
                "FROM system.columns WHERE database = currentDatabase() AND name = 'amount' AND table"
                    + " = 'orders_current'"))
        .containsExactly("Int64");
  }

  @Test
  void rejectsAnUpdateWhoseUnchangedLargeValueIsUnknown() {
    String placeholder = "__debezium_unavailable_value";
    SinkRecord create = at(0, 1, envelope("c", null, row(1, "large", 1), 10L, 9L));
    SinkRecord update = at(1, 1, envelope("u", null, row(1, placeholder, 2), 20L, 19L));
    SinkRecord delete = at(2, 1, envelope("d", row(1, placeholder, 2), null, 30L, 29L));
    try (TestTask task = new TestTask(settings, true, P0)) {
      task.put(create, update);
      task.drain();
      assertThat(task.context.reasons)
          .singleElement()
          .asString()
          .contains("`status`", "REPLICA IDENTITY FULL", "offset 1");
      assertThat(mirrored()).containsExactly("1|large|1");

      task.put(delete);
      task.drain();
    }
    assertThat(mirrored()).isEmpty();
  }

  @Test
  void rejectsATombstoneThatCouldOnlyLose() {
    settings.put(SinkConfig.INSERT_MODE, "mirror");
    settings.put(SinkConfig.VERSION_FIELD, "amount");
    try (TestTask task = new TestTask(settings, true, P0)) {
      task.put(at(0, 1, row(1, "a", 100)), at(1, 1, null));
      task.drain();

      assertThat(task.context.rejected).extracting(SinkRecord::kafkaOffset).containsExactly(1L);
      assertThat(task.context.reasons).singleElement().asString().contains("__deleted", "offset 1");
    }
    assertThat(mirrored()).containsExactly("1|a|100");
  }

  @Test
  void aLaterSnapshotWinsOverWhatItHasSeen() {
    write(
        at(0, 1, envelope("c", null, row(1, "seen", 1), 90L, 80L)),
        at(1, 1, envelope("r", null, row(1, "current", 1), 100L, 95L)));

    assertThat(mirrored()).containsExactly("1|current|1");
  }

  @Test
  void theLaterOfTwoChangesInOneTransactionWins() {
    // both written before the last commit of another transaction, so that their versions are equal
    write(
        at(0, 1, envelope("c", null, row(1, "first", 1), 90L, 99L)),
        at(1, 1, envelope("u", null, row(1, "second", 1), 95L, 99L)));
    assertThat(mirrored()).containsExactly("1|second|1");

    try (TestTask task = new TestTask(settings, P0)) {
      task.put(
          at(2, 2, envelope("c", null, row(2, "first", 1), 190L, 199L)),
          at(3, 2, envelope("u", null, row(2, "second", 1), 195L, 199L)));
      task.drain();
    }
    db.execute("OPTIMIZE TABLE orders FINAL");
    assertThat(mirrored()).containsExactly("1|second|1", "2|second|1");
  }

  @Test
  void truncateEmptiesWhatCameBeforeIt() {
    SinkRecord truncate = record(TOPIC, 0, 2, null, envelope("t", null, null, 30L, 25L));
    write(
        at(0, 1, envelope("c", null, row(1, "a", 1), 10L, 5L)),
        at(1, 2, envelope("c", null, row(2, "b", 2), 20L, 15L)),
        truncate,
        at(3, 3, envelope("c", null, row(3, "c", 3), 40L, 35L)));
    write(truncate);

    assertThat(mirrored()).containsExactly("3|c|3");
  }

  @Test
  void mirrorsFlattenedRowsByOffset() {
    Schema flat =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("status", Schema.OPTIONAL_STRING_SCHEMA)
            .field("amount", Schema.OPTIONAL_INT32_SCHEMA)
            .field("__deleted", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    write(
        at(0, 1, new Struct(flat).put("id", 1L).put("status", "a").put("__deleted", "false")),
        at(1, 2, new Struct(flat).put("id", 2L).put("status", "b").put("__deleted", "false")),
        at(2, 1, new Struct(flat).put("id", 1L).put("__deleted", "true")),
        at(3, 3, new Struct(flat).put("id", 3L).put("status", "c").put("__deleted", "false")),
        at(4, 3, null));

    assertThat(mirrored()).containsExactly("2|b|NULL");
  }

  @Test
  void mirrorsPlainRowsByAField() {
    settings.put(SinkConfig.INSERT_MODE, "mirror");
    settings.put(SinkConfig.VERSION_FIELD, "amount");
    write(at(0, 1, row(1, "b", 2)), at(1, 1, row(1, "a", 1)));

    assertThat(mirrored()).containsExactly("1|b|2");
  }

  @Test
  void mirrorsRowsWithoutSchemaIntoATableThatExists() {
    db.execute(
        "CREATE TABLE orders (id Int64, status String, amount Decimal(10, 2), _version UInt64,"
            + " _deleted UInt8) ENGINE = ReplacingMergeTree(_version, _deleted) ORDER BY id");
    Map<String, Object> source = map("lsn", 10L);
    write(
        record(
            TOPIC,
            0,
            0,
            map("id", 1L),
            map(
                "op",
                "c",
                "before",
                null,
                "after",
                map("id", 1L, "status", "new", "amount", "-12.50"),
                "source",
                source)),
        record(
            TOPIC,
            0,
            1,
            map("id", 2L),
            map(
                "op",
                "c",
                "before",
                null,
                "after",
                map("id", 2L, "status", "x", "amount", 3.25),
                "source",
                source)),
        record(
            TOPIC,
            0,
            2,
            map("id", 2L),
            map("op", "d", "before", null, "after", null, "source", map("lsn", 20L))));

    assertThat(mirrored()).containsExactly("1|new|-12.5");
  }

  @Test
  void takesTheKeyFromOrderByWhereTopicsAreKeyedOtherwise() {
    settings.put(SinkConfig.ORDER_BY, "id");
    Schema user = SchemaBuilder.struct().field("user_id", Schema.INT32_SCHEMA).build();
    Struct sameUser = new Struct(user).put("user_id", 7);
    write(
        record(TOPIC, 0, 0, sameUser, envelope("c", null, row(1, "a", 1), 10L, 9L)),
        record(TOPIC, 0, 1, sameUser, envelope("c", null, row(2, "b", 2), 20L, 19L)),
        record(TOPIC, 0, 2, sameUser, envelope("d", row(1, null, 0), null, 30L, 29L)),
        record(TOPIC, 0, 3, sameUser, null));

    assertThat(mirrored()).containsExactly("2|b|2");
  }

  @Test
  void refusesARecordWithoutAKey() {
    settings.put(SinkConfig.INSERT_MODE, "mirror");
    try (TestTask task = new TestTask(settings, P0)) {
      assertThatThrownBy(
              () ->
                  task.put(record(TOPIC, 0, 4, null, envelope("c", null, row(1, "a", 1), 10L, 9L))))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll("no key", "partition 0, offset 4", "order.by");
    }
  }

  @Test
  void refusesATableThatCannotMirror() {
    db.execute("CREATE TABLE orders (id Int64) ENGINE = MergeTree ORDER BY id");
    settings.put(SinkConfig.INSERT_MODE, "mirror");
    try (TestTask task = new TestTask(settings, P0)) {
      assertThatThrownBy(() -> task.put(at(0, 1, envelope("c", null, row(1, "a", 1), 10L, 9L))))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll("`orders`", "_version UInt64", "_deleted UInt8");
    }
  }
}
