package dev.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

class RedisServerTest {
  @Test
  void keepsPortAndDataOverKillStopAndRestart() {
    try (RedisServer server = RedisServer.start()) {
      try (RedisClient redis = RedisClient.create(server.uri())) {
        redis.set("kept", "before the kill");
      }
      server.kill();
      try (RedisClient redis = RedisClient.create(server.uri())) {
        assertThatThrownBy(() -> redis.get("kept")).isInstanceOf(JedisConnectionException.class);
      }
      server.restart();
      assertKept(server);
      server.stop();
      server.restart();
      assertKept(server);
      server.restart();
      assertKept(server);
    }
  }

  @Test
  void takesConfigurationOfTheCallerAndPutsThePasswordIntoTheUri() {
    try (RedisServer server = RedisServer.start(List.of("requirepass p@ss", "maxmemory 10mb"));
        RedisClient redis = RedisClient.create(server.uri())) {
      assertThat(redis.set("a", "b")).isEqualTo("OK");
      assertThat(server.uri()).startsWith("redis://:p%40ss@127.0.0.1:");
    }
  }

  @Test
  void saysInOneLineWhyItDoesNotStart() {
    assertThatThrownBy(() -> RedisServer.start(List.of("maxmemory plenty")))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("Redis did not start (exit status 1)")
        .hasMessageContaining("maxmemory")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void anAddressInTheEnvironmentWins() {
    try (RedisServer real = RedisServer.start();
        RedisServer given =
            RedisServer.start(List.of(), new Environment(Map.of(Environment.REDIS, real.uri())))) {
      assertThat(given.port()).isEqualTo(real.port());
      assertThat(given.restartable()).isFalse();
      assertThatThrownBy(given::restart).hasMessageContaining(Environment.REDIS);
    }
  }

  @Test
  void runsTheProgramThatTheEnvironmentNames() {
    Environment none = new Environment(Map.of(Environment.REDIS_PROGRAM, "/no/redis-server"));
    assertThatThrownBy(() -> RedisServer.start(List.of(), none))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(Environment.REDIS_PROGRAM)
        .hasMessageContaining("/no/redis-server");
  }

  private static void assertKept(RedisServer server) {
    try (RedisClient redis = RedisClient.create(server.uri())) {
      assertThat(redis.get("kept")).isEqualTo("before the kill");
    }
  }
}
