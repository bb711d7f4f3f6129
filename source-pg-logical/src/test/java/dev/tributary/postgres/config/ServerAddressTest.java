package dev.tributary.postgres.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class ServerAddressTest {
  private static List<ServerAddress> parse(String text) {
    return ServerAddress.parseAll("database.hostname", text, 5432);
  }

  @Test
  void readsOneServerOrSeveralWithPortsOrWithout() {
    assertThat(parse("db_1")).containsExactly(new ServerAddress("db_1", 5432));
    assertThat(parse("db1, db2:5433"))
        .containsExactly(new ServerAddress("db1", 5432), new ServerAddress("db2", 5433));
    assertThat(parse("::1,[::1]:5433,fe80::1%eth0"))
        .containsExactly(
            new ServerAddress("::1", 5432),
            new ServerAddress("[::1]", 5433),
            new ServerAddress("fe80::1%eth0", 5432));
  }

  @Test
  void refusesWhatIsNone() {
    for (String text :
        List.of("", ",", "a,", "a b", "a:", "a:x", "a:0", "a:65536", "[::1", "a/b")) {
      assertThatThrownBy(() -> parse(text))
          .as(text)
          .isInstanceOf(ConfigException.class)
          .hasMessageContainingAll("database.hostname", "must be host names");
    }
  }
}
