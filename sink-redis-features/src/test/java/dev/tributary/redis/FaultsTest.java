package dev.tributary.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.RedisServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.args.ClientType;
import redis.clients.jedis.params.ClientKillParams;

/**
 * Rows that are set, deleted and set again, in batches and polls of any size, while tasks come and
 * go and Redis is killed, full, a replica, or asks for a password: the end is the log applied once
 * in its order.
 */
class FaultsTest {
  private static final TopicPartition PARTITION = new TopicPartition(Records.TOPIC, 0);
  private static final int SIZE = 600;
  private static final int KEYS = 3;
  private static final int MEMBERS = 4;

  private final Random random = new Random(20261121);

  /** A data type, how it is read, and what a record does to it by the book. */
  private enum Kind {
    HASH {
      @Override
      Object read(Jedis redis, String key) {
        Map<String, String> hash = redis.hgetAll(key);
        hash.keySet().removeIf(name -> name.startsWith("__v:"));
        return hash.getOrDefault("n", "");
      }

      @Override
      Object apply(Object before, int offset, int member, boolean delete) {
        return delete ? "" : Integer.toString(offset);
      }
    },
    STRING {
      @Override
      Object read(Jedis redis, String key) {
        String text = redis.get(key);
        return text == null ? "" : text;
      }

      @Override
      Object apply(Object before, int offset, int member, boolean delete) {
        return delete ? "" : Integer.toString(offset);
      }
    },
    STREAM {
      @Override
      Object read(Jedis redis, String key) {
        return redis.xrange(key, (StreamEntryID) null, null).stream()
            .map(entry -> entry.getFields().getOrDefault("n", "gone"))
            .toList();
      }

      @Override
      Object apply(Object before, int offset, int member, boolean delete) {
        return with(before, delete ? "gone" : Integer.toString(offset));
      }
    },
    LIST {
      @Override
      Object read(Jedis redis, String key) {
        return redis.lrange(key, 0, -1);
      }

      @Override
      Object apply(Object before, int offset, int member, boolean delete) {
        return delete ? without(before, member) : with(before, Integer.toString(member));
      }
    },
    SET {
      @Override
      Object read(Jedis redis, String key) {
        return List.copyOf(new TreeSet<>(redis.smembers(key)));
      }

      @Override
      Object apply(Object before, int offset, int member, boolean delete) {
        List<String> rest = without(before, member);
        return delete ? rest : List.copyOf(new TreeSet<>(with(rest, Integer.toString(member))));
      }
    },
    ZSET {
      @Override
      Object read(Jedis redis, String key) {
        return redis.zrange(key, 0, -1);
      }

      @Override
      Object apply(Object before, int offset, int member, boolean delete) {
        List<String> rest = without(before, member);
        return delete ? rest : with(rest, Integer.toString(member));
      }
    };

    abstract Object read(Jedis redis, String key);

    abstract Object apply(Object before, int offset, int member, boolean delete);

    Object empty() {
      return this == HASH || this == STRING ? "" : List.of();
    }

    @SuppressWarnings("unchecked")
    private static List<String> with(Object before, String more) {
      List<String> list = new ArrayList<>((List<String>) before);
      list.add(more);
      return list;
    }

    @SuppressWarnings("unchecked")
    private static List<String> without(Object before, int member) {
      return ((List<String>) before)
          .stream().filter(one -> !one.equals(Integer.toString(member))).toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void endsWithTheLogAppliedOnceInOrder(Kind kind) {
    try (RedisServer server = RedisServer.start()) {
      TestRedis.assumeOurOwn(server);
      for (int round = 0; round < 3; round++) {
        try (Jedis redis = TestRedis.connect(server)) {
          redis.flushAll();
        }
        List<SinkRecord> log = new ArrayList<>();
        Map<Integer, Object> expected = new HashMap<>();
        for (int offset = 0; offset < SIZE; offset++) {
          log.add(next(kind, offset, expected));
        }
        replay(server, log, kind);
        try (Jedis redis = TestRedis.connect(server)) {
          for (int key = 0; key < KEYS; key++) {
            assertThat(kind.read(redis, "x" + key))
                .as("round %s, key %s", round, key)
                .isEqualTo(expected.get(key));
          }
        }
      }
    }
  }

  private SinkRecord next(Kind kind, int offset, Map<Integer, Object> expected) {
    int key = random.nextInt(KEYS);
    int member = random.nextInt(MEMBERS);
    boolean delete = random.nextInt(4) == 0;
    expected.merge(
        key,
        kind.apply(kind.empty(), offset, member, delete),
        (before, first) -> kind.apply(before, offset, member, delete));
    Map<String, Object> id = Map.of("k", key, "m", member);
    if (!delete) {
      return Records.schemaless(offset, id, Map.of("k", key, "m", member, "n", offset));
    }
    Map<String, Object> change = new HashMap<>(Map.of("op", "d", "before", id));
    change.put("after", null);
    return Records.schemaless(offset, id, random.nextBoolean() ? null : change);
  }

  /** Tasks one after the other; what Kafka has stored may be less than what was written. */
  private void replay(RedisServer server, List<SinkRecord> log, Kind kind) {
    int at = 0;
    while (at < log.size()) {
      try (TaskHarness task = task(server, kind).start()) {
        if (kind != Kind.HASH) {
          task.open(PARTITION);
        }
        at = task.rewinds().getOrDefault(PARTITION, (long) at).intValue();
        for (int poll = 0; poll < 6 && at < log.size(); poll++) {
          int end = Math.min(log.size(), at + 1 + random.nextInt(50));
          if (!put(server, task, log.subList(at, end))) {
            break;
          }
          at = task.rewinds().getOrDefault(PARTITION, (long) end).intValue();
        }
      }
      if (at < log.size()) {
        at -= random.nextInt(Math.min(at + 1, 60));
      }
    }
  }

  private TaskHarness task(RedisServer server, Kind kind) {
    return new TaskHarness(
        TestRedis.uri(server),
        false,
        "redis.type",
        kind.name(),
        "redis.key",
        "x${k}",
        "redis.value",
        "${n}",
        "redis.member",
        "${m}",
        "redis.score",
        "${n}",
        "redis.batch.size",
        Integer.toString(1 + random.nextInt(60)));
  }

  /** Puts records through what goes wrong; false if the task has failed. */
  private boolean put(RedisServer server, TaskHarness task, List<SinkRecord> records) {
    int fault = random.nextInt(7);
    try (Jedis redis = TestRedis.connect(server)) {
      switch (fault) {
        case 0 -> redis.configSet("maxmemory", "1");
        case 1 -> redis.replicaof("127.0.0.1", 1);
        case 2 -> server.kill();
        case 3 -> {
          redis.configSet("requirepass", "changed");
          redis.clientKill(new ClientKillParams().type(ClientType.NORMAL));
        }
        default -> {}
      }
      if (fault <= 2) {
        try {
          task.putOnce(records);
        } catch (RetriableException e) {
          // as it should be
        }
      } else if (fault == 3) {
        assertThatThrownBy(() -> task.putOnce(records))
            .isInstanceOf(ConnectException.class)
            .isNotInstanceOf(RetriableException.class)
            .hasMessageContaining("NOAUTH");
      }
      switch (fault) {
        case 0 -> redis.configSet("maxmemory", "0");
        case 1 -> redis.replicaofNoOne();
        case 2 -> server.restart();
        case 3 -> redis.configSet("requirepass", "");
        default -> {}
      }
    }
    if (fault == 3) {
      return false;
    }
    task.put(records);
    return true;
  }
}
