package dev.tributary.bench.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tributary.stack.RedisServer;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

class RedisBenchmarkProgramTest {
  @Test
  void readsTheRateFromTheLastLine() {
    String csv =
        """
        "test","rps","avg_latency_ms","min_latency_ms"
        "HSET a:__rand_int__ f 1","557103.06","0.151","0.040"
        """;
    assertThat(RedisBenchmarkProgram.parse(csv)).isEqualTo(557103.06);
    assertThatIllegalStateException()
        .isThrownBy(() -> RedisBenchmarkProgram.parse("ERR unknown command"));
  }

  @Test
  void theClientInItsPlaceSendsWhatItIsTold() throws Exception {
    try (RedisServer server = RedisServer.start(List.of("appendonly no"));
        RedisClient redis = RedisClient.create(server.uri())) {
      double rate = PipelinedClient.rate(server, 1_000, 3, "HSET", "h:__rand_int__", "f", "1");
      assertThat(rate).isPositive();
      assertThat(redis.keys("*"))
          .containsExactlyInAnyOrder("h:000000000000", "h:000000000001", "h:000000000002");
      assertThat(redis.hget("h:000000000001", "f")).isEqualTo("1");
    }
  }
}
