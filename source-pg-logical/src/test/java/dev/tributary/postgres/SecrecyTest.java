package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing of rows, messages and passwords is in logs, exceptions and what is shown of configs. Runs
 * {@link Work} in a JVM of its own that logs everything.
 */
class SecrecyTest {
  /** In every value of every row, in messages and signals; also what their bytes look like. */
  private static final String ROW = "xyzzyrow";

  private static final String NUMBER = "8675309";
  private static final String MESSAGE = "xyzzymessage";
  private static final String PASSWORD = "xyzzypassword";
  private static final String SALT = "xyzzysalt";

  private static final List<String> SECRETS = List.of(ROW, NUMBER, MESSAGE, PASSWORD, SALT);

  @TempDir java.nio.file.Path folder;

  @Test
  void logsNoneOfThem() throws Exception {
    java.nio.file.Path log = folder.resolve("log");
    List<String> command =
        List.of(
            java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.log.dev.tributary=trace",
            "-Djava.util.logging.config.file=" + pgjdbcLogging(),
            Work.class.getName());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = java.nio.file.Files.readString(log);
    assertThat(process.exitValue()).as(text).isZero();
    // so that it is known to have logged, and to have failed in every way
    assertThat(text).contains("DEBUG dev.tributary", "INFO dev.tributary");
    for (String failure : Work.FAILURES) {
      assertThat(text).contains("[" + failure + "] failed");
    }
    assertThat(text.lines().filter(line -> SECRETS.stream().anyMatch(line::contains)).toList())
        .isEmpty();
  }

  private java.nio.file.Path pgjdbcLogging() throws Exception {
    return java.nio.file.Files.writeString(
        folder.resolve("logging.properties"),
        """
        handlers=java.util.logging.ConsoleHandler
        java.util.logging.ConsoleHandler.level=INFO
        .level=INFO
        """);
  }

  @Test
  void showsNoneOfThemInConfigs() {
    Map<String, String> config = new HashMap<>(Work.settings());
    config.put("database.hostname", "localhost");
    config.put("database.sslpassword", PASSWORD);
    PgSourceConfig read = new PgSourceConfig(config);
    assertThat(
            List.of(
                read.connection().toString(), read.values().toString(), read.columns().toString()))
        .noneMatch(text -> SECRETS.stream().anyMatch(text::contains));
  }

  /** Normal work, bad input, and failures. */
  static final class Work {
    static final List<String> FAILURES =
        List.of(
            "a wrong password",
            "a table that is missing",
            "a key column that is missing",
            "an override that fails",
            "a heartbeat statement that fails",
            "a slot of another plugin",
            "a publication that is missing",
            "a server that is away");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static PostgresServer server;
    private static int runs;

    private Work() {}

    public static void main(String[] arguments) throws Exception {
      try (PostgresServer started = PostgresServer.start()) {
        server = started;
        prepare();
        work();
        fail("a wrong password", Map.of("database.password", PASSWORD + "2"));
        fail("a table that is missing", Map.of("table.include.list", "public.nothing"));
        fail("a key column that is missing", Map.of("message.key.columns", "public.t:nothing"));
        fail(
            "an override that fails",
            Map.of(
                "snapshot.select.statement.overrides",
                "public.t",
                "snapshot.select.statement.overrides.public.t",
                "select id, v, v::int as n, b, m from t"));
        fail("a slot of another plugin", Map.of("slot.name", "physical"));
        fail(
            "a publication that is missing",
            Map.of("publication.name", "none", "publication.autocreate.mode", "disabled"));
        fail("a server that is away", Map.of("database.port", "1", "errors.max.retries", "1"));
        heartbeat();
      }
    }

    static Map<String, String> settings() {
      Map<String, String> settings = new HashMap<>();
      settings.put("database.user", "holder");
      settings.put("database.password", PASSWORD);
      settings.put("database.dbname", "postgres");
      settings.put("topic.prefix", "shop");
      settings.put("table.include.list", "public.t");
      settings.put("publication.name", "pub");
      settings.put("column.mask.hash.SHA-256.with.salt." + SALT, "public.t.m");
      return settings;
    }

    private static Map<String, String> config(Map<String, String> more) {
      Map<String, String> config = new HashMap<>(settings());
      config.put("database.hostname", server.host());
      config.put("database.port", Integer.toString(server.port()));
      config.put("slot.name", "run" + runs++);
      config.putAll(more);
      return config;
    }

