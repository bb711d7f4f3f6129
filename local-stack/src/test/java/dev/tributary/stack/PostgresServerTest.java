package dev.tributary.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
  private static PostgresServer server;

  @BeforeAll
  static void startServer() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void closeServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void isReadyForLogicalReplication() throws SQLException {
    assertThat(query(server, "show wal_level")).isEqualTo("logical");
    assertThat(query(server, "show max_replication_slots")).isEqualTo("20");
    assertThat(query(server, "show synchronous_commit")).isEqualTo("on");
    // not "timezone": pgjdbc sets the JVM's own for its session
    assertThat(query(server, "show log_timezone")).isEqualTo("UTC");
    assertThat(query(server, "show server_encoding")).isEqualTo("UTF8");
    assertThat(query(server, "select upper('ä')")).isEqualTo("Ä");
  }

  @Test
  void keepsPortAndDataOverKillStopAndRestart() throws SQLException {
    String url = server.jdbcUrl();
    execute(server, "create table kept (what text)");
    execute(server, "insert into kept values ('before the kill')");
    server.kill();
    assertThatThrownBy(() -> query(server, "select 1")).isInstanceOf(SQLException.class);

    server.restart();
    assertThat(query(server, "select what from kept")).isEqualTo("before the kill");
    server.stop();
    assertThatThrownBy(() -> query(server, "select 1")).isInstanceOf(SQLException.class);

    server.restart();
    assertThat(query(server, "select what from kept")).isEqualTo("before the kill");
    server.restart();
    assertThat(query(server, "select what from kept")).isEqualTo("before the kill");
    assertThat(server.jdbcUrl()).isEqualTo(url);
    assertThat(server.restartable()).isTrue();
  }

  @Test
  void takesSettingsOfTheCaller() throws SQLException {
    try (PostgresServer other = PostgresServer.start(Map.of("wal_level", "replica"))) {
      assertThat(query(other, "show wal_level")).isEqualTo("replica");
    }
  }

  @Test
  void hasAStandbyThatFollowsItAndTakesOver() throws SQLException {
    try (PostgresServer primary = PostgresServer.embedded(Map.of(), Map.of())) {
      execute(primary, "create table kept (what text)");
      execute(primary, "insert into kept values ('before')");
      try (PostgresServer standby = primary.standby("follower", Map.of())) {
        execute(primary, "insert into kept values ('after')");
        Await.until(
            "the standby to follow",
            Duration.ofSeconds(60),
            () -> query(standby, "select count(*) from kept").equals("2"));
        primary.kill();
        standby.promote();
        execute(standby, "insert into kept values ('promoted')");
        assertThat(query(standby, "select count(*) from kept")).isEqualTo("3");
      }
    }
  }

  @Test
  void refusesAWrongPassword() {
    String url = "jdbc:postgresql://%s:%d/postgres".formatted(server.host(), server.port());

    assertThatThrownBy(() -> DriverManager.getConnection(url, server.user(), "wrong"))
        .hasMessageContaining("password authentication failed");
  }

  @Test
  void saysInOneLineWhyItDoesNotStart() {
    assertThatThrownBy(() -> PostgresServer.start(Map.of("wal_level", "marvellous")))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("Postgres did not start (exit status 1)")
        .hasMessageContaining("invalid value for parameter \"wal_level\"")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void anAddressInTheEnvironmentWins() throws SQLException {
    Environment environment = new Environment(Map.of(Environment.POSTGRES, server.jdbcUrl()));

    try (PostgresServer given = PostgresServer.start(Map.of(), environment)) {
      assertThat(given.port()).isEqualTo(server.port());
      assertThat(given.user()).isEqualTo(server.user());
      assertThat(given.password()).isEqualTo(server.password());
      assertThat(given.restartable()).isFalse();
      assertThatThrownBy(given::kill).hasMessageContaining(Environment.POSTGRES);
    }
    assertThat(query(server, "select 1")).isEqualTo("1"); // closing it left the server alone
  }

  @Test
  void runsTheInstallationThatTheEnvironmentNames(@TempDir Path folder) throws Exception {
    Path home = PostgresBinaries.unpackedInto(folder.resolve("home"));
    Environment environment =
        new Environment(
            Map.of(
                Environment.POSTGRES_HOME, home.toString(), "TRIBUTARY_CACHE", folder.toString()));

    try (PostgresServer given = PostgresServer.start(Map.of(), environment)) {
      assertThat(query(given, "select setting from pg_config where name = 'BINDIR'"))
          .isEqualTo(home + "/bin");
    }
  }

  @Test
  void saysThatNoPostgresRunsFromTheFolderInTheEnvironment() {
    Environment environment = new Environment(Map.of(Environment.POSTGRES_HOME, "/no/postgres"));

    assertThatThrownBy(() -> PostgresServer.start(Map.of(), environment))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(Environment.POSTGRES_HOME)
        .hasMessageContaining("/no/postgres");
  }

  @Test
  void saysThatTheAddressInTheEnvironmentDoesNotAnswer() {
    String url = "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/x?user=u&password=secret";

    assertThatThrownBy(
            () ->
                PostgresServer.start(Map.of(), new Environment(Map.of(Environment.POSTGRES, url))))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(Environment.POSTGRES + " does not answer")
        .message()
        .doesNotContain("secret");
  }

  private static String query(PostgresServer database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static void execute(PostgresServer database, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(database.jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
