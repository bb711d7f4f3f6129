package dev.tributary.redis;

import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** A server that takes its time to load what it has on disk, as one with much data does. */
class LoadingTest {
  private static final int KEYS = 20_000;

  /** A setting of Redis' own tests, in microseconds; it answers after each thousand keys. */
  private static final List<String> SLOWLY = List.of("key-load-delay 100");

  @Test
  void waitsWhileRedisLoadsItsData() throws Exception {
    try (RedisServer server = RedisServer.start(SLOWLY)) {
      TestRedis.assumeOurOwn(server);
      try (TaskHarness task = new TaskHarness(TestRedis.uri(server), false).start()) {
        task.put(records(0));
        server.kill();
        CompletableFuture<Void> restart = CompletableFuture.runAsync(server::restart);

        String told = untilItSays("LOADING", task, records(KEYS));
        assertThat(told).contains("LOADING", "the records are sent again");
        task.put(records(KEYS));
        restart.get(60, TimeUnit.SECONDS);
      }
      try (Jedis redis = TestRedis.connect(server)) {
        assertThat(redis.dbSize()).isEqualTo(KEYS);
        assertThat(redis.hget("user_features:7", "status")).isEqualTo("s" + (KEYS + 7));
      }
    }
  }

  /** A worker gives the records again and again; at first nobody listens. */
  private static String untilItSays(String word, TaskHarness task, List<SinkRecord> records) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < deadline) {
      try {
        task.putOnce(records);
        return "written";
      } catch (RetriableException e) {
        if (e.getMessage().contains(word)) {
          return e.getMessage();
        }
      }
    }
    return "nothing";
  }

  private static List<SinkRecord> records(int from) {
    return IntStream.range(from, from + KEYS)
        .mapToObj(offset -> upsert(offset, row(offset % KEYS, "s" + offset, 1.0, true)))
        .toList();
  }
}
