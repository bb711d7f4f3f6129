package dev.tributary.transforms;

import static dev.tributary.transforms.Rows.envelope;
import static dev.tributary.transforms.Rows.record;
import static dev.tributary.transforms.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.Await;
import dev.tributary.stack.RedisServer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

class RedisLookupTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String T0 = "2026-11-20T21:00:00Z";

  private static RedisServer redis;
  private static RedisClient client;
  private RedisLookup<SinkRecord> transform;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    client = RedisClient.create(redis.uri());
    client.hset("user:7", Map.of("tier", "gold", "credit", "12.5", "seen", "1795208340"));
    client.set(
        "json:7", "{\"tier\":\"gold\",\"credit\":12.5,\"tags\":[1,true,null,{\"a\":\"b\"}]}");
    client.set("json:8", "no json: secret");
  }

  @AfterAll
  static void stop() {
    client.close();
    redis.close();
  }

  @AfterEach
  void close() {
    if (transform != null) {
      transform.close();
    }
  }

  private void transform(String... settings) {
    transform = new RedisLookup<>();
    transform.configure(
        Rows.settings(
            Map.of("redis.uri", redis.uri(), "key", "user:${user_id}", "cache.tracking", "false"),
            settings));
  }

  private Struct apply(Long user) {
    Struct out =
        (Struct) transform.apply(record(envelope("u", null, row(1, user, T0, 1.0)))).value();
    out.validate();
    return out;
  }

  @Test
  void addsFieldsOfAHash() {
    transform("fields", "tier,credit:float64", "prefix", "user_", "found.field", "known");
    Struct out = apply(7L);
    assertThat(out.get("user_tier")).isEqualTo("gold");
    assertThat(out.get("user_credit")).isEqualTo(12.5);
    assertThat(out.get("known")).isEqualTo(true);
    assertThat(out.get("__op")).isEqualTo("u");
    Struct unknown = apply(99L);
    assertThat(unknown.get("user_tier")).isNull();
    assertThat(unknown.get("known")).isEqualTo(false);
    assertThat(apply(null).get("known")).isEqualTo(false);
  }

  @Test
  void addsAllOfAHash() {
    transform();
    assertThat(apply(7L).getMap("looked_up"))
        .isEqualTo(Map.of("tier", "gold", "credit", "12.5", "seen", "1795208340"));
    assertThat(transform.apply(record(Map.of("user_id", 7))).value())
        .isEqualTo(
            Map.of(
                "user_id",
                7,
                "looked_up",
                Map.of("tier", "gold", "credit", "12.5", "seen", "1795208340")));
  }

  @Test
  void readsJson() {
    transform("read", "json", "key", "json:${user_id}", "fields", "tier,credit:float64,tags");
    Struct out = apply(7L);
    assertThat(out.get("credit")).isEqualTo(12.5);
    assertThat(out.get("tags")).isEqualTo("[1,true,null,{\"a\":\"b\"}]");
    assertThatThrownBy(() -> apply(8L))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("topic 't', partition 3")
        .hasMessageContaining("the looked-up value is no JSON")
        .hasMessageNotContaining("secret");
  }

  @Test
  void givesDefaultsWhereNothingIsFound() {
    transform("fields", "tier,credit:int64", "defaults", "tier=basic,credit=3");
    Struct out = apply(99L);
    assertThat(out.get("tier")).isEqualTo("basic");
    assertThat(out.get("credit")).isEqualTo(3L);
  }

  @Test
  void takesARecordThatIsTooOldForNone() {
    // seen is 2026-11-20T20:59:00Z, the event one minute later
    transform("fields", "tier", "event.time", "ts", "max.age", "60s", "max.age.field", "seen");
    assertThat(apply(7L).get("tier")).isEqualTo("gold");
    transform.close();
    transform("fields", "tier", "event.time", "ts", "max.age", "59s", "max.age.field", "seen");
    assertThat(apply(7L).get("tier")).isNull();
  }

  @Test
  void refusesWhatIsNotOfItsType() {
    transform("fields", "tier:int64");
    assertThatThrownBy(() -> apply(7L))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the looked-up field 'tier' is no int64")
        .hasMessageNotContaining("gold");
    transform.close();
    transform("key", "json:${user_id}");
    assertThatThrownBy(() -> apply(7L))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("another type");
  }

  @Test
  void keepsAnswersAndThatThereIsNone() {
    transform("fields", "tier");
    for (int i = 0; i < 10; i++) {
      apply(7L);
      apply(99L);
    }
    assertThat(transform.lookups().asked()).isEqualTo(2);
    transform.close();
    transform("fields", "tier", "cache.ttl", "0s");
    apply(7L);
    apply(7L);
    assertThat(transform.lookups().asked()).isEqualTo(2);
  }

  @Test
  void hearsOfChangesAtOnceAndAgainAfterItsConnectionBroke() {
    transform("fields", "tier", "cache.tracking", "true", "cache.ttl", "1h", "key", "t:${user_id}");
    client.hset("t:5", "tier", "old");
    Await.until("tracking", SOON, () -> transform.lookups().hearsOfChanges(), heard -> heard);
    assertThat(apply(5L).get("tier")).isEqualTo("old");
    assertThat(apply(6L).get("tier")).isNull();
    client.hset("t:5", "tier", "new");
    client.hset("t:6", "tier", "made");
    Await.until("the change", SOON, () -> apply(5L).get("tier"), "new"::equals);
    Await.until("the new one", SOON, () -> apply(6L).get("tier"), "made"::equals);
    // the news of a change may come behind the first answer with it
    Await.until("an answer that is kept", SOON, this::questionsForOne, asked -> asked == 0);

    administer(Protocol.Command.CLIENT, "KILL", "TYPE", "pubsub");
    client.hset("t:5", "tier", "newer");
    Await.until("the change", SOON, () -> apply(5L).get("tier"), "newer"::equals);
    Await.until("tracking", SOON, () -> transform.lookups().hearsOfChanges(), heard -> heard);
    client.del("t:5");
    Await.until("the end", SOON, () -> apply(5L).get("tier"), tier -> tier == null);
  }

  private static void administer(Protocol.Command command, String... arguments) {
    try (Jedis jedis = new Jedis(redis.host(), redis.port())) {
      jedis.sendCommand(command, arguments);
    }
  }

  private long questionsForOne() {
    long before = transform.lookups().asked();
    apply(5L);
    return transform.lookups().asked() - before;
  }

  @Test
  void doesAsItIsToldWhileRedisIsAway() {
    try (RedisServer other = RedisServer.start()) {
      String[] nowhere = {"redis.uri", other.uri(), "fields", "tier", "defaults", "tier=none"};
      other.kill();
      transform(with(nowhere, "unavailable", "defaults"));
      assertThat(apply(7L).get("tier")).isEqualTo("none");
      transform.close();
      transform(with(nowhere, "unavailable", "fail"));
      assertThatThrownBy(() -> apply(7L))
          .isInstanceOf(LookupError.class)
          .hasMessageContaining("Redis at")
          .hasMessageContaining("cannot be reached");
      transform.close();
      transform(with(nowhere, "unavailable", "retry", "retry.timeout", "1s"));
      assertThatThrownBy(() -> apply(7L))
          .isInstanceOf(LookupError.class)
          .hasMessageContaining("retry.timeout");
      transform.close();
      transform(with(nowhere, "unavailable", "retry"));
      Thread restart = new Thread(other::restart);
      restart.start();
      assertThat(apply(7L).get("tier")).as("once it was back").isEqualTo("none");
    }
  }

  private static String[] with(String[] first, String... more) {
    String[] all = java.util.Arrays.copyOf(first, first.length + more.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  @Test
  void stopsOnARefusedPassword() {
    administer(
        Protocol.Command.ACL,
        "SETUSER",
        "lookup",
        "on",
        ">right",
        "~user:*",
        "+@read",
        "+client",
        "+ping");
    transform("fields", "tier", "redis.username", "lookup", "redis.password", "right");
    assertThat(apply(7L).get("tier")).isEqualTo("gold");
    transform.close();
    transform("fields", "tier", "redis.username", "lookup", "redis.password", "wrong");
    assertThatThrownBy(() -> apply(7L))
        .isInstanceOf(LookupError.class)
        .hasMessageContaining("WRONGPASS")
        .hasMessageNotContaining("wrong ");
    transform.close();
    transform(
        "fields",
        "tier",
        "key",
        "other:${user_id}",
        "redis.username",
        "lookup",
        "redis.password",
        "right");
    assertThatThrownBy(() -> apply(7L))
        .isInstanceOf(LookupError.class)
        .hasMessageContaining("NOPERM");
  }

  @Test
  void passesWhatHasNoRow() {
    transform("fields", "tier");
    SinkRecord tombstone = record(null);
    assertThat(transform.apply(tombstone)).isSameAs(tombstone);
  }

  @Test
  void reportsMistakes() {
    assertMistake("key", "user", "key");
    assertMistake("key", "user:${a", "at character 6");
    assertMistake("fields", "a:date", "known types are string, int64, float64 and boolean");
    assertMistake("redis.uri", "http://x", "redis.uri");
    assertMistake("defaults", "tier", "write FIELD=VALUE");
    assertMistake("max.age", "1m", "max.age.field");
  }

  private static void assertMistake(String key, String value, String message) {
    RedisLookup<SinkRecord> transform = new RedisLookup<>();
    Map<String, String> settings = Rows.settings(Map.of("key", "user:${user_id}"), key, value);
    assertThatThrownBy(() -> transform.configure(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }
}
