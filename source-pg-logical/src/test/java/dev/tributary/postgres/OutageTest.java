package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** Connections that stand still, and connections that are cut. */
class OutageTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final String[] SMALL = {"max.batch.size", "100", "max.queue.size", "200"};

  private static TaskRunner run(PostgresServer server, int port, String... more) throws Exception {
    Map<String, String> config =
        Servers.config(server, "table.include.list", "public.t", "snapshot.mode", "no_data");
    config.put("database.port", Integer.toString(port));
    config.put("slot.max.retries", "1000");
    config.put("slot.retry.delay.ms", "50");
    Servers.with(config, more);
    return new TaskRunner(PgLogicalSourceConnector.class, config, new TaskRunner.Store());
  }

  private static void awaitStreaming(PostgresServer server) {
    Await.until("changes to be streamed", LONG, () -> pid(server) != null);
  }

  private static String pid(PostgresServer server) throws Exception {
    return Servers.single(server, "select pid from pg_stat_replication where state = 'streaming'");
  }

  private static void insert(PostgresServer server, int from, int to) throws Exception {
    Servers.execute(
        server,
        "insert into t select i, repeat('x', 500) from generate_series(" + from + "," + to + ") i");
  }

  private static List<Integer> ids(List<SourceRecord> records) {
    return records.stream()
        .filter(record -> record.topic().equals("shop.public.t"))
        .map(record -> ((Struct) record.key()).getInt32("id"))
        .toList();
  }

  private static List<Integer> range(int to) {
    return IntStream.rangeClosed(1, to).boxed().toList();
  }

  @Test
  void aConnectThatTakesNoRecordsForLongCostsNoConnection() throws Exception {
    try (PostgresServer server = PostgresServer.start(Map.of("wal_sender_timeout", "1s"))) {
      Servers.execute(server, "create table t(id int primary key, v text)");
      try (TaskRunner runner = run(server, server.port(), SMALL)) {
        awaitStreaming(server);
        String session = pid(server);
        insert(server, 1, 50_000); // far more than the queue and the sockets hold
        Await.until(
            "the server to wait for us, for several timeouts",
            LONG,
            () ->
                "t"
                    .equals(
                        Servers.single(
                            server,
                            "select clock_timestamp() - query_start > '3 s' from pg_stat_activity"
                                + " where pid = "
                                + session)));
        assertThat(
                Servers.single(
                    server, "select count(*) from pg_stat_replication where pid = " + session))
            .isEqualTo("1");
        assertThat(ids(runner.pollUntil(LONG, all -> ids(all).contains(50_000))))
            .isEqualTo(range(50_000));
      }
    }
  }

  /** Not only when the server is told again what is stored. */
  @Test
  void aConnectionThatHasEndedIsNoticedAtOnce() throws Exception {
    try (PostgresServer server = PostgresServer.start(Map.of("wal_sender_timeout", "0"));
        Relay relay = Relay.to(server.host(), server.port())) {
      Servers.execute(server, "create table t(id int primary key, v text)");
      try (TaskRunner runner = run(server, relay.port(), "status.update.interval.ms", "600000")) {
        awaitStreaming(server);
        insert(server, 1, 1);
        runner.pollUntil(LONG, all -> ids(all).contains(1));
        relay.cut();
        relay.mend();
        insert(server, 2, 2);
        assertThat(ids(runner.pollUntil(LONG, all -> ids(all).contains(2)))).containsExactly(2);
      }
    }
  }

  /** While tables are copied, by one thread and by several. */
  @Test
  void aNetworkThatIsCutInASnapshotLosesAndDoublesNothing() throws Exception {
    for (String threads : List.of("1", "3")) {
      try (PostgresServer server = PostgresServer.start();
          Relay relay = Relay.to(server.host(), server.port())) {
        Servers.execute(server, "create table t(id int primary key, v text)");
        insert(server, 1, 30_000);
        try (TaskRunner runner =
            run(
                server,
                relay.port(),
                "snapshot.mode",
                "initial",
                "snapshot.max.threads",
                threads,
                "max.batch.size",
                "100",
                "max.queue.size",
                "200")) {
          List<SourceRecord> records = new ArrayList<>();
          for (int i = 1; i <= 5; i++) {
            int enough = i * 3000;
            records.addAll(runner.pollUntil(LONG, all -> records.size() + all.size() > enough));
            relay.cut();
            insert(server, 30_000 + i, 30_000 + i);
            relay.mend();
          }
          records.addAll(runner.pollUntil(LONG, all -> ids(all).contains(30_005)));
          assertThat(ids(records).stream().sorted().toList()).isEqualTo(range(30_005));
        }
      }
    }
  }

  @Test
  void aNetworkThatIsCutAgainAndAgainLosesAndDoublesNothing() throws Exception {
    try (PostgresServer server = PostgresServer.start();
        Relay relay = Relay.to(server.host(), server.port())) {
      Servers.execute(server, "create table t(id int primary key, v text)");
      try (TaskRunner runner = run(server, relay.port(), SMALL)) {
        awaitStreaming(server);
        List<SourceRecord> records = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          insert(server, i * 3000 + 1, (i + 1) * 3000);
          int enough = i * 3000 + 700;
          records.addAll(runner.pollUntil(LONG, all -> records.size() + all.size() > enough));
          relay.cut();
          relay.mend();
        }
        records.addAll(runner.pollUntil(LONG, all -> ids(all).contains(15_000)));
        assertThat(ids(records)).isEqualTo(range(15_000));
      }
    }
  }
}
