package dev.tributary.redis;

import static dev.tributary.redis.Records.delete;
import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.tombstone;
import static dev.tributary.redis.Records.upsert;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for all types alike. */
class EveryTypeTest extends WithRedis {
  /** A string is overwritten whatever was there, by Redis' own rule. */
  @ParameterizedTest
  @ValueSource(strings = {"HASH", "STREAM", "LIST", "SET", "ZSET"})
  void rejectsTheRecordOfAKeyOfAnotherTypeInTheMiddleOfABatch(String type) {
    redis.set("k:2", "a string");
    try (TaskHarness task = task(type, true, "redis.key.ttl", "1h").start()) {
      task.put(
          upsert(1, row(1, "first", 1.0, true)),
          upsert(2, row(2, "poison", 2.0, true)),
          delete(3, 2),
          upsert(4, row(3, "last", 3.0, true)));
      assertThat(task.rejected()).extracting(r -> r.record().kafkaOffset()).contains(2L);
      assertThat(task.rejected())
          .allSatisfy(
              r ->
                  assertThat(r.error())
                      .hasMessageContaining("topic '" + Records.TOPIC + "', partition 0, offset ")
                      .hasMessageContaining("WRONGTYPE")
                      .hasMessageNotContaining("poison"));
    }
    assertThat(redis.exists("k:1", "k:3")).isEqualTo(2);
    assertThat(redis.get("k:2")).isEqualTo("a string");
    assertThat(redis.pttl("k:2")).isEqualTo(-1);
    assertThat(redis.pttl("k:3")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HASH", "STRING", "STREAM", "LIST", "SET", "ZSET"})
  void writesSnapshotReadsAndPassesOverTruncates(String type) {
    try (TaskHarness task = task(type, false).start()) {
      task.put(
          change(1, "r", null, Map.of("user_id", 1, "status", "a", "score", 1)),
          change(2, "t", null, null),
          change(3, "c", null, Map.of("user_id", 2, "status", "b", "score", 2)));
    }
    assertThat(redis.exists("k:1", "k:2")).isEqualTo(2);
  }

  /** A changed primary key is a delete, a tombstone and a create. */
  @ParameterizedTest
  @ValueSource(strings = {"HASH", "STRING", "LIST", "SET", "ZSET"})
  void movesARowWhosePrimaryKeyChanges(String type) {
    try (TaskHarness task = task(type, false, "redis.version", "none").start()) {
      task.put(upsert(1, row(1, "a", 1.0, true)));
      SinkRecord gone = delete(2, 1);
      gone.headers().addString("__debezium.newkey", "2");
      SinkRecord made = upsert(4, row(2, "a", 1.0, true));
      made.headers().addString("__debezium.oldkey", "1");
      task.put(gone, tombstone(3, 1), made);
    }
    assertThat(redis.exists("k:1")).isFalse();
    assertThat(redis.exists("k:2")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HASH", "STRING", "SET", "ZSET", "LIST"})
  void takesKeysAndMembersOfAnyBytes(String type) {
    byte[] id = {(byte) 0xff, 0, (byte) 0xc3, '\r', '\n', '}'};
    String[] settings = {
      "redis.type", type, "redis.key", "", "redis.keyspace", "", "redis.score", "${n}", "name", "b",
    };
    boolean keyed = type.equals("HASH") || type.equals("STRING");
    try (TaskHarness task =
        new TaskHarness(TestRedis.uri(server), false, keyed ? settings : withKeyspace(settings))
            .start()) {
      task.put(new SinkRecord("t", 0, Schema.BYTES_SCHEMA, id, null, Map.of("n", 1), 1));
      byte[] key = keyed ? id : "all".getBytes(UTF_8);
      assertThat(redis.exists(key)).isTrue();
      switch (type) {
        case "SET" -> assertThat(redis.sismember(key, id)).isTrue();
        case "ZSET" -> assertThat(redis.zscore(key, id)).isEqualTo(1.0);
        case "LIST" -> assertThat(redis.lpos(key, id)).isZero();
        default -> {}
      }
      task.put(new SinkRecord("t", 0, Schema.BYTES_SCHEMA, id, null, null, 2));
      assertThat(type.equals("HASH") ? redis.hexists(key, "n".getBytes(UTF_8)) : redis.exists(key))
          .isFalse();
    }
  }

  private static String[] withKeyspace(String[] settings) {
    String[] all = settings.clone();
    all[Arrays.asList(all).indexOf("redis.keyspace") + 1] = "all";
    return all;
  }

  @Test
  void flattensNestedStructsAndMapsOfARow() {
    Schema geo = SchemaBuilder.struct().optional().field("lat", Schema.FLOAT64_SCHEMA).build();
    Schema address =
        SchemaBuilder.struct()
            .optional()
            .field("city", Schema.OPTIONAL_STRING_SCHEMA)
            .field("geo", geo)
            .build();
    Schema row =
        SchemaBuilder.struct()
            .field("user_id", Schema.INT32_SCHEMA)
            .field("address", address)
            .field("tags", SchemaBuilder.array(Schema.STRING_SCHEMA).build())
            .field("counts", SchemaBuilder.map(Schema.STRING_SCHEMA, Schema.INT64_SCHEMA).build())
            .build();
    Struct value =
        new Struct(row)
            .put("user_id", 1)
            .put(
                "address",
                new Struct(address)
                    .put("city", "Bern")
                    .put("geo", new Struct(geo).put("lat", 46.9)))
            .put("tags", List.of("a", "b"))
            .put("counts", Map.of("x", 1L));
    try (TaskHarness task =
        task("HASH", false, "redis.version", "none", "redis.nested", "flatten").start()) {
      task.put(new SinkRecord("t", 0, null, null, row, value, 1));
      assertThat(redis.hgetAll("k:1"))
          .isEqualTo(
              Map.of(
                  "user_id", "1",
                  "address.city", "Bern",
                  "address.geo.lat", "46.9",
                  "tags", "[\"a\",\"b\"]",
                  "counts.x", "1"));
      Struct without =
          new Struct(row).put("user_id", 1).put("tags", List.of()).put("counts", Map.of());
      task.put(new SinkRecord("t", 0, null, null, row, without, 2));
      assertThat(redis.hgetAll("k:1"))
          .isEqualTo(Map.of("user_id", "1", "tags", "[]", "counts.x", "1"));
    }
  }

  /** A hash of nothing does not exist; no entry is without a field. */
  @ParameterizedTest
  @ValueSource(strings = {"HASH", "STREAM"})
  void takesARowWithoutFields(String type) {
    try (TaskHarness task =
        task(type, true, "redis.version", "none", "redis.key", "k:${key}").start()) {
      Map<String, Object> nulls = new HashMap<>();
      nulls.put("a", null);
      task.put(
          Records.schemaless(1, "1", Map.of()),
          Records.schemaless(2, "1", nulls),
          Records.schemaless(3, "2", Map.of("a", 1)));
      assertThat(redis.keys("k:*")).containsExactly("k:2");
      assertThat(task.rejected()).hasSize(type.equals("HASH") ? 0 : 2);
    }
  }

  @Test
  void rejectsARowOfMoreFieldsThanACommandCanHave() {
    Map<String, Object> wide = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      wide.put("f" + i, i);
    }
    try (TaskHarness task = task("STREAM", true, "redis.key", "k").start()) {
      task.put(
          Records.schemaless(1, null, wide), Records.schemaless(2, null, Map.of("user_id", 1)));
      assertThat(task.rejected()).hasSize(1);
      assertThat(task.rejected().get(0).error()).hasMessageContaining("more fields than one");
      assertThat(redis.xlen("k")).isEqualTo(1);
    }
  }

  private static TaskHarness task(String type, boolean tolerant, String... more) {
    String[] own = {
      "redis.type", type,
      "redis.key", "k:${user_id}",
      "redis.member", "m${user_id}",
      "redis.score", "${user_id}",
    };
    String[] all = Arrays.copyOf(own, own.length + more.length);
    System.arraycopy(more, 0, all, own.length, more.length);
    return new TaskHarness(TestRedis.uri(server), tolerant, all);
  }

  private static SinkRecord change(
      long offset, String op, Map<String, Object> before, Map<String, Object> after) {
    Map<String, Object> value = new HashMap<>();
    value.put("op", op);
    value.put("before", before);
    value.put("after", after);
    return Records.schemaless(offset, null, value);
  }
}
