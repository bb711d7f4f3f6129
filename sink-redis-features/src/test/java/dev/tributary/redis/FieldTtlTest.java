package dev.tributary.redis;

import static dev.tributary.redis.Records.delete;
import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.Await;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fields that expire by themselves, on a server that has them. */
class FieldTtlTest extends WithRedis {
  private static final String KEY = "user_features:1";
  private static final String[] SETTINGS = {"redis.field.ttl", "score=1h,status=2h"};

  @BeforeEach
  void assumeFieldTtls() {
    TestRedis.assumeCommand(redis, "HPEXPIRE", "Redis 7.4 or Valkey 9");
  }

  @Test
  void setsTheTimeOfEachFieldThatHasOne() {
    try (TaskHarness task = new TaskHarness(TestRedis.uri(server), false, SETTINGS).start()) {
      task.put(upsert(1, row(1, "a", 1.5, true)));
      assertThat(ttl("score")).isBetween(3_500_000L, 3_600_000L);
      assertThat(ttl("status")).isBetween(7_100_000L, 7_200_000L);
      assertThat(ttl("active")).isEqualTo(-1);
      assertThat(ttl("__v:sink:" + Records.TOPIC + "-0")).isEqualTo(-1);
    }
  }

  @Test
  void countsAnewFromEachWriteAndLeavesOtherFieldsAlone() {
    try (TaskHarness task = new TaskHarness(TestRedis.uri(server), false, SETTINGS).start()) {
      task.put(upsert(1, row(1, "a", 1.5, true)));
      redis.hpexpire(KEY, 60_000, "score", "status");
      // two records of one key in a batch are one write
      task.put(upsert(2, row(1, "b", 1.0, true)), upsert(3, row(1, "b", 2.5, true)));
      assertThat(ttl("score")).isBetween(3_500_000L, 3_600_000L);
      assertThat(redis.hget(KEY, "score")).isEqualTo("2.5");

      redis.hpexpire(KEY, 60_000, "score");
      task.put(upsert(3, row(1, "repeated", 9.0, true)));
      assertThat(ttl("score")).isLessThanOrEqualTo(60_000L);
      task.put(delete(4, 1), upsert(5, row(1, "c", null, true)));
      assertThat(redis.hexists(KEY, "score")).isFalse();
      assertThat(ttl("status")).isBetween(7_100_000L, 7_200_000L);
    }
  }

  @Test
  void letsTheFieldGoWhenItsTimeIsOver() {
    try (TaskHarness task =
        new TaskHarness(TestRedis.uri(server), false, "redis.field.ttl", "score=1ms").start()) {
      task.put(upsert(1, row(1, "a", 1.5, true)));
      Await.until("the field to go", Duration.ofSeconds(60), () -> !redis.hexists(KEY, "score"));
      assertThat(redis.hget(KEY, "status")).isEqualTo("a");
    }
  }

  private static long ttl(String field) {
    return redis.hpttl(KEY, field).get(0);
  }
}
