package dev.tributary.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.RedisServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisFeatureSinkConnectorTest {

  @Test
  void isFoundByServiceLoading() {
    assertThat(ServiceLoader.load(SinkConnector.class))
        .hasAtLeastOneElementOfType(RedisFeatureSinkConnector.class);
  }

  @Test
  void givesEveryTaskItsSettings() {
    RedisFeatureSinkConnector connector = new RedisFeatureSinkConnector();
    connector.start(Map.of("redis.uri", "redis://localhost:1"));

    assertThat(connector.taskConfigs(2))
        .containsExactly(
            Map.of("redis.uri", "redis://localhost:1", "tributary.task", "0"),
            Map.of("redis.uri", "redis://localhost:1", "tributary.task", "1"));
    assertThat(connector.version()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "redis.uri | localhost:6379 | must begin with redis://",
        "redis.uri | redis:///2 | names no host",
        "redis.uri | redis://h:6379/two | the path is the number of a database",
        "redis.type | TABLE | is no data type of Redis",
        "redis.key | user:${id | is not closed by '}' (at character 6)",
        "redis.keyspace | ${ | is not closed",
        "redis.key.ttl | 5 parsecs | is no duration",
        "redis.timeout | 0 | must be more than zero",
        "redis.hash.mode | overwrite | must be one of merge, replace",
        "null.values | drop | must be one of skip, empty, delete",
        "redis.batch.size | 0 | at least 1",
        "topic.a.b.redis.type | TABLE | is no data type of Redis",
        "topic.a.b.redis.uri | redis://x | sets no key that a topic can have",
        "fields.rename | a | there is no '='",
        "redis.command | FLUSHALL | is no command that the sink writes with",
        "redis.version | lsn | must be one of position, field, none",
        "redis.version.field | a:b | without ':'",
        "redis.retry.backoff.max.ms | 1 | must not be less than redis.retry.backoff.ms",
      })
  void reportsAWrongSettingAtItsKey(String key, String value, String message) {
    assertThat(errors(Map.of(key, value)))
        .containsOnlyKeys(key)
        .hasEntrySatisfying(
            key, errors -> assertThat(errors).singleElement().asString().contains(message));
  }

  @Test
  void doesNotShowThePasswordOfAWrongUri() {
    assertThat(errors(Map.of("redis.uri", "http://user:s3cret@host")).get("redis.uri").toString())
        .doesNotContain("s3cret");
    assertThat(errors(Map.of("redis.uri", "redis://user:s3c ret@host")).get("redis.uri").toString())
        .contains("no URI")
        .doesNotContain("s3c");
  }

  @Test
  void takesAServerThatIsAwayForOneThatComes() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThat(errors(Map.of("redis.uri", "redis://127.0.0.1:" + port))).isEmpty();
  }

  @Test
  void triesThePassword() {
    try (RedisServer server = RedisServer.start(List.of("requirepass p%40ss"))) {
      TestRedis.assumeOurOwn(server);
      String uri = "redis://127.0.0.1:" + server.port();

      assertThat(errors(Map.of("redis.uri", uri)).get("redis.password"))
          .singleElement()
          .asString()
          .contains("NOAUTH Authentication required", "set redis.password");
      assertThat(errors(Map.of("redis.uri", uri, "redis.password", "no")).get("redis.password"))
          .singleElement()
          .asString()
          .contains("WRONGPASS");
      assertThat(errors(Map.of("redis.uri", uri, "redis.password", "p%40ss"))).isEmpty();
      assertThat(errors(Map.of("redis.uri", server.uri()))).isEmpty();
      assertThat(
              errors(Map.of("redis.uri", uri + "/99", "redis.password", "p%40ss")).get("redis.uri"))
          .singleElement()
          .asString()
          .contains("DB index is out of range");
    }
  }

  @Test
  void saysThatAPasswordIsNotWanted() {
    try (RedisServer server = RedisServer.start()) {
      TestRedis.assumeOurOwn(server);
      assertThat(
              errors(Map.of("redis.uri", server.uri(), "redis.password", "x"))
                  .get("redis.password"))
          .singleElement()
          .asString()
          .contains("AUTH <password> called without any password configured");
    }
  }

  @Test
  void describesEveryKey() {
    for (ConfigDef.ConfigKey key : new RedisFeatureSinkConnector().config().configKeys().values()) {
      assertThat(key.documentation).as(key.name).endsWith(".");
      assertThat(key.group).as(key.name).isNotBlank();
      assertThat(key.displayName).as(key.name).isNotEqualTo(key.name);
      assertThat(key.orderInGroup).as(key.name).isPositive();
      if (key.validator != null) {
        assertThat(key.validator.toString()).as(key.name).doesNotContain("$Lambda");
      }
    }
  }

  private static Map<String, List<String>> errors(Map<String, String> settings) {
    Map<String, List<String>> errors = new HashMap<>();
    for (ConfigValue value : new RedisFeatureSinkConnector().validate(settings).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }
}
