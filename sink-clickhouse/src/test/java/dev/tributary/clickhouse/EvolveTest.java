package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.map;
import static dev.tributary.clickhouse.Records.record;
import static dev.tributary.clickhouse.Records.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.clickhouse.config.SinkConfig;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that are made, changed, and found otherwise than expected. */
class EvolveTest {
  @RegisterExtension static final TestDatabase db = new TestDatabase();

  private static final TopicPartition P0 = new TopicPartition("t", 0);

  private Map<String, String> settings;

  @BeforeEach
  void settings() {
    settings = db.settings();
  }

  private static SinkRecord of(long offset, Schema schema, Object value) {
    Schema row = SchemaBuilder.struct().field("v", schema).build();
    return record("t", 0, offset, null, new Struct(row).put("v", value));
  }

  private void write(SinkRecord... records) {
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(records);
      task.drain();
    }
  }

  private String type(String column) {
    return db.query(
            "type",
            "FROM system.columns WHERE database = currentDatabase() AND table = 't' AND name = '"
                + column
                + "'")
        .get(0);
  }

  private String ddl() {
    return db.query(
            "create_table_query",
            "FROM system.tables WHERE name = 't' AND database = currentDatabase()")
        .get(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"Int8 | Int64", "UInt16 | Int64", "Nullable(Int32) | Nullable(Int64)"})
  void widensAnIntegerColumnOnceAValueDoesNotFit(String from, String to) {
    db.execute(
        "CREATE TABLE t (v "
            + from
            + ", _topic String, _partition Int32, _offset Int64) ENGINE = MergeTree ORDER BY _offset");
    write(of(0, Schema.INT64_SCHEMA, 5L), of(1, Schema.INT64_SCHEMA, 6L));
    assertThat(type("v")).isEqualTo(from);

    write(of(2, Schema.INT64_SCHEMA, 7L), of(3, Schema.INT64_SCHEMA, 1L << 40));
    assertThat(type("v")).isEqualTo(to);
    assertThat(db.query("v", "FROM t ORDER BY _offset"))
        .containsExactly("5", "6", "7", "1099511627776");
  }

  @Test
  void widensDecimalsDatesAndFloatsAndMakesRoomForNull() {
    write(
        of(
            0,
            Decimal.builder(2).parameter("connect.decimal.precision", "5").build(),
            new BigDecimal("123.45")),
        of(
            1,
            Decimal.builder(4).parameter("connect.decimal.precision", "12").optional().build(),
            new BigDecimal("12345678.1234")),
        of(
            2,
            Decimal.builder(4).parameter("connect.decimal.precision", "12").optional().build(),
            null));

    assertThat(type("v")).isEqualTo("Nullable(Decimal(12, 4))");
    assertThat(db.query("v", "FROM t ORDER BY _offset"))
        .containsExactly("123.45", "12345678.1234", "NULL");
  }

  @Test
  void widensAFloatWhoseFieldBecameADouble() {
    write(of(0, Schema.FLOAT32_SCHEMA, 0.5f), of(1, Schema.FLOAT64_SCHEMA, 0.1));

    assertThat(type("v")).isEqualTo("Float64");
    assertThat(db.query("v", "FROM t ORDER BY _offset")).containsExactly("0.5", "0.1");
  }

  @Test
  void neverNarrowsAndTakesOldVersionsBesideNewOnes() {
    write(
        of(0, Schema.INT64_SCHEMA, 1L << 40),
        of(1, Schema.INT16_SCHEMA, (short) 3),
        of(2, Schema.OPTIONAL_INT64_SCHEMA, null),
        of(3, Schema.INT32_SCHEMA, 4));

    assertThat(type("v")).isEqualTo("Nullable(Int64)");
    assertThat(db.query("v", "FROM t ORDER BY _offset"))
        .containsExactly("1099511627776", "3", "NULL", "4");
  }

  @Test
  void findsATableThatAnotherTaskHasWidenedAlready() {
    try (TestTask one = new TestTask(settings, P0);
        TestTask other = new TestTask(settings, new TopicPartition("t", 1))) {
      one.put(of(0, Schema.INT16_SCHEMA, (short) 1));
      one.drain();
      Schema row = SchemaBuilder.struct().field("v", Schema.INT64_SCHEMA).build();
      other.put(record("t", 1, 0, null, new Struct(row).put("v", 1L)));
      other.drain();
      other.put(record("t", 1, 1, null, new Struct(row).put("v", 1L << 40)));
      other.drain();
      // its own view of the table is that of an Int16, and Int32 would be a step back
      one.put(of(1, Schema.INT32_SCHEMA, 1 << 20));
      one.until(() -> one.committed(P0) == 2 || !one.context.rewinds.isEmpty());
      if (!one.context.rewinds.isEmpty()) {
        one.put(of(1, Schema.INT32_SCHEMA, 1 << 20));
      }
      one.drain();
    }

    assertThat(type("v")).isEqualTo("Int64");
    assertThat(db.query("v", "FROM t ORDER BY v"))
        .containsExactly("1", "1", "1048576", "1099511627776");
  }

  @Test
  void tasksThatWidenAColumnAtTheSameTimeNeverNarrowIt() throws Exception {
    for (int round = 0; round < 6; round++) {
      db.execute("DROP TABLE IF EXISTS t");
      db.execute(
          "CREATE TABLE t (v Int16, _topic String, _partition Int32, _offset Int64) ENGINE ="
              + " MergeTree ORDER BY _offset");
      CyclicBarrier together = new CyclicBarrier(2);
      ExecutorService threads = Executors.newFixedThreadPool(2);
      try {
        Future<?> one = threads.submit(() -> widening(together, 0, Schema.INT32_SCHEMA, 1 << 20));
        Future<?> other =
            threads.submit(() -> widening(together, 1, Schema.INT64_SCHEMA, 1L << 40));
        one.get(120, TimeUnit.SECONDS);
        other.get(120, TimeUnit.SECONDS);
      } finally {
        threads.shutdownNow();
      }

      assertThat(type("v")).isEqualTo("Int64");
      assertThat(db.query("v", "FROM t ORDER BY v"))
          .containsExactly("5", "5", "1048576", "1099511627776");
    }
  }

  private Void widening(CyclicBarrier together, int partition, Schema schema, Object large)
      throws Exception {
    TopicPartition of = new TopicPartition("t", partition);
    Schema row = SchemaBuilder.struct().field("v", schema).build();
    Object small = large instanceof Integer ? (Object) 5 : (Object) 5L;
    try (TestTask task = new TestTask(settings, of)) {
      task.put(record("t", partition, 0, null, new Struct(row).put("v", small)));
      task.drain();
      SinkRecord wide = record("t", partition, 1, null, new Struct(row).put("v", large));
      together.await(60, TimeUnit.SECONDS);
      task.put(wide);
      task.until(() -> task.committed(of) == 2 || !task.context.rewinds.isEmpty());
      while (!task.context.rewinds.isEmpty()) {
        task.context.rewinds.clear();
        task.put(wide);
        task.until(() -> task.committed(of) == 2 || !task.context.rewinds.isEmpty());
      }
      return null;
    }
  }

  @Test
  void createsTablesAsTheTemplatesSay() {
    settings.put(SinkConfig.ORDER_BY, "status,id");
    settings.put(SinkConfig.PARTITION_BY, "id % 2");
    settings.put(SinkConfig.LOW_CARDINALITY, "status");
    settings.put(SinkConfig.TABLE_SETTINGS, "index_granularity=1024, allow_nullable_key=1");
    settings.put(SinkConfig.TTL, "toDateTime(_offset) + INTERVAL 100 YEAR");
    write(record("t", 0, 0, null, row(1, "new", 2)));

    assertThat(ddl())
        .contains(
            "`status` LowCardinality(String)",
            "INDEX _offsets _offset TYPE minmax",
            "PARTITION BY id % 2",
            "ORDER BY (status, id)",
            "TTL toDateTime(_offset) + toIntervalYear(100)",
            "index_granularity = 1024",
            "non_replicated_deduplication_window = 1000");
  }

  /** The server that tests run on has no cluster, but reads what it is asked before it says so. */
  @Test
  void asksForTablesColumnsAndViewsOnTheCluster() {
    settings.put(SinkConfig.CLUSTER, "no-such-cluster");
    settings.put(SinkConfig.VIEW, "${table}_current");
    settings.put(SinkConfig.INSERT_MODE, "mirror");
    settings.put(SinkConfig.ORDER_BY, "v");
    settings.put(
        SinkConfig.ENGINE,
        "ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/${database}/${table}',"
            + " '{replica}', _version, _deleted)");
    assertAsksTheCluster("`t` cannot be created");

    db.execute(
        "CREATE TABLE t (v Int64, _version UInt64, _deleted UInt8) ENGINE ="
            + " ReplacingMergeTree(_version, _deleted) ORDER BY v");
    assertAsksTheCluster("The view of table");

    settings.put(SinkConfig.VIEW, "");
    db.execute("DROP TABLE t");
    db.execute(
        "CREATE TABLE t (w Int64, _version UInt64, _deleted UInt8) ENGINE ="
            + " ReplacingMergeTree(_version, _deleted) ORDER BY w");
    assertAsksTheCluster("Columns [v] cannot be added");
  }

  private void assertAsksTheCluster(String failure) {
    assertThatThrownBy(() -> write(of(0, Schema.INT64_SCHEMA, 1L)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(failure)
        // the second is how the embedded engine answers an ALTER
        .hasMessageMatching("(?s).*(CLUSTER_DOESNT_EXIST|QUERY_IS_PROHIBITED).*");
  }

  @Test
  void putsTheTableInTheTopicsDatabase() {
    db.execute("CREATE DATABASE " + db.name() + "_public");
    settings.put(SinkConfig.DATABASE, db.name() + "_${schema}");
    settings.put(SinkConfig.TABLE, "${table}");
    settings.put(SinkConfig.ENGINE, "ReplacingMergeTree /* ${database}.${table} */");
    TopicPartition orders = new TopicPartition("shop.public.orders", 0);
    try (TestTask task = new TestTask(settings, orders)) {
      task.put(record("shop.public.orders", 0, 0, null, row(1, "new", 2)));
      task.drain();
    }

    assertThat(db.query("id,status", "FROM " + db.name() + "_public.orders"))
        .containsExactly("1|new");
  }

  @Test
  void findsColumnsByNamesOfOtherCase() {
    db.execute(
        "CREATE TABLE t (user_id Int64, TotalAmount Int32, x Int8 DEFAULT 5) ENGINE = MergeTree ORDER"
            + " BY user_id");
    settings.put(SinkConfig.COLUMN_CASE, "snake");
    settings.put(SinkConfig.AUTO_EVOLVE, "false");
    Schema row =
        SchemaBuilder.struct()
            .field("userId", Schema.INT64_SCHEMA)
            .field("total_amount", Schema.INT32_SCHEMA)
            .build();
    write(
        record("t", 0, 0, null, new Struct(row).put("userId", 1L).put("total_amount", 2)),
        record("t", 0, 1, null, map("UserID", 3, "totalAmount", 4, "X", 6)));

    assertThat(db.query("user_id,TotalAmount,x", "FROM t ORDER BY user_id"))
        .containsExactly("1|2|5", "3|4|6");
  }

  @Test
  void putsExtraFieldsIntoOneColumn() {
    db.execute("CREATE TABLE t (id Int64, _extra JSON) ENGINE = MergeTree ORDER BY id");
    settings.put(SinkConfig.EXTRA_FIELDS, "json");
    write(
        record("t", 0, 0, null, row(1, "new \"x\"", 2)),
        record("t", 0, 1, null, map("id", 2, "a", List.of(1, 2), "b", map("c", "d"))));

    assertThat(db.query("id,_extra.status,_extra.amount", "FROM t WHERE id = 1"))
        .containsExactly("1|new \"x\"|2");
    assertThat(db.query("_extra", "FROM t WHERE id = 2"))
        .containsExactly("{\"a\":[1,2],\"b\":{\"c\":\"d\"}}");
  }

  @Test
  void leavesComputedColumnsToTheServer() {
    db.execute(
        "CREATE TABLE t (id Int64, status String, raw String EPHEMERAL, d Int32 DEFAULT id * 2, m Int64"
            + " MATERIALIZED id + 1, a Int64 ALIAS id + 2, parsed UInt8 DEFAULT length(raw)) ENGINE ="
            + " MergeTree ORDER BY id");
    settings.put(SinkConfig.EXTRA_FIELDS, "ignore");
    Schema row =
        SchemaBuilder.struct()
            .field("id", Schema.INT64_SCHEMA)
            .field("status", Schema.STRING_SCHEMA)
            .field("raw", Schema.STRING_SCHEMA)
            .field("m", Schema.INT64_SCHEMA)
            .field("a", Schema.INT64_SCHEMA)
            .build();
    write(
        record(
            "t",
            0,
            0,
            null,
            new Struct(row)
                .put("id", 1L)
                .put("status", "s")
                .put("raw", "four")
                .put("m", 99L)
                .put("a", 99L)));

    assertThat(db.query("id,status,d,m,a,parsed", "FROM t")).containsExactly("1|s|2|2|3|4");
  }

  @Test
  void skipsTopicsWithoutATableWhereThatIsWanted() {
    settings.put(SinkConfig.AUTO_CREATE, "false");
    assertThatThrownBy(() -> write(record("t", 0, 0, null, row(1, "new", 2))))
        .isInstanceOf(ConnectException.class);

    settings.put(SinkConfig.SKIP_MISSING_TABLES, "true");
    write(record("t", 0, 0, null, row(1, "new", 2)));

    assertThat(db.query("name", "FROM system.tables WHERE database = currentDatabase()")).isEmpty();
  }
}
