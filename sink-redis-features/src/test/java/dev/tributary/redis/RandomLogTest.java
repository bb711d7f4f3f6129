package dev.tributary.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** Whatever is repeated, and by whomever: the end is the log applied once in its order. */
class RandomLogTest {
  private static final int USERS = 6;

  private final Random random = new Random(42);

  @Test
  void endsWithTheLogAppliedOnceInOrder() {
    try (RedisServer server = RedisServer.start();
        Jedis redis = TestRedis.connect(server)) {
      for (int round = 0; round < 60; round++) {
        redis.flushDB();
        List<SinkRecord> log = new ArrayList<>();
        Map<Integer, Map<String, String>> oracle = new HashMap<>();
        for (int offset = 0; offset < 80; offset++) {
          log.add(next(offset, oracle));
        }
        replay(server, log);
        for (int user = 0; user < USERS; user++) {
          Map<String, String> hash = redis.hgetAll("user_features:" + user);
          hash.keySet().removeIf(name -> name.startsWith("__v:"));
          assertThat(hash).as("round %s, user %s", round, user).isEqualTo(oracle.get(user));
        }
      }
    }
  }

  /** Batches of any size, rewinds to any earlier offset, and late writes of a second task. */
  private void replay(RedisServer server, List<SinkRecord> log) {
    String mode = Integer.toString(1 + random.nextInt(7));
    try (TaskHarness owner =
            new TaskHarness(TestRedis.uri(server), false, "redis.batch.size", mode).start();
        TaskHarness zombie = new TaskHarness(TestRedis.uri(server), false).start()) {
      int at = 0;
      while (at < log.size()) {
        int end = Math.min(log.size(), at + 1 + random.nextInt(12));
        owner.put(log.subList(at, end));
        if (random.nextInt(3) == 0) {
          int from = random.nextInt(end);
          zombie.put(log.subList(from, from + 1 + random.nextInt(end - from)));
        }
        at = random.nextInt(4) == 0 ? random.nextInt(end) : end;
      }
    }
  }

  private SinkRecord next(int offset, Map<Integer, Map<String, String>> oracle) {
    int user = random.nextInt(USERS);
    Map<String, String> hash = oracle.computeIfAbsent(user, u -> new HashMap<>());
    if (random.nextInt(5) == 0) {
      hash.clear();
      return random.nextBoolean() ? Records.delete(offset, user) : Records.tombstone(offset, user);
    }
    Map<String, Object> row = new HashMap<>();
    row.put("user_id", user);
    hash.put("user_id", Integer.toString(user));
    for (String field : List.of("a", "b", "c", "d")) {
      switch (random.nextInt(3)) {
        case 0 -> {
          row.put(field, offset);
          hash.put(field, Integer.toString(offset));
        }
        case 1 -> {
          row.put(field, null);
          hash.remove(field);
        }
        default -> {}
      }
    }
    return Records.schemaless(offset, Map.of("user_id", user), row);
  }
}
