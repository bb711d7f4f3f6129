package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the connector holds in memory does not grow with transactions, tables or rows. */
class HeapTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  @TempDir private Path folder;

  /** A task in a JVM of its own, whose records are converted and let go, as by a worker. */
  static final class Main {
    private Main() {}

    /** Takes rows of table t until the one with the last id, and tells how many came in order. */
    public static void main(String[] arguments) throws Exception {
      int last = Integer.parseInt(arguments[0]);
      Map<String, String> config = new HashMap<>();
      for (int i = 1; i < arguments.length; i += 2) {
        config.put(arguments[i], arguments[i + 1]);
      }
      try (JsonConverter json = new JsonConverter();
          TaskRunner runner =
              new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store())) {
        json.configure(Map.of("schemas.enable", "false"), false);
        int expected = 1;
        while (expected <= last) {
          for (SourceRecord record : runner.poll()) {
            json.fromConnectData(record.topic(), record.valueSchema(), record.value());
            if (record.topic().startsWith("__debezium-heartbeat")) {
              continue;
            }
            int id = ((Struct) record.key()).getInt32("id");
            if (id != expected++) {
              throw new IllegalStateException("row " + id + " in place of " + (expected - 1));
            }
          }
        }
      }
      System.exit(0);
    }
  }

  /** Changes are streamed, all of one transaction. */
  @Test
  void streamsATransactionOfAMillionRows() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      Servers.execute(
          server,
          "create table t(id int primary key, user_id bigint, kind text, at timestamptz,"
              + " amount numeric(12,2), data jsonb)");
      Process task = task(server, "128m", 1_000_000, "snapshot.mode", "no_data");
      awaitSlot(server, task);
      Servers.execute(
          server,
          "insert into t select i, i % 1000, 'click', now(), i / 100.0,"
              + " jsonb_build_object('page', '/p/' || i % 100, 'ref', i)"
              + " from generate_series(1, 1000000) i");
      assertEndsWell(task);
    }
  }

  /** Half of them in the snapshot, the others in one transaction; five times the heap in all. */
  @Test
  void readsAndStreamsRowsOfTenMegabytes() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      Servers.execute(server, "create table t(id int primary key, v text)");
      String rows = "insert into t select i, repeat(md5(i::text), 312500) from generate_series(";
      Servers.execute(server, rows + "1, 70) i");
      Process task = task(server, "256m", 140);
      awaitSlot(server, task);
      Servers.execute(server, rows + "71, 140) i");
      assertEndsWell(task);
    }
  }

  /** Read while they are streamed: the rows of one chunk are eight times the heap. */
  @Test
  void readsRowsOfTenMegabytesWhileChangesAreStreamed() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      Servers.execute(server, "create table t(id int primary key, v text)");
      Servers.execute(
          server,
          "insert into t select i, repeat(md5(i::text), 312500) from generate_series(1, 100) i");
      Process task = task(server, "256m", 100, "snapshot.mode", "no_data");
      awaitSlot(server, task);
      Servers.execute(
          server,
          "select pg_logical_emit_message(true, 'tributary.signal',"
              + " '{\"type\": \"execute-snapshot\", \"data\": {\"data-collections\": [\"public.t\"]}}')");
      assertEndsWell(task);
    }
  }

  private Process task(PostgresServer server, String heap, int last, String... settings)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), Integer.toString(last)));
    Servers.config(server, settings).forEach((key, value) -> command.addAll(List.of(key, value)));
    command.addAll(List.of("table.include.list", "public.t"));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log()).start();
  }

  private File log() {
    return folder.resolve("log.txt").toFile();
  }

  private static void awaitSlot(PostgresServer server, Process task) {
    Await.until(
        "the slot",
        LONG,
        () ->
            !task.isAlive()
                || "1"
                    .equals(
                        Servers.single(
                            server,
                            "select count(*) from pg_replication_slots"
                                + " where confirmed_flush_lsn is not null and not temporary")));
  }

  private void assertEndsWell(Process task) throws Exception {
    boolean ended = task.waitFor(LONG.toSeconds(), TimeUnit.SECONDS);
    task.destroyForcibly();
    String log = Files.readString(log().toPath(), StandardCharsets.UTF_8);
    assertThat(ended).as(log).isTrue();
    assertThat(task.exitValue()).as(log).isZero();
  }
}
