package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.postgres.catalog.Identifiers;
import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the server takes as a name is taken as one everywhere. */
class HostileNamesTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static PostgresServer server;

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static List<String> names() {
    return List.of(
        "a\"b",
        "it's; drop table x; --",
        "a.b.c",
        "in  between",
        "a\\b\\",
        "a,b",
        "^(a|b)*[c]+?{2}$",
        "%s ${x} {} \t\n.",
        "Mixed CASE select",
        "é 世界 😀",
        "é".repeat(31) + "x",
        "x".repeat(63));
  }

  private String name;
  private String slot;
  private static int slots;

  @BeforeEach
  void nextSlot() {
    slot = "hostile" + slots++;
  }

  /** The server's names are kept apart: an index, say, must not have the name of its table. */
  private String quoted(String suffix) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    boolean full = bytes.length + suffix.length() > 63;
    return Identifiers.quote(full ? name.substring(suffix.length()) + suffix : name + suffix);
  }

  private String unquoted(String suffix) {
    String inside = quoted(suffix);
    return inside.substring(1, inside.length() - 1).replace("\"\"", "\"");
  }

  @ParameterizedTest
  @MethodSource("names")
  void capturesUnderAnyName(String hostile) throws Exception {
    name = hostile;
    Servers.execute(server, "create database " + quoted(""));
    Servers.execute(
        server, "create role " + quoted("u") + " login replication password 'it''s \"secret\"'");
    try (Connection owner = connect();
        Statement sql = owner.createStatement()) {
      create(sql);
      Map<String, String> config = config();
      assertThat(
              new PgLogicalSourceConnector()
                  .validate(config).configValues().stream()
                      .flatMap(value -> value.errorMessages().stream()))
          .isEmpty();
      try (TaskRunner runner =
          new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store())) {
        assertRow(next(runner), "r", 1);
        awaitStreaming(runner);
        sql.execute("insert into " + table() + values(2));
        assertRow(next(runner), "c", 2);
        sql.execute(signal());
        assertRow(next(runner), "r", 1);
        assertRow(next(runner), "r", 2);
        sql.execute("alter table " + table() + " add " + quoted("n") + " int");
        sql.execute("update " + table() + " set " + quoted("n") + " = 7");
        List<SourceRecord> updates = runner.pollUntil(PATIENCE, all -> rows(all).size() >= 2);
        assertThat(after(rows(updates).get(0)).get(unquoted("n"))).isEqualTo(7);
      }
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("PGHOST", server.host());
    properties.setProperty("PGPORT", Integer.toString(server.port()));
    properties.setProperty("PGDBNAME", name);
    properties.setProperty("user", server.user());
    properties.setProperty("password", server.password());
    return DriverManager.getConnection("jdbc:postgresql:///", properties);
  }

  private String table() {
    return quoted("s") + "." + quoted("");
  }

  private void create(Statement sql) throws SQLException {
    sql.execute("create schema " + quoted("s"));
    sql.execute(
        "create type " + quoted("e") + " as enum (" + Identifiers.literal(name) + ", 'other')");
    sql.execute("create domain " + quoted("d") + " as text");
    sql.execute("create type " + quoted("c") + " as (" + quoted("a") + " int)");
    sql.execute(
        "create table "
            + table()
            + "("
            + quoted("k")
            + " int, "
            + quoted("k2")
            + " text, "
            + String.join(
                ", ",
                quoted("e") + " " + quoted("e"),
                quoted("d") + " " + quoted("d") + " default " + Identifiers.literal(name),
                quoted("c") + " " + quoted("c"))
            + ", primary key ("
            + quoted("k2")
            + ", "
            + quoted("k")
            + "))");
    sql.execute("insert into " + table() + values(1));
    sql.execute("create publication " + quoted("p") + " for table " + table());
    sql.execute("grant usage on schema " + quoted("s") + " to " + quoted("u"));
    sql.execute("grant select on " + table() + " to " + quoted("u"));
  }

  private String values(int key) {
    String text = Identifiers.literal(name);
    return " values (" + key + ", " + text + ", " + text + ", default, row(" + key + "))";
  }

  private Map<String, String> config() {
    Map<String, String> config = Servers.ownerConfig(server, "slot.name", slot);
    config.put("database.dbname", name);
    config.put("database.user", unquoted("u"));
    config.put("database.password", "it's \"secret\"");
    config.put("publication.name", unquoted("p"));
    config.put("publication.autocreate.mode", "disabled");
    config.put("table.include.list", pattern(unquoted("s") + "." + name) + ",other.*");
    return config;
  }

  /** With a backslash in front of whatever is not a letter, as one would write it by hand. */
  private static String pattern(String text) {
    return Pattern.compile("[^\\p{L}\\p{N}]", Pattern.UNICODE_CHARACTER_CLASS)
        .matcher(text)
        .replaceAll(found -> "\\\\" + java.util.regex.Matcher.quoteReplacement(found.group()));
  }

  private String signal() {
    String json =
        "{\"type\": \"execute-snapshot\", \"data\": {\"data-collections\": [\""
            + pattern(unquoted("s") + "." + name)
                .replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\t", "\\t")
            + "\"]}}";
    return "select pg_logical_emit_message(true, 'tributary.signal', "
        + Identifiers.literal(json)
        + ")";
  }

  private SourceRecord next(TaskRunner runner) throws Exception {
    if (waiting.isEmpty()) {
      waiting.addAll(rows(runner.pollUntil(PATIENCE, all -> !rows(all).isEmpty())));
    }
    return waiting.remove(0);
  }

  private final List<SourceRecord> waiting = new java.util.ArrayList<>();

  @AfterEach
  void nothingIsLeft() {
    assertThat(waiting).isEmpty();
  }

  private static List<SourceRecord> rows(List<SourceRecord> records) {
    return records.stream().filter(record -> !record.topic().startsWith("__debezium")).toList();
  }

  private static Struct after(SourceRecord record) {
    return ((Struct) record.value()).getStruct("after");
  }

  private void assertRow(SourceRecord record, String operation, int id) {
    Struct value = (Struct) record.value();
    assertThat(value.get("op")).isEqualTo(operation);
    assertThat(record.topic()).matches("[a-zA-Z0-9._-]+");
    Struct source = value.getStruct("source");
    assertThat(source.get("db")).isEqualTo(name);
    assertThat(source.get("schema")).isEqualTo(unquoted("s"));
    assertThat(source.get("table")).isEqualTo(name);
    Struct key = (Struct) record.key();
    assertThat(key.schema().fields()).hasSize(2);
    assertThat(key.get(unquoted("k"))).isEqualTo(id);
    assertThat(key.get(unquoted("k2"))).isEqualTo(name);
    Struct row = after(record);
    assertThat(row.get(unquoted("e"))).isEqualTo(name);
    assertThat(row.get(unquoted("d"))).isEqualTo(name);
    assertThat(row.getStruct(unquoted("c")).get(unquoted("a"))).isEqualTo(id);
  }

  /** Polls meanwhile, so that a failure is seen. */
  private void awaitStreaming(TaskRunner runner) {
    Await.until(
        "slot " + slot + " to be streamed",
        PATIENCE,
        () ->
            rows(runner.poll()).isEmpty()
                && "t"
                    .equals(
                        Servers.single(
                            server,
                            "select active and not temporary from pg_replication_slots where slot_name = '"
                                + slot
                                + "'")));
  }
}
