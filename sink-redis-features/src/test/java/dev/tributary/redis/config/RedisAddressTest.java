package dev.tributary.redis.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "redis://h | redis://h:6379 | none | none",
        "redis://h:7000/3 | redis://h:7000/3 | none | none",
        "redis://:pass@h | redis://h:6379 | none | pass",
        "redis://user:p%40s%2Fs+1@h:1/2 | redis://h:1/2 | user | p@s/s+1",
        "rediss://user@h | rediss://h:6379 | user | none",
        "REDIS://a:1,b:2,c | redis://a:1,b:2,c:6379 | none | none",
        "redis://[::1]:7000 | redis://[::1]:7000 | none | none",
        "redis-sentinel://u:p@s1,s2:5/4#main | redis-sentinel://s1:26379,s2:5/4#main | u | p",
        "rediss-sentinel://s1#m | rediss-sentinel://s1:26379#m | none | none",
      })
  void readsWhatUrisSay(String uri, String shown, String user, String password) {
    RedisAddress address = RedisAddress.parse(uri);
    assertThat(address).hasToString(shown);
    assertThat(address.username()).isEqualTo(Optional.ofNullable(user));
    assertThat(address.password()).isEqualTo(Optional.ofNullable(password));
    assertThat(address.tls()).isEqualTo(uri.startsWith("rediss"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h:6379",
        "http://h",
        "redis://",
        "redis://h:0",
        "redis://h:70000",
        "redis://h/x",
        "redis-sentinel://h",
        "redis://u:a b@h",
        "redis://u:%zz@h",
        "redis://h?timeout=10s",
        "redis://h/1?database=2",
      })
  void refusesWhatIsNoAddressWithoutQuotingIt(String uri) {
    assertThatThrownBy(() -> RedisAddress.parse(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("a b")
        .hasMessageNotContaining("%zz");
  }

  @Test
  void takesWhatHasAKeyOfItsOwnBeforeTheUri() {
    assertThat(
            address(
                "redis.uri", "redis://u:p@h:1/2",
                "redis.host", "other",
                "redis.port", "7",
                "redis.database", "5",
                "redis.username", "me",
                "redis.password", "mine",
                "redis.tls.enabled", "true"))
        .hasToString("rediss://other:7/5")
        .extracting(RedisAddress::username, RedisAddress::password)
        .containsExactly(Optional.of("me"), Optional.of("mine"));
    assertThat(address("redis.hosts", "a:1,b", "redis.host", "c"))
        .hasToString("redis://a:1,b:6379");
    assertThat(address("redis.hosts", "s:1", "redis.sentinel.master", "m"))
        .hasToString("redis-sentinel://s:1#m");
  }

  /** As redis-kafka-connect has it, whose default host is localhost too. */
  @Test
  void takesThePortAloneWhereThereIsNoUri() {
    assertThat(address()).hasToString("redis://localhost:6379");
    assertThat(address("redis.port", "7000")).hasToString("redis://localhost:7000");
    assertThat(address("redis.uri", "", "redis.port", "7000"))
        .hasToString("redis://localhost:7000");
    assertThat(address("redis.uri", "", "redis.host", "h")).hasToString("redis://h:6379");
    assertThat(address("redis.uri", "redis://h:1", "redis.port", "7000"))
        .hasToString("redis://h:1");
  }

  private static RedisAddress address(String... settings) {
    Map<String, String> config = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      config.put(settings[i], settings[i + 1]);
    }
    return new RedisSinkConfig(config).connection().address();
  }
}