    private static void prepare() throws Exception {
      Servers.execute(
          server,
          "create role holder login replication password '"
              + PASSWORD
              + "'; create type feel as enum ('a');"
              + " create table t(id int primary key, v text, n numeric, b bytea, m text);"
              + " alter table t alter v set storage external; grant select on t to holder;"
              + " insert into t select i, '"
              + ROW
              + "' || i, "
              + NUMBER
              + ", '"
              + ROW
              + "', '"
              + ROW
              + "' from generate_series(1, 50) i; create publication pub for table t");
      Servers.execute(server, "select pg_create_physical_replication_slot('physical')");
    }

    /** A snapshot, changes, messages, signals good and bad, an outage, and a change of a schema. */
    private static void work() throws Exception {
      try (TaskRunner runner = runner(config(Map.of("skipped.operations", "none")))) {
        runner.pollUntil(PATIENCE, all -> all.size() >= 50);
        Await.until(
            "the stream",
            PATIENCE,
            () ->
                runner.poll() != null
                    && "1"
                        .equals(
                            Servers.single(server, "select count(*) from pg_stat_replication")));
        String value = "'" + ROW + "', " + NUMBER + ", '" + ROW + "', '" + ROW + "')";
        Servers.execute(server, "insert into t values (100, " + value);
        Servers.execute(
            server,
            "insert into t values (101, repeat("
                + value.replace(", " + NUMBER, ", 3000), " + NUMBER));
        Servers.execute(server, "update t set n = 1 where id = 101");
        Servers.execute(server, "update t set id = 102 where id = 100");
        Servers.execute(server, "alter table t add f feel; alter table t add e feel[]");
        Servers.execute(server, "update t set f = 'a', e = '{a,NULL}' where id = 102");
        message("plain", MESSAGE);
        message("tributary.signal", "{\"type\": \"execute-snapshot\", \"" + MESSAGE);
        message("tributary.signal", "{\"type\": \"" + MESSAGE + "\"}");
        message(
            "tributary.signal",
            "{\"type\": \"execute-snapshot\", \"data\": {\"data-collections\": [\"public.t\"],"
                + " \"additional-conditions\": [{\"data-collection\": \"public.t\", \"filter\":"
                + " \"v::int = 1\"}]}}");
        message(
            "tributary.signal",
            "{\"type\": \"execute-snapshot\", \"data\": {\"data-collections\": [\"public.t\"]}}");
        Servers.execute(server, "select pg_terminate_backend(pid) from pg_stat_replication");
        Servers.execute(server, "delete from t where id = 102; truncate t");
        runner.pollUntil(
            PATIENCE,
            all ->
                all.stream().anyMatch(record -> String.valueOf(record.value()).contains("op=t")));
        runner.storeOffsets();
      }
    }

    private static void message(String prefix, String content) throws Exception {
      Servers.execute(
          server, "select pg_logical_emit_message(true, '" + prefix + "', '" + content + "')");
    }

    private static void heartbeat() throws Exception {
      Servers.execute(server, "insert into t(id, v) values (1, '" + ROW + "')");
      Map<String, String> settings =
          Map.of("heartbeat.interval.ms", "100", "heartbeat.action.query", "select v::int from t");
      try (TaskRunner runner = runner(config(settings))) {
        PrintStream out = System.err;
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        System.setErr(new PrintStream(copy, true, StandardCharsets.UTF_8));
        Await.until(
            "the failure",
            PATIENCE,
            () ->
                runner.poll() != null
                    && copy.toString(StandardCharsets.UTF_8).contains("heartbeat.action.query"));
        System.setErr(out);
        out.println(copy.toString(StandardCharsets.UTF_8));
        out.println("[a heartbeat statement that fails] failed");
      }
    }

    private static void fail(String name, Map<String, String> settings) throws Exception {
      Map<String, String> config = config(settings);
      new PgLogicalSourceConnector()
          .validate(config)
          .configValues()
          .forEach(value -> value.errorMessages().forEach(System.out::println));
      try (TaskRunner runner = runner(config)) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
          runner.poll();
        }
      } catch (RuntimeException e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        System.out.println("[" + name + "] failed: " + trace);
      }
    }

    private static TaskRunner runner(Map<String, String> config) throws Exception {
      return new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store());
    }
  }
}
