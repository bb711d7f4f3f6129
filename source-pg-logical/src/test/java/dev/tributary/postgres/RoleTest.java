package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The role of docs/postgres-setup.md may do all that is needed, and each right of it is needed. */
class RoleTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path GUIDE = Path.of("..", "docs", "postgres-setup.md");

  private PostgresServer server;

  @BeforeEach
  void start() throws Exception {
    server = PostgresServer.start();
    Servers.execute(
        server,
        "create table user_events(id int primary key, v text);"
            + " create table orders(id int primary key, v text);"
            + " insert into orders values (1, 'a');"
            + " revoke usage on schema public from public;"
            + " revoke connect on database postgres from public");
    Servers.execute(server, guide("sql").replace("DATABASE shop", "DATABASE postgres"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** The first listing of the chapter on the role. */
  private static String guide(String language) throws Exception {
    String chapter = Files.readString(GUIDE).split("## A role", 2)[1];
    Matcher listing =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(chapter);
    assertThat(listing.find()).isTrue();
    return listing.group(1);
  }

  private Map<String, String> config() throws Exception {
    Map<String, String> config =
        Servers.ownerConfig(server, "table.include.list", "public.user_events,public.orders");
    for (String line : guide("json").lines().toList()) {
      String[] parts = line.strip().replace("\"", "").replace(",", "").split(": ", 2);
      config.put(parts[0], parts[1]);
    }
    config.put("database.password", "...");
    return config;
  }

  @Test
  void isEnough() throws Exception {
    assertThat(errors()).isEmpty();
    try (TaskRunner runner =
        new TaskRunner(PgLogicalSourceConnector.class, config(), new TaskRunner.Store())) {
      assertThat(next(runner, "r")).isEqualTo(1);
      Await.until(
          "the stream",
          PATIENCE,
          () ->
              runner.poll() != null
                  && "t"
                      .equals(
                          Servers.single(
                              server,
                              "select active and not temporary from pg_replication_slots where"
                                  + " slot_name = 'tributary'")));
      Servers.execute(server, "insert into orders values (2, 'b')");
      assertThat(next(runner, "c")).isEqualTo(2);
      Servers.execute(
          server,
          "select pg_logical_emit_message(true, 'tributary.signal', '{\"type\": \"execute-snapshot\","
              + " \"data\": {\"data-collections\": [\"public.orders\"]}}')");
      assertThat(next(runner, "r")).isEqualTo(1);
    }
  }

  /** Sessions set for themselves what decides on the text of values and on how SQL is read. */
  @Test
  void mayHaveSettingsOfItsOwn() throws Exception {
    Servers.execute(
        server,
        "alter role tributary set standard_conforming_strings = off;"
            + " alter role tributary set search_path = '';"
            + " alter role tributary set quote_all_identifiers = on;"
            + " alter role tributary set default_transaction_read_only = on;"
            + " alter role tributary set bytea_output = 'escape';"
            + " alter role tributary set client_encoding = 'LATIN1';"
            + " create type \"Odd\" as enum ('a', E'b\\\\c');"
            + " create table odd(k text, e \"Odd\", b bytea, n int, d text default E'a\\\\b',"
            + " primary key (k, e, b)); grant select on odd to tributary;"
            + " alter publication tributary add table odd;"
            + " insert into odd select E'\u20ac\\\\' || i, E'b\\\\c', decode(to_hex(i + 4096), 'hex'), i"
            + " from generate_series(1, 50) i");
    Map<String, String> config = config();
    config.put("table.include.list", "public.odd");
    config.put("incremental.snapshot.chunk.size", "20");
    try (TaskRunner runner =
        new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store())) {
      List<SourceRecord> snapshot = runner.pollUntil(PATIENCE, all -> all.size() >= 50);
      String streams = "select active and not temporary from pg_replication_slots";
      Await.until("the stream", PATIENCE, () -> "t".equals(Servers.single(server, streams)));
      Servers.execute(
          server,
          "select pg_logical_emit_message(true, 'tributary.signal', '{\"type\": \"execute-snapshot\","
              + " \"data\": {\"data-collections\": [\"public.odd\"]}}')");
      List<SourceRecord> again =
          runner.pollUntil(
              PATIENCE, all -> all.stream().filter(record -> is(record, "r")).count() >= 50);
      assertThat(keys(again)).containsExactlyInAnyOrderElementsOf(keys(snapshot)).hasSize(50);
      assertThat(keys(again)).anyMatch(key -> key.toString().contains("k=\u20ac\\7,e=b\\c"));
      Struct row = ((Struct) snapshot.get(0).value()).getStruct("after");
      assertThat(row.schema().field("d").schema().defaultValue()).isEqualTo("a\\b");
    }
  }

  private static List<Object> keys(List<SourceRecord> records) {
    return records.stream()
        .filter(record -> is(record, "r"))
        .map(SourceRecord::key)
        .distinct()
        .toList();
  }

  private static int next(TaskRunner runner, String operation) throws Exception {
    List<SourceRecord> records =
        runner.pollUntil(PATIENCE, all -> all.stream().anyMatch(record -> is(record, operation)));
    return records.stream()
        .filter(record -> is(record, operation))
        .map(record -> ((Struct) record.key()).getInt32("id"))
        .findFirst()
        .orElseThrow();
  }

  private static boolean is(SourceRecord record, String operation) {
    return record.value() instanceof Struct value
        && value.schema().field("op") != null
        && operation.equals(value.get("op"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alter role tributary nologin | database.user | not permitted to log in",
        "alter role tributary noreplication | database.user | ALTER ROLE \"tributary\" REPLICATION",
        "revoke connect on database postgres from tributary | database.user | GRANT CONNECT ON DATABASE",
        "revoke usage on schema public from tributary | database.user | GRANT USAGE on the schema",
        "revoke select on orders from tributary | database.user | may not read public.orders",
        "alter table orders enable row level security | database.user | BYPASSRLS",
        "drop publication tributary | publication.name | does not exist",
        "alter publication tributary drop table orders | publication.name | ADD TABLE \"public\".\"orders\"",
        "alter publication tributary set (publish = 'insert') | publication.name | publish = 'insert, update"
      })
  void saysWhatIsMissing(String without, String key, String part) throws Exception {
    Servers.execute(server, without);
    Map<String, String> errors = errors();
    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).contains(part);
    try (TaskRunner runner =
        new TaskRunner(PgLogicalSourceConnector.class, config(), new TaskRunner.Store())) {
      assertThatThrownBy(() -> runner.pollUntil(Duration.ofSeconds(30), records -> false))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining(part);
    }
  }

  private Map<String, String> errors() throws Exception {
    return new PgLogicalSourceConnector()
        .validate(config()).configValues().stream()
            .filter(value -> !value.errorMessages().isEmpty())
            .collect(
                Collectors.toMap(
                    ConfigValue::name, value -> String.join("; ", value.errorMessages())));
  }
}
