package dev.tributary.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.postgres.config.PgSourceConfig;
import dev.tributary.postgres.replication.Sessions;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class SessionsTest {
  /** The server does not notice that a client has given up, and its session would wait on. */
  @Test
  void letTheServerEndAWaitForALockThatNobodyWouldSeeTheEndOf() throws Exception {
    try (PostgresServer server = PostgresServer.start()) {
      Servers.execute(server, "alter role " + server.user() + " set lock_timeout = '1ms'");
      Sessions sessions =
          new Sessions(new PgSourceConfig(Servers.ownerConfig(server)).connection());
      try (Connection sql = sessions.sql();
          Connection chunks = sessions.chunks();
          Connection copy = sessions.copy()) {
        assertThat(lockTimeout(sql)).isEqualTo("30s");
        assertThat(lockTimeout(chunks)).isEqualTo("30s");
        assertThat(lockTimeout(copy)).isEqualTo("0");
      }
    }
  }

  private static String lockTimeout(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("show lock_timeout")) {
      row.next();
      return row.getString(1);
    }
  }
}
