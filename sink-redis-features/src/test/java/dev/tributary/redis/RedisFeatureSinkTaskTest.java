package dev.tributary.redis;

import static dev.tributary.redis.Records.delete;
import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.tombstone;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisFeatureSinkTaskTest extends WithRedis {
  private static final String VERSION = "__v:sink:" + Records.TOPIC + "-0";
  private static final String KEY = "user_features:1";

  private TaskHarness task;

  @AfterEach
  void close() {
    if (task != null) {
      task.close();
    }
  }

  @Test
  void writesARowAsAHashWithItsVersion() {
    task().put(upsert(7, row(1, "new", 1.5, true)));

    assertThat(redis.hgetAll(KEY))
        .isEqualTo(
            Map.of(
                "user_id", "1", "status", "new", "score", "1.5", "active", "true", VERSION, "7"));
    assertThat(redis.pttl(KEY)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"position", "none"})
  void setsTheTtlWithEveryWriteAnew(String version) {
    task = task("redis.key.ttl", "1h", "redis.version", version);
    task.put(upsert(1, row(1, "new", 1.5, true)));
    assertThat(redis.pttl(KEY)).isBetween(3_500_000L, 3_600_000L);

    redis.pexpire(KEY, 60_000);
    task.put(upsert(2, row(1, "old", 1.5, true)));
    assertThat(redis.pttl(KEY)).isBetween(3_500_000L, 3_600_000L);
  }

  @Test
  void readsATtlInSecondsAsPeersDo() {
    task("redis.key.ttl", "120").put(upsert(1, row(1, "new", 1.5, true)));
    assertThat(redis.ttl(KEY)).isBetween(110L, 120L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"position", "none"})
  void keepsTheOrderOfWritesAndDeletesWithinABatch(String version) {
    task = task("redis.version", version);
    task.put(
        upsert(1, row(1, "first", 1.0, true)),
        delete(2, 1),
        tombstone(3, 1),
        upsert(4, row(1, "second", null, null)),
        upsert(5, row(2, "gone", 1.0, true)),
        delete(6, 2));

    assertThat(fields(KEY)).isEqualTo(Map.of("user_id", "1", "status", "second"));
    assertThat(fields("user_features:2")).isEmpty();

    task.put(delete(7, 1));
    assertThat(fields(KEY)).isEmpty();
    task.put(upsert(8, row(1, "third", null, null)));
    assertThat(fields(KEY)).isEqualTo(Map.of("user_id", "1", "status", "third"));
    assertThat(redis.pttl(KEY)).isEqualTo(-1);
  }

  @Test
  void deletesTheKeyAtOnceWithoutVersions() {
    task = task("redis.version", "none");
    task.put(upsert(1, row(1, "a", 1.0, true)));
    task.put(delete(2, 1));
    assertThat(redis.exists(KEY)).isFalse();
  }

  @Test
  void keepsTheVersionOfADeletedHashForAWhile() {
    task = task("redis.delete.marker.ttl", "2m");
    task.put(upsert(1, row(1, "a", 1.0, true)), delete(2, 1));

    assertThat(redis.hgetAll(KEY)).isEqualTo(Map.of(VERSION, "2"));
    assertThat(redis.pttl(KEY)).isBetween(100_000L, 120_000L);
  }

  @Test
  void deletesTheKeyAtOnceWhereTheMarkerHasNoTime() {
    task = task("redis.delete.marker.ttl", "0");
    task.put(upsert(1, row(1, "a", 1.0, true)));
    task.put(delete(2, 1));
    assertThat(redis.exists(KEY)).isFalse();
  }

  @Test
  void changesNothingForRepeatedAndLateRecords() {
    task = task();
    task.put(upsert(5, row(1, "five", 5.0, true)));
    task.put(upsert(9, row(1, "nine", 9.0, false)));
    Map<String, String> state = redis.hgetAll(KEY);

    TaskHarness ofAnOlderAssignment = new TaskHarness(TestRedis.uri(server), false).start();
    ofAnOlderAssignment.put(upsert(5, row(1, "five", 5.0, true)), delete(6, 1));
    ofAnOlderAssignment.put(upsert(9, row(1, "nine again", 0.0, true)));
    ofAnOlderAssignment.close();

    assertThat(redis.hgetAll(KEY)).isEqualTo(state);
  }

  @Test
  void doesNotBringADeletedHashBackForALateRecord() {
    task = task();
    task.put(upsert(1, row(1, "a", 1.0, true)));
    task.put(delete(2, 1));
    task.put(upsert(1, row(1, "a", 1.0, true)));

    assertThat(fields(KEY)).isEmpty();
  }

  @Test
  void keepsAVersionForEachPartitionOfAKey() {
    task = task();
    task.put(
        Records.record(0, 100, Records.key(1), row(1, "zero", null, null)),
        Records.record(1, 3, Records.key(1), row(1, null, 3.0, null)),
        Records.record(0, 101, Records.key(1), row(1, "late", null, null)));
    task.put(Records.record(1, 3, Records.key(1), row(1, "repeated", 0.0, null)));

    assertThat(redis.hgetAll(KEY))
        .isEqualTo(
            Map.of(
                "user_id",
                "1",
                "status",
                "late",
                VERSION,
                "101",
                "__v:sink:" + Records.TOPIC + "-1",
                "3"));
  }

  @Test
  void letsTwoConnectorsWriteOneHashFromOneTopic() {
    task = task("fields.include", "status");
    TaskHarness other =
        new TaskHarness(TestRedis.uri(server), false, "name", "other", "fields.include", "score")
            .start();
    task.put(upsert(1, row(1, "a", 1.0, true)), upsert(2, row(1, "b", 2.0, true)));
    other.put(upsert(1, row(1, "a", 1.0, true)), upsert(2, row(1, "b", 2.0, true)));
    other.close();

    assertThat(fields(KEY)).isEqualTo(Map.of("status", "b", "score", "2.0"));
  }

  @Test
  void replacesTheHashWhereAsked() {
    redis.hset(KEY, "foreign", "x");
    task("redis.hash.mode", "replace").put(upsert(1, row(1, "a", null, null)));

    assertThat(fields(KEY)).isEqualTo(Map.of("user_id", "1", "status", "a"));
  }

  @Test
  void removesTheFieldOfANull() {
    redis.hset(KEY, "foreign", "x");
    task = task();
    task.put(upsert(1, row(1, "a", 1.0, true)));
    task.put(upsert(2, row(1, null, 1.0, true)));

    assertThat(fields(KEY))
        .isEqualTo(Map.of("user_id", "1", "score", "1.0", "active", "true", "foreign", "x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"position", "none"})
  void rejectsOnlyTheRecordOfAKeyOfAnotherType(String version) {
    redis.set(KEY, "a string");
    task =
        new TaskHarness(
            TestRedis.uri(server), true, "redis.version", version, "redis.key.ttl", "1h");
    task.start();
    task.put(
        upsert(1, row(2, "before", 1.0, true)),
        upsert(2, row(1, "poison", 1.0, true)),
        upsert(3, row(3, "after", 1.0, true)));

    assertThat(fields("user_features:2")).containsEntry("status", "before");
    assertThat(fields("user_features:3")).containsEntry("status", "after");
    assertThat(redis.get(KEY)).isEqualTo("a string");
    assertThat(redis.pttl(KEY)).isEqualTo(-1);
    assertThat(task.rejected()).hasSize(1);
    assertThat(task.rejected().get(0).record().kafkaOffset()).isEqualTo(2);
    assertThat(task.rejected().get(0).error())
        .hasMessageContaining("topic '" + Records.TOPIC + "', partition 0, offset 2")
        .hasMessageContaining("WRONGTYPE Operation against a key holding the wrong kind of value")
        .hasMessageNotContaining("poison");
  }

  @Test
  void stopsAtARejectedRecordThatNothingTolerates() {
    redis.set(KEY, "a string");
    task = task();

    assertThatThrownBy(() -> task.put(upsert(2, row(1, "poison", 1.0, true))))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("topic '" + Records.TOPIC + "', partition 0, offset 2")
        .hasMessageContaining("WRONGTYPE");
  }

  @Test
  void rejectsARecordWithoutTheKeyField() {
    task = new TaskHarness(TestRedis.uri(server), true).start();
    SinkRecord keyless = Records.schemaless(2, null, Map.of("other", "secret"));
    task.put(
        upsert(1, row(1, "a", 1.0, true)),
        keyless,
        tombstoneWithoutKey(3),
        upsert(4, row(2, "b", 1.0, true)));

    assertThat(fields(KEY)).isNotEmpty();
    assertThat(fields("user_features:2")).isNotEmpty();
    assertThat(task.rejected()).extracting(r -> r.record().kafkaOffset()).containsExactly(2L, 3L);
    assertThat(task.rejected().get(0).error())
        .hasMessageContaining("offset 2")
        .hasMessageContaining("'user_features:${user_id}'")
        .hasMessageContaining("'user_id'")
        .hasMessageNotContaining("secret");
  }

  @Test
  void leavesDeletesAloneWhereTheyAreOff() {
    task = task("redis.delete.enabled", "false");
    task.put(upsert(1, row(1, "a", 1.0, true)), delete(2, 1), tombstoneWithoutKey(3));

    assertThat(fields(KEY)).containsEntry("status", "a");
  }

  @Test
  void writesManyPipelinesAndWideRows() {
    task = task("redis.batch.size", "100");
    List<SinkRecord> records = new ArrayList<>();
    LongStream.range(0, 1_234).forEach(i -> records.add(upsert(i, row(i, "s" + i, 1.0, true))));
    task.put(records);
    assertThat(redis.dbSize()).isEqualTo(1_234);

    Map<String, Object> wide = new TreeMap<>();
    wide.put("user_id", 5_000);
    LongStream.range(0, 9_999).forEach(i -> wide.put("f" + i, i));
    task.put(Records.schemaless(2_000, null, wide));
    assertThat(redis.hlen("user_features:5000")).isEqualTo(10_001);
    task.put(tombstoneOf(2_001, 5_000));
    assertThat(redis.hlen("user_features:5000")).isEqualTo(1);
  }

  @Test
  void worksOnAfterTheScriptsWereFlushed() {
    task = task();
    task.put(upsert(1, row(1, "a", 1.0, true)));
    redis.scriptFlush();
    task.put(upsert(2, row(1, "b", 1.0, true)), upsert(3, row(2, "b", 1.0, true)));

    assertThat(fields(KEY)).containsEntry("status", "b");
    assertThat(fields("user_features:2")).containsEntry("status", "b");
  }

  @Test
  void makesTheKeyOfKeyspaceAndRecordKeyByDefault() {
    task = task("redis.key", "");
    task.put(upsert(1, row(1, "a", 1.0, true)));

    assertThat(redis.exists(Records.TOPIC + ":1")).isTrue();
  }

  private TaskHarness task(String... settings) {
    task = new TaskHarness(TestRedis.uri(server), false, settings).start();
    return task;
  }

  private static SinkRecord tombstoneOf(long offset, long user) {
    return Records.schemaless(offset, Map.of("user_id", user), null);
  }

  private static SinkRecord tombstoneWithoutKey(long offset) {
    return Records.schemaless(offset, null, null);
  }

  private Map<String, String> fields(String key) {
    Map<String, String> fields = redis.hgetAll(key);
    fields.keySet().removeIf(name -> name.startsWith("__v:"));
    return fields;
  }
}
