package dev.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.Client;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClickHouseServerTest {
  @Test
  void keepsPortAndDataOverKillStopAndRestart() throws Exception {
    try (ClickHouseServer server = ClickHouseServer.start()) {
      String url = server.httpUrl();
      try (Client client = client(server)) {
        client.query("create table kept (what String) order by what").get().close();
        client.query("insert into kept values ('before the kill')").get().close();
      }
      server.kill();
      assertThatThrownBy(() -> kept(server));
      server.restart();
      assertThat(kept(server)).isEqualTo("before the kill");
      server.stop();
      server.restart();
      assertThat(kept(server)).isEqualTo("before the kill");
      assertThat(server.httpUrl()).isEqualTo(url);
    }
  }

  @Test
  void anAddressInTheEnvironmentWins() throws Exception {
    try (ClickHouseServer real = ClickHouseServer.start()) {
      String url = real.httpUrl().replace("http://", "http://default@") + "/system";
      Environment environment = new Environment(Map.of(Environment.CLICKHOUSE, url));
      try (ClickHouseServer given = ClickHouseServer.start(line -> {}, environment)) {
        assertThat(given.httpUrl()).isEqualTo(real.httpUrl());
        assertThat(given.user()).isEqualTo("default");
        assertThat(given.database()).isEqualTo("system");
        assertThat(given.restartable()).isFalse();
        assertThatThrownBy(given::kill).hasMessageContaining(Environment.CLICKHOUSE);
      }
    }
  }

  @Test
  void readsAllThatAnAddressCanName() {
    assertThat(ClickHouseAddress.parse("https://reader:p%40ss@ch.example/features"))
        .hasToString(
            "ClickHouseAddress[httpUrl=https://ch.example:8443, database=features, user=reader,"
                + " password=p@ss]");
  }

  @Test
  void refusesAnAddressOfAnotherFormWithoutShowingIt() {
    assertThatThrownBy(() -> ClickHouseAddress.parse("tcp://u:secret@host"))
        .isInstanceOf(StackException.class)
        .hasMessageStartingWith(Environment.CLICKHOUSE + " is not of the form")
        .message()
        .doesNotContain("secret");
  }

  private static String kept(ClickHouseServer server) {
    try (Client client = client(server)) {
      return client.queryAll("select what from kept").get(0).getString(1);
    }
  }

  private static Client client(ClickHouseServer server) {
    return new Client.Builder()
        .addEndpoint(server.httpUrl())
        .setUsername(server.user())
        .setPassword(server.password())
        .setDefaultDatabase(server.database())
        .setMaxRetries(0)
        .build();
  }
}
