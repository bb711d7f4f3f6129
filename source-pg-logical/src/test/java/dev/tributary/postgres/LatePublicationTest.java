package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables that are published while transactions that began before have them open. */
class LatePublicationTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private PostgresServer server;
  private TaskRunner.Store store;

  @BeforeEach
  void start() {
    server = PostgresServer.start();
    store = new TaskRunner.Store();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TaskRunner run(String... settings) throws Exception {
    Map<String, String> config = Servers.ownerConfig(server, "table.include.list", "public.*");
    config.put("slot.retry.delay.ms", "100");
    config.put("slot.max.retries", "600");
    Servers.with(config, settings);
    return new TaskRunner(PgLogicalSourceConnector.class, config, store);
  }

  private static List<Integer> ids(List<SourceRecord> records, String table) {
    return records.stream()
        .filter(r -> r.topic().equals("shop.public." + table))
        .map(record -> ((Struct) record.key()).getInt32("id"))
        .toList();
  }

  private void await(String what, String query) {
    Await.until(what, LONG, () -> "t".equals(Servers.single(server, query)));
  }

  @Test
  void readsWhatAnOpenTransactionWroteBeforeAResumePublishedItsTable() throws Exception {
    Servers.execute(
        server,
        "create table a(id int primary key); insert into a select generate_series(1, 20000)");
    try (TaskRunner runner = run("max.batch.size", "100", "max.queue.size", "100")) {
      runner.pollUntil(LONG, all -> all.size() >= 1000);
      runner.storeOffsets();
    }
    Servers.execute(server, "create table late(id int primary key)");
    try (Connection writer = Servers.connect(server);
        Statement writing = writer.createStatement()) {
      writer.setAutoCommit(false);
      writing.execute("insert into late values (1)");
      try (TaskRunner runner = run()) {
        await(
            "the table to be published",
            "select count(*) = 1 from pg_publication_tables where tablename = 'late'");
        await(
            "the snapshot to go on, or to wait",
            // between two looks the one that waits has no transaction
            "select bool_or(backend_xmin is not null or query ilike 'rollback%')"
                + " from pg_stat_activity where application_name = 'Tributary snapshot'");
        writing.execute("insert into late values (2)");
        writer.commit();
        Servers.execute(server, "insert into late values (3)");
        List<SourceRecord> records = runner.pollUntil(LONG, all -> ids(all, "late").contains(3));
        assertThat(ids(records, "late")).contains(1, 2);
        assertThat(ids(records, "a")).contains(20_000).doesNotHaveDuplicates();
      }
    }
  }
}
