package dev.tributary.redis;

import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;

/** Offsets in Redis, in one step with the data. */
class OffsetsTest extends WithRedis {
  private static final TopicPartition PARTITION = new TopicPartition(Records.TOPIC, 0);
  private static final String OFFSETS = "__tributary:offsets:sink";
  private static final String FIELD = Records.TOPIC + "-0";

  @Test
  void takesUpWhereRedisHasComeToWhateverKafkaHasStored() {
    List<SinkRecord> log = log(100);
    try (TaskHarness first = list().open(PARTITION)) {
      first.follow(log.subList(0, 60), 0, 7);
    }
    assertThat(redis.hget(OFFSETS, FIELD)).isEqualTo("59");
    try (TaskHarness second = list().open(PARTITION)) {
      // Kafka had stored less, and then more
      second.follow(log, 20, 9);
    }
    try (TaskHarness third = list().open(PARTITION)) {
      redis.ltrim("l", 0, 49);
      redis.hset(OFFSETS, FIELD, "49");
      third.rewinds();
      third.open(PARTITION).follow(log, 80, 9);
    }
    assertThat(redis.lrange("l", 0, -1)).isEqualTo(expected(100));
  }

  @Test
  void passesOverWhatAnotherTaskHasWritten() {
    List<SinkRecord> log = log(30);
    try (TaskHarness zombie = list();
        TaskHarness owner = list()) {
      zombie.put(log.subList(0, 10));
      owner.put(log.subList(0, 20));
      zombie.put(log.subList(10, 25));
      owner.put(log.subList(20, 30));
    }
    assertThat(redis.lrange("l", 0, -1)).isEqualTo(expected(30));
  }

  @Test
  void stopsBeforeAPoisonRecordAndGoesOnBehindIt() {
    redis.set("poison", "a string");
    List<SinkRecord> log = new ArrayList<>(log(250));
    log.set(120, keyed(120, "poison"));
    log.set(121, keyed(121, "poison"));
    try (TaskHarness task =
        new TaskHarness(
                TestRedis.uri(server),
                true,
                "redis.type",
                "LIST",
                "redis.key",
                "${status}",
                "redis.member",
                "${offset}")
            .start()) {
      task.put(log);
      assertThat(task.rejected())
          .extracting(r -> r.record().kafkaOffset())
          .containsExactly(120L, 121L);
      assertThat(task.rejected().get(0).error()).hasMessageContaining("WRONGTYPE");
    }
    assertThat(redis.llen("l")).isEqualTo(248);
    assertThat(redis.hget(OFFSETS, FIELD)).isEqualTo("249");
  }

  @Test
  void readsAgainWhatAFailoverHasLost() {
    List<SinkRecord> log = log(60);
    try (TaskHarness task = list().open(PARTITION)) {
      task.follow(log.subList(0, 40), 0, 10);
      // as a replica that had come less far would be
      redis.ltrim("l", 0, 29);
      redis.hset(OFFSETS, FIELD, "29");
      task.follow(log, 40, 10);
    }
    assertThat(redis.lrange("l", 0, -1)).isEqualTo(expected(60));
  }

  @Test
  void stopsWhereTheTopicWasMadeAnew() {
    try (TaskHarness task = list()) {
      task.put(log(50));
    }
    try (TaskHarness task = list().open(PARTITION)) {
      assertThat(task.rewinds()).isEqualTo(Map.of(PARTITION, 50L));
      assertThatThrownBy(() -> task.put(log(10)))
          .isInstanceOf(ConnectException.class)
          .isNotInstanceOf(RetriableException.class)
          .hasMessageContaining("made anew")
          .hasMessageContaining("redis.offsets.key")
          .hasMessageContaining("PATCH /connectors/NAME/offsets");
    }
    redis.del("l");
    new RedisFeatureSinkConnector()
        .alterOffsets(
            Map.of("name", "sink", "redis.uri", TestRedis.uri(server), "redis.type", "LIST"),
            Map.of(PARTITION, 0L));
    try (TaskHarness task = list().open(PARTITION)) {
      assertThat(task.rewinds()).isEmpty();
      task.put(log(10));
    }
    assertThat(redis.lrange("l", 0, -1)).isEqualTo(expected(10));
    assertThat(redis.hgetAll(OFFSETS)).isEqualTo(Map.of(FIELD, "9"));
  }

  @Test
  void stopsWhereTheOffsetsKeyHoldsSomethingElse() {
    redis.set(OFFSETS, "x");
    try (TaskHarness task = list()) {
      assertThatThrownBy(() -> task.put(log(3)))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("redis.offsets.key");
    }
    assertThat(redis.exists("l")).isFalse();
  }

  @Test
  void publishesNothingWhereTheOffsetCannotBeKept() {
    TestRedis.assumeOurOwn(server);
    redis.configSet("maxmemory", "1");
    try (TaskHarness task = list("redis.type", "PUBSUB", "redis.key", "c", "redis.value", "x")) {
      assertThatThrownBy(() -> task.putOnce(log(3)))
          .isInstanceOf(RetriableException.class)
          .hasMessageContaining("OOM");
      redis.configSet("maxmemory", "0");
      task.put(log(3));
    } finally {
      redis.configSet("maxmemory", "0");
    }
    assertThat(redis.hgetAll(OFFSETS)).isEqualTo(Map.of(FIELD, "2"));
  }

  @Test
  void keepsNoOffsetsWhereNotAsked() {
    try (TaskHarness task = list("redis.offsets", "kafka")) {
      task.put(log(3));
      task.put(log(3));
    }
    assertThat(redis.llen("l")).isEqualTo(6);
    assertThat(redis.exists(OFFSETS)).isFalse();
  }

  private static TaskHarness list(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of("redis.type", "LIST", "redis.key", "l", "redis.member", "${offset}"));
    settings.addAll(List.of(more));
    return new TaskHarness(TestRedis.uri(server), false, settings.toArray(String[]::new)).start();
  }

  private static List<SinkRecord> log(int size) {
    return IntStream.range(0, size).mapToObj(offset -> keyed(offset, "l")).toList();
  }

  private static SinkRecord keyed(int offset, String key) {
    return upsert(offset, row(offset, key, 1.0, true));
  }

  private static List<String> expected(int size) {
    return IntStream.range(0, size).mapToObj(Integer::toString).toList();
  }
}
