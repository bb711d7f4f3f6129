package dev.tributary.redis;

import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.resps.StreamEntry;

class TypesTest extends WithRedis {
  private TaskHarness task;

  @AfterEach
  void close() {
    if (task != null) {
      task.close();
    }
  }

  @Test
  void writesStringsAsJsonOrByTemplateAndDeletesThem() {
    task("redis.type", "STRING", "redis.key", "s:${user_id}", "redis.key.ttl", "1h");
    task.put(upsert(1, row(1, "a", 1.5, true)), upsert(2, row(2, "b", null, null)));
    assertThat(redis.get("s:1"))
        .isEqualTo("{\"user_id\":1,\"status\":\"a\",\"score\":1.5,\"active\":true}");
    assertThat(redis.pttl("s:1")).isBetween(3_500_000L, 3_600_000L);

    task.put(Records.delete(3, 1), Records.tombstone(4, 2));
    assertThat(redis.keys("s:*")).isEmpty();

    task("redis.type", "STRING", "redis.key", "t:${user_id}", "redis.value", "${status}/${score}");
    task.put(upsert(5, row(1, "a", 1.5, true)));
    assertThat(redis.get("t:1")).isEqualTo("a/1.5");
  }

  @Test
  void writesValuesThatAreNoObjectsAsTheyAre() {
    task("redis.type", "STRING", "redis.key", "", "redis.keyspace", "raw");
    task.put(single(1, "k", "plain"), single(2, "n", 42L));
    assertThat(redis.get("raw:k")).isEqualTo("plain");
    assertThat(redis.get("raw:n")).isEqualTo("42");
  }

  @Test
  void addsEntriesToAStreamAndTrimsIt() {
    task(
        "redis.type",
        "STREAM",
        "redis.key",
        "events",
        "redis.stream.maxlen",
        "3",
        "redis.stream.trim",
        "exact",
        "fields.rename",
        "status=state");
    task.put(
        upsert(1, row(1, "a", 1.0, true)),
        upsert(2, row(1, "b", null, true)),
        Records.delete(3, 1),
        Records.tombstone(4, 1));

    List<StreamEntry> entries = redis.xrange("events", (StreamEntryID) null, null);
    assertThat(entries)
        .extracting(StreamEntry::getFields)
        .containsExactly(
            Map.of("user_id", "1", "state", "b", "active", "true"),
            Map.of("user_id", "1", "__deleted", "true"),
            Map.of("user_id", "1", "__deleted", "true"));
  }

  @Test
  void trimsAStreamByAge() {
    redis.xadd("events", new StreamEntryID(1, 0), Map.of("old", "1"));
    task(
        "redis.type",
        "STREAM",
        "redis.key",
        "events",
        "redis.stream.maxage",
        "1h",
        "redis.stream.trim",
        "exact",
        "redis.delete.tombstones",
        "false");
    task.put(upsert(1, row(1, "a", 1.0, true)), Records.tombstone(2, 1));
    assertThat(redis.xrange("events", (StreamEntryID) null, null)).hasSize(1);
  }

  @Test
  void pushesToAListAndRemovesFromIt() {
    task(
        "redis.type",
        "LIST",
        "redis.key",
        "l",
        "redis.member",
        "${status}",
        "redis.list.maxlen",
        "2");
    task.put(
        upsert(1, row(1, "a", 1.0, true)),
        upsert(2, row(1, "b", 1.0, true)),
        upsert(3, row(1, "c", 1.0, true)));
    assertThat(redis.lrange("l", 0, -1)).containsExactly("b", "c");

    task("redis.command", "LPUSH", "redis.key", "keys", "name", "peer");
    task.put(single(1, "x", "v"), single(2, "y", "v"), single(3, "x", null));
    assertThat(redis.lrange("keys", 0, -1)).containsExactly("y");
  }

  @Test
  void keepsSetsAndSortedSets() {
    task("redis.type", "SET", "redis.key", "set");
    task.put(single(1, "x", "v"), single(2, "y", "v"), single(3, "x", null));
    assertThat(redis.smembers("set")).containsExactly("y");

    task(
        "redis.type",
        "ZSET",
        "redis.key",
        "top:${active}",
        "redis.member",
        "u${user_id}",
        "redis.score",
        "${score}",
        "name",
        "zset");
    task.put(
        upsert(1, row(1, "a", 1.5, true)),
        upsert(2, row(2, "a", -3.0, true)),
        upsert(3, row(1, "a", 7.25, true)));
    assertThat(redis.zscore("top:true", "u1")).isEqualTo(7.25);
    assertThat(redis.zscore("top:true", "u2")).isEqualTo(-3.0);

    task("redis.type", "ZSET", "redis.key", "plain", "name", "zset2");
    task.put(single(1, "x", 2.5), single(2, "y", 1.0), single(3, "y", null));
    assertThat(redis.zrange("plain", 0, -1)).containsExactly("x");
  }

  @Test
  void rejectsAScoreThatIsNoNumberAlone() {
    task = new TaskHarness(TestRedis.uri(server), true, "redis.type", "ZSET", "redis.key", "z");
    task.start().put(single(1, "x", 1.0), single(2, "y", "secret"), single(3, "z", 3.0));
    assertThat(redis.zrange("z", 0, -1)).containsExactly("x", "z");
    assertThat(task.rejected()).hasSize(1);
    assertThat(task.rejected().get(0).error())
        .hasMessageContaining("offset 2")
        .hasMessageContaining("the score is no number")
        .hasMessageNotContaining("secret");
  }

