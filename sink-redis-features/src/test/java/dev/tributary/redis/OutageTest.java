package dev.tributary.redis;

import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class OutageTest {

  @Test
  void losesNothingWhenRedisIsKilledInMidStream() throws Exception {
    try (RedisServer server = ourOwn(List.of());
        TaskHarness task =
            new TaskHarness(TestRedis.uri(server), false, "redis.batch.size", "50").start()) {
      CountDownLatch underWay = new CountDownLatch(20);
      CompletableFuture<Void> stream =
          CompletableFuture.runAsync(
              () -> {
                for (int batch = 0; batch < 60; batch++) {
                  task.put(batch(batch * 200L, 200));
                  underWay.countDown();
                }
              });
      assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();
      server.kill();
      server.restart();
      stream.get(60, TimeUnit.SECONDS);

      try (Jedis redis = TestRedis.connect(server)) {
        assertThat(redis.dbSize()).isEqualTo(500);
        for (long offset = 60 * 200L - 500; offset < 60 * 200L; offset++) {
          assertThat(redis.hget("user_features:" + offset % 500, "status")).isEqualTo("s" + offset);
        }
      }
    }
  }

  @Test
  void startsWhileRedisIsAwayAndWritesWhenItComes() throws Exception {
    try (RedisServer server = ourOwn(List.of())) {
      server.stop();
      try (TaskHarness task = new TaskHarness(TestRedis.uri(server), false).start()) {
        assertThatThrownBy(() -> task.putOnce(batch(0, 1)))
            .isInstanceOf(RetriableException.class)
            .hasMessageContaining("Redis at redis://127.0.0.1:" + server.port())
            .hasMessageContaining("Connection refused");
        CompletableFuture<Void> put = CompletableFuture.runAsync(() -> task.put(batch(0, 10)));
        server.restart();
        put.get(30, TimeUnit.SECONDS);
      }
      try (Jedis redis = TestRedis.connect(server)) {
        assertThat(redis.dbSize()).isEqualTo(10);
      }
    }
  }

  @Test
  void waitsWhileRedisIsOutOfMemoryAndReportsEachPoisonRecordOnce() {
    try (RedisServer server = ourOwn(List.of());
        Jedis redis = TestRedis.connect(server);
        TaskHarness task = new TaskHarness(TestRedis.uri(server), true).start()) {
      redis.set("user_features:1", "poison");
      redis.configSet("maxmemory-policy", "noeviction");
      redis.configSet("maxmemory", "1");
      List<SinkRecord> records = batch(0, 5);
      assertThatThrownBy(() -> task.putOnce(records))
          .isInstanceOf(RetriableException.class)
          .hasMessageContaining("OOM command not allowed");
      assertThatThrownBy(() -> task.putOnce(records)).isInstanceOf(RetriableException.class);

      redis.configSet("maxmemory", "0");
      task.put(records);

      assertThat(redis.dbSize()).isEqualTo(5);
      assertThat(redis.hget("user_features:4", "status")).isEqualTo("s4");
      assertThat(task.rejected()).hasSize(1);
    }
  }

  @Test
  void waitsWhileTheServerIsAReplica() {
    try (RedisServer server = ourOwn(List.of());
        Jedis redis = TestRedis.connect(server);
        TaskHarness task = new TaskHarness(TestRedis.uri(server), false).start()) {
      redis.replicaof("127.0.0.1", 1);
      assertThatThrownBy(() -> task.putOnce(batch(0, 5)))
          .isInstanceOf(RetriableException.class)
          .hasMessageContaining("READONLY");
      redis.replicaofNoOne();
      task.put(batch(0, 5));
      assertThat(redis.dbSize()).isEqualTo(5);
    }
  }

  @Test
  void stopsAtAWrongPassword() {
    try (RedisServer server = ourOwn(List.of("requirepass right"))) {
      String uri = "redis://127.0.0.1:" + server.port();
      try (TaskHarness none = new TaskHarness(uri, false);
          TaskHarness wrong = new TaskHarness(uri, false, "redis.password", "wr0ng-one");
          TaskHarness right = new TaskHarness(uri, false, "redis.password", "right")) {
        assertThatThrownBy(none::start)
            .isInstanceOf(ConnectException.class)
            .hasMessageContaining(uri + " refuses: NOAUTH")
            .hasMessageContaining("set redis.password");
        assertThatThrownBy(wrong::start)
            .isInstanceOf(ConnectException.class)
            .hasMessageContaining("WRONGPASS")
            .hasMessageContaining("check redis.username and redis.password")
            .hasMessageNotContaining("wr0ng-one");
        right.start().put(batch(0, 1));
      }
    }
  }

  @Test
  void stopsWhenTheUserLosesItsRights() {
    try (RedisServer server = ourOwn(List.of());
        Jedis redis = TestRedis.connect(server)) {
      redis.aclSetUser("sink", "on", ">pw", "~*", "+@all");
      try (TaskHarness task =
          new TaskHarness(
                  TestRedis.uri(server), false, "redis.username", "sink", "redis.password", "pw")
              .start()) {
        task.put(batch(0, 1));
        redis.aclSetUser("sink", "resetkeys", "~other:*");
        assertThatThrownBy(() -> task.put(batch(1, 1)))
            .isInstanceOf(ConnectException.class)
            .isNotInstanceOf(RetriableException.class)
            .hasMessageContaining("offset 1")
            .hasMessageContaining("NOPERM")
            .hasMessageContaining("grant the user");
      }
    }
  }

  private static RedisServer ourOwn(List<String> config) {
    RedisServer server = RedisServer.start(config);
    TestRedis.assumeOurOwn(server);
    return server;
  }

  private static List<SinkRecord> batch(long from, int count) {
    List<SinkRecord> records = new ArrayList<>();
    for (long offset = from; offset < from + count; offset++) {
      records.add(upsert(offset, row(offset % 500, "s" + offset, 1.0, true)));
    }
    return records;
  }
}
