package dev.tributary.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/**
 * Random polls, rebalances to earlier offsets, and a server that is killed, full, a replica or
 * locked in between: lists and streams end as the log applied once in its order.
 */
class FaultsTest {
  private static final TopicPartition PARTITION = new TopicPartition(Records.TOPIC, 0);
  private static final int SIZE = 400;

  private final Random random = new Random(20261121);

  @Test
  void endsWithTheLogAppliedOnceInOrder() {
    try (RedisServer server = RedisServer.start()) {
      TestRedis.assumeOurOwn(server);
      for (int round = 0; round < 6; round++) {
        boolean stream = round % 2 == 0;
        try (Jedis redis = TestRedis.connect(server)) {
          redis.flushAll();
        }
        List<SinkRecord> log = new ArrayList<>();
        List<List<String>> expected = List.of(new ArrayList<>(), new ArrayList<>());
        for (int offset = 0; offset < SIZE; offset++) {
          int key = random.nextInt(2);
          expected.get(key).add(Integer.toString(offset));
          log.add(Records.schemaless(offset, null, Map.of("k", key, "n", offset)));
        }
        replay(server, log, stream);
        try (Jedis redis = TestRedis.connect(server)) {
          for (int key = 0; key < 2; key++) {
            assertThat(values(redis, "x" + key, stream))
                .as("round %s, key %s", round, key)
                .isEqualTo(expected.get(key));
          }
        }
      }
    }
  }

  private static List<String> values(Jedis redis, String key, boolean stream) {
    return stream
        ? redis.xrange(key, (StreamEntryID) null, null).stream()
            .map(entry -> entry.getFields().get("n"))
            .toList()
        : redis.lrange(key, 0, -1);
  }

  private void replay(RedisServer server, List<SinkRecord> log, boolean stream) {
    int at = 0;
    while (at < log.size()) {
      try (TaskHarness task =
          new TaskHarness(
                  TestRedis.uri(server),
                  false,
                  "redis.type",
                  stream ? "STREAM" : "LIST",
                  "redis.key",
                  "x${k}",
                  "redis.member",
                  "${n}",
                  "redis.batch.size",
                  Integer.toString(1 + random.nextInt(60)))
              .start()
              .open(PARTITION)) {
        // Kafka may have stored less than Redis
        at = task.rewinds().getOrDefault(PARTITION, (long) at).intValue();
        for (int poll = 0; poll < 6 && at < log.size(); poll++) {
          int end = Math.min(log.size(), at + 1 + random.nextInt(50));
          disturbed(server, task, log.subList(at, end));
          at = task.rewinds().getOrDefault(PARTITION, (long) end).intValue();
        }
      }
      at = Math.min(at, log.size() - 1 - random.nextInt(3) + (at >= log.size() ? 3 : 0));
    }
  }

  private void disturbed(RedisServer server, TaskHarness task, List<SinkRecord> records) {
    int fault = random.nextInt(5);
    try (Jedis redis = TestRedis.connect(server)) {
      switch (fault) {
        case 0 -> redis.configSet("maxmemory", "1");
        case 1 -> redis.replicaof("127.0.0.1", 1);
        case 2 -> server.kill();
        default -> {}
      }
      if (fault <= 2) {
        try {
          task.putOnce(records);
        } catch (RetriableException e) {
          // as it should be
        }
      }
      switch (fault) {
        case 0 -> redis.configSet("maxmemory", "0");
        case 1 -> redis.replicaofNoOne();
        case 2 -> server.restart();
        default -> {}
      }
    }
    task.put(records);
  }
}
