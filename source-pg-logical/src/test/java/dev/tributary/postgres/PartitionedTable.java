package dev.tributary.postgres;

import dev.tributary.stack.Await;
import dev.tributary.stack.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/** A partitioned table {@code ev} on a server of its own, and the source that captures it. */
final class PartitionedTable implements AutoCloseable {
  static final Duration LONG = Duration.ofMinutes(1);
  static final int END = 1_000_000;
  static final String VIA_ROOT = "publish.via.partition.root";

  private final PostgresServer server = PostgresServer.start();
  private final TaskRunner.Store store = new TaskRunner.Store();

  PostgresServer server() {
    return server;
  }

  TaskRunner.Store store() {
    return store;
  }

  Map<String, String> config(String... settings) {
    Map<String, String> config = Servers.ownerConfig(server, "table.include.list", "public.ev");
    config.put("slot.retry.delay.ms", "100");
    config.put("slot.max.retries", "600");
    config.put("incremental.snapshot.chunk.size", "100");
    Servers.with(config, settings);
    return config;
  }

  TaskRunner run(String... settings) throws Exception {
    return new TaskRunner(PgLogicalSourceConnector.class, config(settings), store);
  }

  void execute(String sql) throws Exception {
    Servers.execute(server, sql);
  }

  /**
   * Partitions of 1000 keys each, the second with its columns in another order, the third parted.
   */
  void createTables(int rows) throws Exception {
    execute(
        "create table ev(id int primary key, v text not null) partition by range (id);"
            + "create table ev_1 partition of ev for values from (0) to (1000);"
            + "create table ev_2(v text not null, gone int, id int not null);"
            + "alter table ev_2 drop column gone;"
            + "alter table ev attach partition ev_2 for values from (1000) to (2000);"
            + "create table ev_3 partition of ev for values from (2000) to (3000) partition by hash (id);"
            + "create table ev_3_a partition of ev_3 for values with (modulus 2, remainder 0);"
            + "create table ev_3_b partition of ev_3 for values with (modulus 2, remainder 1);"
            + "create table ev_rest partition of ev default;"
            + "insert into ev select i, 'v' || i from generate_series(0, "
            + (rows - 1)
            + ") i");
  }

  void awaitStreaming() {
    Await.until(
        "changes to be streamed",
        LONG,
        () ->
            "1"
                .equals(
                    Servers.single(
                        server,
                        "select count(*) from pg_replication_slots where active and not temporary")));
  }

  static List<SourceRecord> events(List<SourceRecord> records, String table, String operation) {
    return records.stream()
        .filter(r -> r.topic().equals("shop.public." + table))
        .filter(r -> r.value() instanceof Struct value && value.getString("op").equals(operation))
        .toList();
  }

  static List<Integer> ids(List<SourceRecord> records) {
    return records.stream().map(record -> ((Struct) record.key()).getInt32("id")).toList();
  }

  static boolean has(List<SourceRecord> records, int id) {
    return ids(events(records, "ev", "c")).contains(id);
  }

  static List<String> values(List<SourceRecord> records) {
    return records.stream()
        .map(record -> ((Struct) record.value()).getStruct("after").getString("v"))
        .toList();
  }

  static Integer[] range(int from, int to) {
    return IntStream.range(from, to).boxed().toArray(Integer[]::new);
  }

  @Override
  public void close() {
    server.close();
  }
}
