package dev.tributary.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the offsets in Redis when Connect's are altered or reset. */
class AlterOffsetsTest extends WithRedis {
  private static final String OFFSETS = "__tributary:offsets:sink";
  private static final TopicPartition FIRST = new TopicPartition("orders", 0);
  private static final TopicPartition SECOND = new TopicPartition("orders", 1);

  @BeforeEach
  void store() {
    redis.hset(OFFSETS, Map.of("orders-0", "99", "orders-1", "49", "other-0", "7"));
  }

  @Test
  void setsTheOffsetOfTheLastRecordBeforeTheWantedOne() {
    alter(Map.of(FIRST, 40L, SECOND, 80L));
    assertThat(redis.hgetAll(OFFSETS))
        .isEqualTo(Map.of("orders-0", "39", "orders-1", "79", "other-0", "7"));
  }

  @Test
  void removesWhatIsResetAndWhatGoesBackToTheStart() {
    Map<TopicPartition, Long> offsets = new HashMap<>(Map.of(SECOND, 0L));
    offsets.put(FIRST, null);
    alter(offsets);
    assertThat(redis.hgetAll(OFFSETS)).isEqualTo(Map.of("other-0", "7"));
  }

  @Test
  void removesAllWhereKafkaHasNoOffsetsLeftToReset() {
    redis.hset("__tributary:offsets:another", "orders-0", "5");
    alter(Map.of());
    assertThat(redis.keys("*")).containsExactly("__tributary:offsets:another");
  }

  @Test
  void leavesToKafkaWhatRedisDoesNotKnow() {
    alter(Map.of(new TopicPartition("new", 3), 12L));
    assertThat(redis.hgetAll(OFFSETS)).hasSize(3).doesNotContainKey("new-3");
  }

  @Test
  void touchesNothingWhereOffsetsAreNotKeptInRedis() {
    alter(Map.of(FIRST, 1L), "redis.offsets", "kafka");
    alter(Map.of(FIRST, 1L), "redis.type", "HASH");
    alter(Map.of(), "redis.type", "HASH", "redis.uri", "redis://127.0.0.1:1");
    assertThat(redis.hget(OFFSETS, "orders-0")).isEqualTo("99");
  }

  @Test
  void refusesAnOffsetBelowZeroBeforeItChangesAny() {
    assertThatThrownBy(() -> alter(Map.of(FIRST, 1L, SECOND, -5L)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("-5")
        .hasMessageContaining("orders-1");
    assertThat(redis.hget(OFFSETS, "orders-0")).isEqualTo("99");
  }

  @Test
  void saysWhatIsWrongWithRedis() throws IOException {
    redis.del(OFFSETS);
    redis.set(OFFSETS, "x");
    assertThatThrownBy(() -> alter(Map.of(FIRST, 1L)))
        .isInstanceOf(ConnectException.class)
        .hasMessageContainingAll("WRONGTYPE", "redis.offsets.key");
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }
    assertThatThrownBy(() -> alter(Map.of(FIRST, 1L), "redis.uri", "redis://127.0.0.1:" + closed))
        .isInstanceOf(ConnectException.class)
        .hasMessageContainingAll(Integer.toString(closed), "cannot be reached");
  }

  private static void alter(Map<TopicPartition, Long> offsets, String... settings) {
    Map<String, String> config =
        new HashMap<>(
            Map.of("name", "sink", "redis.uri", TestRedis.uri(server), "redis.type", "LIST"));
    for (int i = 0; i < settings.length; i += 2) {
      config.put(settings[i], settings[i + 1]);
    }
    assertThat(new RedisFeatureSinkConnector().alterOffsets(config, offsets)).isTrue();
  }
}