  @Test
  void publishesEachRecordOnce() throws Exception {
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    CountDownLatch subscribed = new CountDownLatch(1);
    JedisPubSub listener =
        new JedisPubSub() {
          @Override
          public void onSubscribe(String channel, int count) {
            subscribed.countDown();
          }

          @Override
          public void onMessage(String channel, String message) {
            messages.add(message);
          }
        };
    try (Jedis subscriber = TestRedis.connect(server)) {
      Thread thread = new Thread(() -> subscriber.subscribe(listener, "events"));
      thread.start();
      assertThat(subscribed.await(60, TimeUnit.SECONDS)).isTrue();
      task("redis.type", "PUBSUB", "redis.key", "events", "redis.value", "${status}");
      List<SinkRecord> log =
          List.of(upsert(1, row(1, "a", 1.0, true)), upsert(2, row(1, "b", 1.0, true)));
      task.put(log);
      task.put(log);
      task.put(Records.delete(3, 1));
      assertThat(messages.poll(60, TimeUnit.SECONDS)).isEqualTo("a");
      assertThat(messages.poll(60, TimeUnit.SECONDS)).isEqualTo("b");
      assertThat(messages.poll(60, TimeUnit.SECONDS))
          .isEqualTo("{\"user_id\":\"1\",\"__deleted\":\"true\"}");
      assertThat(messages).isEmpty();
      listener.unsubscribe();
      thread.join(60_000);
    }
  }

  @Test
  void writesEachTopicAsItsOwnSettingsSay() {
    String topic = "topic." + Records.TOPIC + ".";
    task(
        "redis.type",
        "STREAM",
        topic + "redis.type",
        "SET",
        topic + "redis.key",
        "own",
        topic + "redis.member",
        "${status}",
        topic + "redis.key.ttl",
        "1h");
    task.put(upsert(1, row(1, "a", 1.0, true)));
    task.put(new SinkRecord("other", 0, null, null, null, Map.of("user_id", 7), 1));

    assertThat(redis.smembers("own")).containsExactly("a");
    assertThat(redis.pttl("own")).isPositive();
    assertThat(redis.xlen("user_features:7")).isOne();
  }

  @Test
  void flattensNestedValues() {
    task(
        "redis.nested",
        "flatten",
        "fields.rename",
        "address.city=town",
        "fields.exclude",
        "address.zip");
    task.put(
        Records.schemaless(
            1,
            null,
            Map.of(
                "user_id",
                1,
                "address",
                Map.of("city", "Bern", "zip", "3000", "geo", List.of(1, 2)))));
    Map<String, String> hash = redis.hgetAll("user_features:1");
    hash.keySet().removeIf(name -> name.startsWith("__v"));
    assertThat(hash).isEqualTo(Map.of("user_id", "1", "town", "Bern", "address.geo", "[1,2]"));
  }

  @Test
  void takesTheTimeToLiveFromTheRecord() {
    task(
        "redis.key.ttl",
        "1h",
        "redis.key.ttl.from",
        "${header.ttl}",
        "redis.key.expire.at",
        "${until}");
    SinkRecord plain = Records.schemaless(1, null, Map.of("user_id", 1));
    SinkRecord header = Records.schemaless(2, null, Map.of("user_id", 2));
    header.headers().addString("ttl", "2h");
    SinkRecord ever = Records.schemaless(3, null, Map.of("user_id", 3));
    ever.headers().addString("ttl", "-1");
    long until = System.currentTimeMillis() + 10 * 3_600_000;
    SinkRecord at = Records.schemaless(4, null, Map.of("user_id", 4, "until", until));
    task.put(plain, header, ever, at);

    assertThat(redis.pttl("user_features:1")).isBetween(3_000_000L, 3_600_000L);
    assertThat(redis.pttl("user_features:2")).isBetween(7_000_000L, 7_200_000L);
    assertThat(redis.pttl("user_features:3")).isEqualTo(-1);
    assertThat(redis.pttl("user_features:4")).isBetween(35_000_000L, 36_000_000L);
  }

  @Test
  void takesVersionsFromAFieldAcrossPartitions() {
    task("redis.version", "field", "redis.version.from", "lsn");
    task.put(versioned(0, 5, 100, "new"));
    task.put(versioned(1, 9, 99, "late"), versioned(0, 6, 100, "same transaction"));
    task.put(versioned(0, 5, 100, "repeated"));
    assertThat(redis.hget("user_features:1", "status")).isEqualTo("same transaction");
    assertThat(redis.hget("user_features:1", "__v:sink"))
        .isEqualTo("0000000000000000100-0000000000000000006");
  }

  private static SinkRecord versioned(int partition, long offset, long lsn, String status) {
    return new SinkRecord(
        Records.TOPIC,
        partition,
        null,
        null,
        null,
        Map.of("user_id", 1, "lsn", lsn, "status", status),
        offset);
  }

  private static SinkRecord single(long offset, String key, Object value) {
    return new SinkRecord(Records.TOPIC, 0, Schema.STRING_SCHEMA, key, null, value, offset);
  }

  private void task(String... settings) {
    if (task != null) {
      task.close();
    }
    task = new TaskHarness(TestRedis.uri(server), false, settings).start();
  }
}
