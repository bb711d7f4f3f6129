package dev.tributary.redis;

import static dev.tributary.redis.Records.delete;
import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.tombstone;
import static dev.tributary.redis.Records.upsert;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** JSON documents and time series on a server that has them; {@link WireTest} needs none. */
class ModulesTest extends WithRedis {
  private static final String SERVERS = "Redis 8 with its modules, or Redis Stack";

  @Test
  void setsAndDeletesDocumentsInTheirOrder() {
    TestRedis.assumeCommand(redis, "JSON.SET", SERVERS);
    try (TaskHarness task = task("JSON", "redis.key.ttl", "1h")) {
      task.put(
          upsert(1, row(1, "a", 1.5, null)),
          delete(2, 1),
          tombstone(3, 1),
          upsert(4, row(1, "b", 2.5, null)),
          upsert(5, row(2, "gone", 1.0, true)),
          delete(6, 2));
      assertThat(json("k:1"))
          .isEqualTo("[{\"user_id\":1,\"status\":\"b\",\"score\":2.5,\"active\":null}]");
      assertThat(redis.pttl("k:1")).isPositive();
      assertThat(redis.exists("k:2")).isFalse();
      assertThat(task.rejected()).isEmpty();
    }
  }

  @Test
  void mergesDocuments() {
    TestRedis.assumeCommand(redis, "JSON.MERGE", SERVERS);
    try (TaskHarness task = task("JSON", "redis.json.mode", "merge")) {
      task.put(upsert(1, row(1, "a", 1.5, true)), upsert(2, row(1, "b", null, true)));
      assertThat(json("k:1")).isEqualTo("[{\"user_id\":1,\"status\":\"b\",\"active\":true}]");
    }
  }

  @Test
  void rejectsADocumentThatCannotBeWrittenAlone() {
    TestRedis.assumeCommand(redis, "JSON.SET", SERVERS);
    redis.set("k:2", "a string");
    try (TaskHarness task = task("JSON")) {
      task.put(
          upsert(1, row(1, "a", 1.0, true)),
          upsert(2, row(2, "poison", 1.0, true)),
          upsert(3, row(3, "c", 1.0, true)));
      assertThat(task.rejected()).extracting(r -> r.record().kafkaOffset()).containsExactly(2L);
    }
    assertThat(redis.exists("k:1", "k:3")).isEqualTo(2);
    try (TaskHarness task = task("JSON", "redis.json.path.fixed", "$.a.b", "name", "path")) {
      task.put(upsert(4, row(9, "nowhere", 1.0, true)), upsert(5, row(8, "too", 1.0, true)));
      assertThat(task.rejected()).hasSize(2);
    }
  }

  @Test
  void addsAndDeletesSamples() {
    TestRedis.assumeCommand(redis, "TS.ADD", SERVERS);
    String[] settings = {
      "redis.key", "ts", "redis.timeseries.timestamp", "${user_id}", "redis.value", "${score}",
    };
    try (TaskHarness task = task("TIMESERIES", settings)) {
      task.put(
          delete(1, 1_000),
          upsert(2, row(1_000, "a", 1.5, true)),
          upsert(3, row(2_000, "a", 2.5, true)),
          upsert(4, row(1_000, "a", 3.5, true)),
          delete(5, 2_000));
      assertThat(task.rejected()).isEmpty();
    }
    List<?> samples = (List<?>) redis.sendCommand(() -> bytes("TS.RANGE"), "ts", "-", "+");
    assertThat(samples).hasSize(1);
    List<?> sample = (List<?>) samples.get(0);
    assertThat(sample.get(0)).isEqualTo(1_000L);
    assertThat(new String((byte[]) sample.get(1), UTF_8)).isEqualTo("3.5");
  }

  private static TaskHarness task(String type, String... more) {
    String[] all = new String[more.length + 4];
    System.arraycopy(more, 0, all, 4, more.length);
    all[0] = "redis.type";
    all[1] = type;
    all[2] = "redis.key";
    all[3] = "k:${user_id}";
    return new TaskHarness(TestRedis.uri(server), true, all).start();
  }

  private static String json(String key) {
    return new String((byte[]) redis.sendCommand(() -> bytes("JSON.GET"), key, "$"), UTF_8);
  }

  private static byte[] bytes(String command) {
    return command.getBytes(UTF_8);
  }
}
