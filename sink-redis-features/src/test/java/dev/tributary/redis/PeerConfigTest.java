package dev.tributary.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.redis.config.CompatibleKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.StreamEntryID;

/**
 * Configs of redis-kafka-connect, as its sink guide, its quick start and its users' repositories
 * have them, run with nothing but connector.class changed, and leave the same keys.
 */
class PeerConfigTest extends WithRedis {
  private static WireServer wire;

  @BeforeAll
  static void startWire() {
    wire = new WireServer(server);
  }

  @AfterAll
  static void stopWire() throws Exception {
    wire.close();
  }

  @Test
  void hash() {
    run(Map.of("redis.command", "HSET"), record("123", Map.of("item", "book")));
    assertThat(redis.hget("orders:123", "item")).isEqualTo("book");
    run(
        Map.of(
            "redis.type",
            "HASH",
            "redis.keyspace",
            "o",
            "redis.separator",
            "/",
            "redis.key.ttl",
            "60"),
        record("7", Map.of("item", "pen")));
    assertThat(redis.hget("o/7", "item")).isEqualTo("pen");
    assertThat(redis.ttl("o/7")).isBetween(1L, 60L);
  }

  @Test
  void string() {
    run(
        Map.of("redis.command", "SET", "redis.key", "${topic}", "redis.charset", "UTF-8"),
        record("123", "raw"));
    assertThat(redis.get("orders:123")).isEqualTo("raw");
  }

  @Test
  void stream() {
    run(
        Map.of(
            "redis.command",
            "XADD",
            "redis.key",
            "s:${topic}",
            "redis.multiexec",
            "true",
            "redis.wait.replicas",
            "0",
            "redis.wait.timeout",
            "1000"),
        record(null, Map.of("item", "book")));
    assertThat(redis.xrange("s:orders", (StreamEntryID) null, null).get(0).getFields())
        .isEqualTo(Map.of("item", "book"));
  }

  @Test
  void collectionsOfKeys() {
    run(Map.of("redis.command", "SADD", "redis.key", "set:${topic}"), record("m", "any"));
    assertThat(redis.smembers("set:orders")).containsExactly("m");
    run(Map.of("redis.command", "ZADD", "redis.key", "zset:${topic}"), record("m", 2.5));
    assertThat(redis.zscore("zset:orders", "m")).isEqualTo(2.5);
    run(Map.of("redis.command", "RPUSH", "redis.key", "list"), record("a", "x"));
    run(Map.of("redis.command", "LPUSH", "redis.key", "list"), record("b", "x"));
    assertThat(redis.lrange("list", 0, -1)).containsExactly("b", "a");
  }

  @Test
  void connectionByHostAndPort() {
    Map<String, String> config = new HashMap<>();
    config.put("redis.uri", "redis://localhost:1/9");
    config.put("redis.host", server.host());
    config.put("redis.port", Integer.toString(server.port()));
    config.put("redis.timeout", "60");
    config.put("redis.operation.timeout", "60");
    config.put("redis.cluster", "false");
    config.put("redis.tls", "false");
    config.put("redis.insecure", "false");
    config.put("redis.pool", "8");
    run(config, record("1", Map.of("a", 1)));
    assertThat(redis.hget("orders:1", "a")).isEqualTo("1");
  }

  /** Its own default address is empty, and its default host this one. */
  @Test
  void connectionByHostWithAnEmptyUri() {
    Map<String, String> config = new HashMap<>();
    config.put("redis.uri", "");
    config.put("redis.host", server.host());
    config.put("redis.port", Integer.toString(server.port()));
    config.put("redis.database", "9");
    config.put("redis.server.mode", "Standalone");
    config.put("redis.type", "string");
    run(config, record("1", "raw"));
    assertThat(redis.get("orders:1")).isEqualTo("raw");
  }

