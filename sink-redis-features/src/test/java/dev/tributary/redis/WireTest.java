package dev.tributary.redis;

import static dev.tributary.redis.Records.delete;
import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.tombstone;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisServer;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The very commands that a server gets, for those that not every Redis has. */
class WireTest {
  private static RedisServer real;
  private static WireServer server;

  @BeforeAll
  static void startServer() {
    real = RedisServer.start();
    server = new WireServer(real);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
    real.close();
  }

  @Test
  void setsAJsonDocumentAndItsTtl() {
    assertThat(
            sent(
                upsert(7, row(1, "a \"b\"", 1.5, null)),
                "redis.type",
                "JSON",
                "redis.key.ttl",
                "60"))
        .containsExactly(
            List.of(
                "JSON.SET",
                "user_features:1",
                "$",
                "{\"user_id\":1,\"status\":\"a \\\"b\\\"\",\"score\":1.5,\"active\":null}"),
            List.of("PEXPIRE", "user_features:1", "60000"));
  }

  @Test
  void mergesAJsonDocumentAtAPath() {
    assertThat(
            sent(
                upsert(7, row(1, "a", null, null)),
                "redis.type",
                "JSON",
                "redis.json.mode",
                "merge",
                "redis.json.path.fixed",
                "$.of.user",
                "fields.include",
                "status"))
        .containsExactly(
            List.of("JSON.MERGE", "user_features:1", "$.of.user", "{\"status\":\"a\"}"));
  }

  @Test
  void deletesAJsonDocument() {
    assertThat(sent(delete(7, 1), "redis.type", "JSON", "redis.key.ttl", "60"))
        .containsExactly(List.of("JSON.DEL", "user_features:1", "$"));
  }

  @Test
  void addsASampleWithRetentionAndLabels() {
    assertThat(
            sent(
                upsert(7, row(1_700_000_000_000L, "eu", 2.5, true)),
                "redis.type",
                "TIMESERIES",
                "redis.key",
                "scores",
                "redis.timeseries.timestamp",
                "${user_id}",
                "redis.value",
                "${score}",
                "redis.timeseries.retention",
                "1h",
                "redis.timeseries.labels",
                "region=${status}"))
        .containsExactly(
            List.of(
                "TS.ADD",
                "scores",
                "1700000000000",
                "2.5",
                "RETENTION",
                "3600000",
                "ON_DUPLICATE",
                "LAST",
                "LABELS",
                "region",
                "eu"));
  }

  @Test
  void deletesTheSampleOfATime() {
    assertThat(
            sent(
                delete(7, 1_700_000_000_000L),
                "redis.type",
                "TIMESERIES",
                "redis.key",
                "scores",
                "redis.timeseries.timestamp",
                "${user_id}",
                "redis.value",
                "${score}"))
        .containsExactly(List.of("TS.DEL", "scores", "1700000000000", "1700000000000"));
  }

  /** Such as one that has expired: its samples need not be deleted. */
  @Test
  void takesADeleteFromASeriesThatIsNotThereForDone() {
    assertThat(
            sent(
                List.of(delete(7, 1), upsert(8, row(2, "a", 2.0, true))),
                "redis.type",
                "TIMESERIES",
                "redis.key",
                "missing",
                "redis.timeseries.timestamp",
                "${user_id}",
                "redis.value",
                "${score}"))
        .extracting(command -> command.get(0))
        .containsExactly("TS.DEL", "TS.ADD");
  }

  @Test
  void keepsTheOrderOfSetsAndDeletesInABatch() {
    List<SinkRecord> log =
        List.of(
            upsert(7, row(1, "a", 1.0, true)),
            delete(8, 1),
            tombstone(9, 1),
            upsert(10, row(1, "b", 2.0, true)));
    assertThat(sent(log, "redis.type", "JSON"))
        .extracting(command -> command.get(0))
        .containsExactly("JSON.SET", "JSON.DEL", "JSON.DEL", "JSON.SET");
    assertThat(
            sent(
                log,
                "redis.type",
                "TIMESERIES",
                "redis.key",
                "scores",
                "redis.timeseries.timestamp",
                "${user_id}",
                "redis.value",
                "${score}"))
        .extracting(command -> command.get(0))
        .containsExactly("TS.ADD", "TS.DEL", "TS.DEL", "TS.ADD");
  }

  @Test
  void letsSingleFieldsExpireInTheStepThatWritesThem() {
    assertThat(
            sent(
                upsert(7, row(1, "a", 1.5, true)),
                "redis.version",
                "none",
                "redis.field.ttl",
                "score=5,status=1d,unknown=3"))
        .containsExactly(
            List.of(
                "HSET",
                "user_features:1",
                "user_id",
                "1",
                "status",
                "a",
                "score",
                "1.5",
                "active",
                "true"),
            List.of("HPEXPIRE", "user_features:1", "86400000", "FIELDS", "1", "status"),
            List.of("HPEXPIRE", "user_features:1", "5000", "FIELDS", "1", "score"));
  }

  /** The commands on data for one record, without the offset that is stored along with them. */
  private static List<List<String>> sent(SinkRecord record, String... settings) {
    return sent(List.of(record), settings);
  }

  private static List<List<String>> sent(List<SinkRecord> records, String... settings) {
    try (TaskHarness task = new TaskHarness(server.uri(), false, settings).start()) {
      server.commands();
      task.put(records);
    }
    return server.commands().stream()
        .filter(command -> !command.get(1).startsWith("__tributary:offsets"))
        .filter(command -> !command.get(0).equals("HGET"))
        .toList();
  }
}
