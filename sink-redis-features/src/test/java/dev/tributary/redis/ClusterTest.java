package dev.tributary.redis;

import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.redis.command.Slots;
import dev.tributary.stack.RedisCluster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.util.JedisClusterCRC16;

/** A real cluster of three nodes. */
class ClusterTest {
  private static RedisCluster cluster;
  private static RedisClusterClient redis;

  @BeforeAll
  static void startCluster() {
    cluster = RedisCluster.start();
    redis =
        RedisClusterClient.builder()
            .nodes(Set.of(new HostAndPort("127.0.0.1", cluster.port(0))))
            .build();
  }

  @AfterAll
  static void stopCluster() {
    redis.close();
    cluster.close();
  }

  @Test
  void knowsTheSlotOfEveryKey() {
    for (String key : List.of("a", "user:{42}:x", "{}x", "{a", "}{b}", "ключ", "{a}{b}")) {
      assertThat(Slots.of(key.getBytes(StandardCharsets.UTF_8)))
          .as(key)
          .isEqualTo(JedisClusterCRC16.getSlot(key));
    }
    for (int slot = 0; slot < Slots.COUNT; slot += 97) {
      assertThat(JedisClusterCRC16.getSlot("x{" + Slots.tag(slot) + "}")).isEqualTo(slot);
    }
  }

  @Test
  void writesHashesToAllNodesAlsoOverARestartOfOne() throws Exception {
    try (TaskHarness task = task("h", "redis.key", "h:${user_id}", "redis.batch.size", "200")) {
      CountDownLatch underWay = new CountDownLatch(5);
      CompletableFuture<Void> stream =
          CompletableFuture.runAsync(
              () -> {
                for (int batch = 0; batch < 30; batch++) {
                  task.put(batch(batch * 300, 300));
                  underWay.countDown();
                }
              });
      assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();
      cluster.kill(1);
      cluster.restart(1);
      stream.get(120, TimeUnit.SECONDS);
    }
    for (int offset = 9_000 - 500; offset < 9_000; offset++) {
      assertThat(redis.hget("h:" + offset % 500, "status")).isEqualTo("s" + offset);
    }
  }

  @Test
  void followsSlotsThatAreMoved() throws Exception {
    String key = "moving:{7}";
    int slot = JedisClusterCRC16.getSlot(key);
    int from = ownerOf(slot);
    int to = (from + 1) % cluster.size();
    try (TaskHarness hash = task("mh", "redis.key", key + ":${user_id}");
        TaskHarness list =
            task("ml", "redis.type", "LIST", "redis.key", key, "redis.member", "${offset}")) {
      hash.put(batch(0, 10));
      cluster.beginMove(slot, from, to);
      // keys that are there are written there, new ones are asked for at the other node
      hash.put(batch(0, 10));
      for (int user = 10; user < 20; user++) {
        hash.put(batch(user, 1));
      }
      // the list and its offset may be parted for a while: its writes wait
      CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> list.put(batch(0, 5)));
      cluster.endMove(slot, from, to);
      waiting.get(120, TimeUnit.SECONDS);
      hash.put(batch(20, 10));
      list.put(batch(0, 10));
    }
    for (int user = 0; user < 30; user++) {
      assertThat(redis.hget(key + ":" + user, "status")).as("user %s", user).isEqualTo("s" + user);
    }
    assertThat(redis.lrange(key, 0, -1))
        .isEqualTo(IntStream.range(0, 10).mapToObj(Integer::toString).toList());
  }

  /** What holds where no step spans slots: each slot has an offset, and knows its repeats. */
  @Test
  void writesEachRecordOnceThoughKeysAreInManySlots() {
    List<SinkRecord> log = batch(0, 400);
    String[] settings = {
      "redis.type", "LIST", "redis.key", "list:${user_id}", "redis.member", "${offset}",
    };
    try (TaskHarness task = task("once", settings)) {
      task.put(log.subList(0, 250));
    }
    try (TaskHarness again = task("once", settings);
        TaskHarness zombie = task("once", settings)) {
      again.put(log.subList(100, 300));
      zombie.put(log.subList(50, 350));
      again.put(log.subList(200, 400));
    }
    for (int user = 0; user < 400; user++) {
      assertThat(redis.lrange("list:" + user, 0, -1)).containsExactly(Integer.toString(user));
    }
  }

  @Test
  void goesBackInEverySlotWhereTheOffsetIsSet() {
    List<SinkRecord> log = batch(0, 300);
    String[] settings = {
      "redis.type", "LIST", "redis.key", "back:${user_id}", "redis.member", "${offset}",
    };
    try (TaskHarness task = task("back", settings)) {
      task.put(log);
    }
    Map<String, String> config =
        new HashMap<>(
            Map.of("name", "back", "redis.uri", cluster.uri(), "redis.cluster.enabled", "true"));
    config.put("redis.type", "LIST");
    RedisFeatureSinkConnector connector = new RedisFeatureSinkConnector();
    TopicPartition partition = new TopicPartition(Records.TOPIC, 0);

    connector.alterOffsets(config, Map.of(partition, 200L));
    try (TaskHarness task = task("back", settings)) {
      task.put(log.subList(150, 300));
    }
    assertTimesWritten("back:", 200, 1, 300, 2);

    Map<TopicPartition, Long> reset = new HashMap<>();
    reset.put(partition, null);
    connector.alterOffsets(config, reset);
    try (TaskHarness task = task("back", settings)) {
      task.put(log);
    }
    assertTimesWritten("back:", 200, 2, 300, 3);

    connector.alterOffsets(config, Map.of());
    try (TaskHarness task = task("back", settings)) {
      task.put(log);
    }
    assertTimesWritten("back:", 200, 3, 300, 4);
  }

  private static void assertTimesWritten(
      String prefix, int border, int below, int end, int fromThere) {
    for (int user = 0; user < end; user++) {
      assertThat(redis.llen(prefix + user))
          .as("user %s", user)
          .isEqualTo(user < border ? below : fromThere);
    }
  }

  private static TaskHarness task(String name, String... settings) {
    List<String> all = new ArrayList<>(List.of("name", name, "redis.cluster.enabled", "true"));
    all.addAll(List.of(settings));
    return new TaskHarness(cluster.uri(), false, all.toArray(String[]::new)).start();
  }

  private static int ownerOf(int slot) {
    return Math.min(slot / (Slots.COUNT / cluster.size() + 1), cluster.size() - 1);
  }

  private static List<SinkRecord> batch(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(offset -> upsert(offset, row(offset % 500, "s" + offset, 1.0, true)))
        .toList();
  }
}
