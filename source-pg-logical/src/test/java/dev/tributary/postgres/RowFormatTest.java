package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import io.debezium.transforms.ExtractNewRecordState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows without an envelope: what Debezium's connector with its ExtractNewRecordState behind it
 * makes of the same workload.
 */
class RowFormatTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String EVERYTHING =
      "op,lsn,table,schema,db,name,connector,snapshot,txId,sequence,source.ts_ms,ts_us:processed";

  /** Of a snapshot, what is read at another time and place by either connector. */
  private static final List<String> DIFFERS =
      List.of("__lsn", "__txId", "__sequence", "__source_ts_ms");

  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "delete.tombstone.handling.mode=drop add.fields=op",
        "delete.tombstone.handling.mode=delete-to-tombstone",
        "delete.tombstone.handling.mode=rewrite add.fields=" + EVERYTHING,
        "delete.tombstone.handling.mode=rewrite-with-tombstone add.fields.prefix=m_ add.fields=table:from"
      })
  void writesWhatDebeziumsTransformMakesOfItsEvents(String settings) throws Exception {
    assertSame("differential", settings, Map.of("skipped.operations", "none"));
  }

  @Test
  void countsInTransactionsWhatIsNotWritten() throws Exception {
    assertSame(
        "misc",
        "delete.tombstone.handling.mode=drop add.fields=total_order,transaction.id,data_collection_order:nth",
        Map.of("provide.transaction.metadata", "true", "message.prefix.exclude.list", ".*"));
  }

  @Test
  void writesLogicalMessagesAsEver() throws Exception {
    assertSame("misc", "add.fields=op,table", Map.of("skipped.operations", "none"));
  }

  private static void assertSame(String workload, String settings, Map<String, String> both)
      throws Exception {
    Map<String, String> rows = new HashMap<>();
    Arrays.stream(settings.split(" ", -1))
        .filter(setting -> !setting.isEmpty())
        .map(setting -> setting.split("=", 2))
        .forEach(setting -> rows.put(setting[0], setting[1]));
    Map<String, String> unwrapping = new HashMap<>(rows);
    unwrapping.put("replace.null.with.default", "false");
    rows.put("output.format", "row");
    List<String> stream =
        Arrays.stream(resource(workload + "-stream.sql").strip().split(";;", -1))
            .filter(sql -> !sql.isBlank())
            .toList();
    try (BothConnectors connectors = new BothConnectors(server, both, rows);
        ExtractNewRecordState<SourceRecord> unwrap = new ExtractNewRecordState<>()) {
      unwrap.configure(unwrapping);
      BothConnectors.Outcome outcome = connectors.run(resource(workload + "-before.sql"), stream);
      List<SourceRecord> theirs =
          outcome.theirs().stream().map(unwrap::apply).filter(Objects::nonNull).toList();
      theirs.forEach(RowFormatTest::hideWhatDiffers);
      outcome.ours().forEach(RowFormatTest::hideWhatDiffers);
      assertThat(Differences.of(outcome.ours(), theirs)).as("with %s", settings).isEmpty();
      assertThat(outcome.ours()).hasSizeGreaterThan(10);
    }
  }

  private static void hideWhatDiffers(SourceRecord record) {
    if (!(record.value() instanceof Struct row) || row.schema().field("__processed") == null) {
      return;
    }
    assertThat(row.getInt64("__processed")).isGreaterThan(1_700_000_000_000_000L);
    row.put("__processed", null);
    if (row.getString("__op").equals("r")) {
      for (String field : DIFFERS) {
        assertThat(row.get(field)).as(field).isNotNull();
        row.put(field, null);
      }
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = RowFormatTest.class.getResourceAsStream("/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Map<String, String> config(String table, String... more) {
    Map<String, String> config = Servers.config(server, more);
    config.put("name", table);
    config.put("slot.name", table);
    config.put("table.include.list", "public." + table);
    config.put("output.format", "row");
    return config;
  }

  private static TaskRunner run(Map<String, String> config) throws Exception {
    return new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store());
  }

  /** No schema is made for a row: all rows of a relation share one. */
  @Test
  void makesTheSchemaOncePerRelation() throws Exception {
    Servers.execute(
        server,
        "create table once(id int primary key); insert into once select generate_series(1, 50)");
    try (TaskRunner runner = run(config("once", "add.fields", "op,lsn"))) {
      List<SourceRecord> records = runner.pollUntil(LONG, all -> all.size() >= 50);
      assertThat(records.stream().map(r -> System.identityHashCode(r.valueSchema())).distinct())
          .hasSize(1);
    }
  }

  /** What was emitted is where a restart goes on, also of what leaves no record or another one. */
  @Test
  void goesOnBehindDeletesThatAreNotWritten() throws Exception {
    Servers.execute(server, "create table gone(id int primary key)");
    Map<String, String> config = config("gone", "delete.tombstone.handling.mode", "drop");
    TaskRunner.Store store = new TaskRunner.Store();
    try (TaskRunner runner = new TaskRunner(PgLogicalSourceConnector.class, config, store)) {
      Await.until(
          "the slot to be streamed",
          LONG,
          () ->
              "t"
                  .equals(
                      Servers.single(
                          server,
                          "select active from pg_replication_slots where slot_name = 'gone'")));
      Servers.execute(server, "begin; insert into gone values (1); delete from gone; commit");
      runner.pollUntil(LONG, all -> all.stream().anyMatch(r -> r.topic().endsWith("gone")));
      runner.storeOffsets();
    }
    try (TaskRunner runner = new TaskRunner(PgLogicalSourceConnector.class, config, store)) {
      Servers.execute(server, "insert into gone values (2)");
      List<SourceRecord> records =
          runner.pollUntil(
              LONG,
              all ->
                  all.stream()
                      .anyMatch(
                          r -> r.key() instanceof Struct key && Objects.equals(key.get("id"), 2)));
      assertThat(records.stream().filter(r -> r.topic().endsWith("gone"))).hasSizeLessThan(3);
    }
  }

  @Test
  void saysThatAColumnIsInTheWay() throws Exception {
    Servers.execute(
        server,
        "create table taken(id int primary key, __op text); insert into taken values (1, 'x')");
    try (TaskRunner runner = run(config("taken", "add.fields", "op"))) {
      assertThatThrownBy(() -> runner.pollUntil(LONG, all -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContainingAll("table public.taken has a column __op", "add.fields.prefix");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"no_such_field", "before.id", "op,op", "a.b.c", "op:", "source.id", ","})
  void refusesFieldsThatNoEventHas(String fields) {
    Map<String, String> config = config("x", "add.fields", fields);
    assertThatThrownBy(() -> new PgSourceConfig(config))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("add.fields");
  }
}
