package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.PostgresServer;
import io.debezium.connector.postgresql.PostgresConnector;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/**
 * Runs Debezium's connector and ours on the same server, each with a slot of its own, over the same
 * workload, and compares topics, keys, values, both schemas, headers and order.
 */
class DebeziumDifferentialTest {
  private static final String DONE = "shop.public.zz_done";

  @Test
  void writesTheRecordsThatDebeziumWrites() throws Exception {
    assertSame("differential", Map.of());
  }

  @Test
  void writesTheRecordsThatDebeziumWritesWithConfiguredKeysAndNoTombstones() throws Exception {
    assertSame(
        "keys",
        Map.of(
            "tombstones.on.delete", "false",
            "message.key.columns", "public.keyed:uid;public.k.*:Weird-Name;public.two:b,a",
            "table.exclude.list", "public.hidden.*"));
  }

  private static void assertSame(String workload, Map<String, String> settings) throws Exception {
    try (PostgresServer server = PostgresServer.start();
        Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute("create table zz_done(id int primary key); insert into zz_done values (0)");
      statement.execute(resource(workload + "-before.sql"));
      statement.execute("create publication pub for all tables");
      Map<String, String> config = config(server);
      config.putAll(settings);
      try (TaskRunner theirs = runner(PostgresConnector.class, config, "theirs");
          TaskRunner ours = runner(PgLogicalSourceConnector.class, config, "ours")) {
        List<SourceRecord> theirSnapshot = untilDone(theirs, 0);
        List<SourceRecord> ourSnapshot = untilDone(ours, 0);
        awaitStreaming(statement);
        for (String sql : resource(workload + "-stream.sql").strip().split(";;", -1)) {
          if (!sql.isBlank()) {
            statement.execute(sql);
          }
        }
        statement.execute("insert into zz_done values (1)");
        List<SourceRecord> theirStream = untilDone(theirs, 1);
        List<SourceRecord> ourStream = untilDone(ours, 1);
        compare(ourSnapshot, theirSnapshot);
        compare(ourStream, theirStream);
      }
    }
  }

  /** Both slots must be in use, so that neither connector starts behind the first change. */
  private static void awaitStreaming(Statement statement) {
    dev.tributary.stack.Await.until(
        "both connectors to stream",
        Duration.ofSeconds(30),
        () -> {
          try (var rows =
              statement.executeQuery(
                  "select count(*) from pg_replication_slots where active and not temporary")) {
            return rows.next() && rows.getInt(1) == 2;
          }
        });
  }

  private static void compare(List<SourceRecord> ours, List<SourceRecord> theirs) {
    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      assertThat(Rendering.of(ours.get(i)))
          .as("record %d", i)
          .isEqualTo(Rendering.of(theirs.get(i)));
    }
    assertThat(ours).hasSameSizeAs(theirs);
  }

  private static List<SourceRecord> untilDone(TaskRunner runner, int id) throws Exception {
    List<SourceRecord> records =
        runner.pollUntil(
            Duration.ofSeconds(60), all -> all.stream().anyMatch(record -> isDone(record, id)));
    return records.stream().filter(r -> !r.topic().startsWith("__debezium-heartbeat")).toList();
  }

  private static boolean isDone(SourceRecord record, int id) {
    return record.topic().equals(DONE) && ((Struct) record.key()).getInt32("id") == id;
  }

  private static TaskRunner runner(
      Class<? extends Connector> type, Map<String, String> config, String slot) throws Exception {
    Map<String, String> own = new HashMap<>(config);
    own.put("slot.name", slot);
    own.put("name", slot);
    own.put("connector.class", type.getName());
    return new TaskRunner(type, own, new TaskRunner.Store());
  }

  private static Map<String, String> config(PostgresServer server) {
    Map<String, String> config = new HashMap<>(Servers.config(server));
    config.put("publication.name", "pub");
    config.put("plugin.name", "pgoutput");
    config.put("poll.interval.ms", "10");
    return config;
  }

  private static Connection connect(PostgresServer server) throws Exception {
    return DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DebeziumDifferentialTest.class.getResourceAsStream("/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