  @Test
  void hashOfAnAddressWithCredentialsAndAKeyspace() {
    run(
        Map.of(
            "redis.type",
            "HASH",
            "redis.key",
            "Trans",
            "redis.separator",
            ":",
            "redis.username",
            "",
            "redis.password",
            ""),
        record("7", Map.of("item", "pen")));
    assertThat(redis.hget("Trans:7", "item")).isEqualTo("pen");
    run(
        Map.of("redis.type", "HASH", "redis.keyspace", "driver", "errors.tolerance", "all"),
        record("8", Map.of("item", "ink")));
    assertThat(redis.hget("driver:8", "item")).isEqualTo("ink");
  }

  @Test
  void jsonDocuments() {
    assertThat(onTheWire(Map.of("redis.command", "JSONSET"), record("6", "{\"id\":6}")))
        .containsExactly(List.of("JSON.SET", "orders:6", "$", "{\"id\":6}"));
    assertThat(
            onTheWire(
                Map.of("redis.type", "JSON", "redis.keyspace", "diamond"),
                record("6", Map.of("id", 6))))
        .containsExactly(List.of("JSON.SET", "diamond:6", "$", "{\"id\":6}"));
    assertThat(
            onTheWire(
                Map.of("redis.key", "${topic}", "redis.command", "JSONSET"), record("6", null)))
        .containsExactly(List.of("JSON.DEL", "orders:6", "$"));
  }

  @Test
  void jsonMergedAtAPathOfAHeader() {
    Map<String, String> config =
        Map.of(
            "redis.command",
            "JSONMERGE",
            "redis.json.path",
            "path",
            "redis.json.path.fixed",
            "$.rest");
    SinkRecord record = record("6", "{\"id\":6}");
    assertThat(onTheWire(config, record))
        .containsExactly(List.of("JSON.MERGE", "orders:6", "$.rest", "{\"id\":6}"));
    record.headers().addString("path", "$.part");
    assertThat(onTheWire(config, record))
        .containsExactly(List.of("JSON.MERGE", "orders:6", "$.part", "{\"id\":6}"));
  }

  @Test
  void timeSeriesOfNumbers() {
    SinkRecord sample =
        new SinkRecord(
            "orders", 0, Schema.INT64_SCHEMA, 1_700_000_000_000L, Schema.FLOAT64_SCHEMA, 2.5, 1);
    assertThat(onTheWire(Map.of("redis.command", "TSADD", "redis.key", "ts:${topic}"), sample))
        .containsExactly(
            List.of("TS.ADD", "ts:orders", "1700000000000", "2.5", "ON_DUPLICATE", "LAST"));
  }

  @Test
  void tellsWhatHasNoEffect() {
    assertThat(
            CompatibleKeys.withoutEffect(
                Map.of("redis.pool", "8", "redis.multiexec", "true", "redis.uri", "redis://h")))
        .hasSize(2)
        .anySatisfy(told -> assertThat(told).startsWith("redis.pool").contains("tasks.max"))
        .anySatisfy(told -> assertThat(told).startsWith("redis.multiexec").contains("one step"));
    assertThat(CompatibleKeys.withoutEffect(Map.of("redis.multiexec", "false"))).isEmpty();
  }

  /** What a server with modules would be told. */
  private static List<List<String>> onTheWire(Map<String, String> peers, SinkRecord record) {
    Map<String, String> config = new HashMap<>(peers);
    config.put("redis.uri", wire.uri());
    wire.commands();
    run(config, record);
    return wire.commands().stream().filter(command -> command.get(0).contains(".")).toList();
  }

  private static void run(Map<String, String> peers, SinkRecord record) {
    Map<String, String> config = new HashMap<>(peers);
    config.putIfAbsent("redis.uri", TestRedis.uri(server));
    for (ConfigValue value : new RedisFeatureSinkConnector().validate(config).configValues()) {
      assertThat(value.errorMessages()).as(value.name()).isEmpty();
    }
    String[] settings =
        config.entrySet().stream()
            .flatMap(entry -> List.of(entry.getKey(), entry.getValue()).stream())
            .toArray(String[]::new);
    String name = "peer-" + config.hashCode();
    try (TaskHarness task = TaskHarness.plain(name, settings).start()) {
      task.put(record);
    }
  }

  private static SinkRecord record(String key, Object value) {
    return new SinkRecord("orders", 0, Schema.OPTIONAL_STRING_SCHEMA, key, null, value, 1);
  }
}
