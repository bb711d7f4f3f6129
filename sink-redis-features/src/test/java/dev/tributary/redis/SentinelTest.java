package dev.tributary.redis;

import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisSentinels;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A real failover: what replicas have acknowledged is there, in order and once. */
class SentinelTest {

  @Test
  void followsTheFailoverAndLosesNothingThatAReplicaHas() throws Exception {
    try (RedisSentinels servers = RedisSentinels.start();
        TaskHarness hash =
            new TaskHarness(servers.uri(), false, "name", "h", "redis.wait.replicas", "1").start();
        TaskHarness list =
            new TaskHarness(
                    "redis://localhost:1",
                    false,
                    "name",
                    "l",
                    "redis.type",
                    "LIST",
                    "redis.key",
                    "l",
                    "redis.member",
                    "${offset}",
                    "redis.hosts",
                    String.join(",", servers.hosts()),
                    "redis.sentinel.master",
                    RedisSentinels.MASTER)
                .start()) {
      int before = servers.masterPort();
      hash.put(batch(0, 200));
      list.put(batch(0, 200));
      awaitReplica(servers);
      servers.killFirstMaster();
      CountDownLatch done = new CountDownLatch(1);
      CompletableFuture<Void> stream =
          CompletableFuture.runAsync(
              () -> {
                // no replica is left to wait for
                list.put(batch(150, 250));
                done.countDown();
              });
      assertThat(done.await(90, TimeUnit.SECONDS)).isTrue();
      stream.get(1, TimeUnit.SECONDS);
      assertThat(servers.masterPort()).isNotEqualTo(before);
      try (Jedis redis = new Jedis("127.0.0.1", servers.masterPort())) {
        assertThat(redis.lrange("l", 0, -1))
            .isEqualTo(IntStream.range(0, 400).mapToObj(Integer::toString).toList());
        for (int user = 0; user < 200; user++) {
          assertThat(redis.hget("user_features:" + user, "status")).isEqualTo("s" + user);
        }
      }
    }
  }

  private static void awaitReplica(RedisSentinels servers) {
    try (Jedis redis = new Jedis("127.0.0.1", servers.masterPort())) {
      redis.set("marker", "1");
      assertThat(redis.waitReplicas(1, 60_000)).isOne();
    }
  }

  private static List<SinkRecord> batch(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(offset -> upsert(offset, row(offset, "s" + offset, 1.0, true)))
        .toList();
  }
}
