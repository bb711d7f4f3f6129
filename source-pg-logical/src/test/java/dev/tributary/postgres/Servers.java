package dev.tributary.postgres;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/** Settings for tests against a server of the stack, and SQL on it. */
final class Servers {
  /** Settings of a role that may read and replicate, and nothing else. */
  static final String[] READER = {"database.user", "reader", "database.password", "read"};

  /** Those that have the role and a publication. */
  private static final Set<PostgresServer> PREPARED =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private Servers() {}

  /** Makes the role of {@link #READER}, if it is not there. */
  static void makeReader(PostgresServer server) throws SQLException {
    if (single(server, "select 1 from pg_roles where rolname = 'reader'") == null) {
      execute(server, "create role reader login replication password 'read'");
      execute(server, "grant pg_read_all_data to reader");
    }
  }

  /**
   * The least that the connector needs, and further keys and values. It logs in as {@link #READER},
   * and finds a publication: of all tables, unless the test has made one before.
   */
  static Map<String, String> config(PostgresServer server, String... more) {
    if (PREPARED.add(server)) {
      prepare(server);
    }
    Map<String, String> config = ownerConfig(server, READER);
    config.put("publication.autocreate.mode", "disabled");
    return with(config, more);
  }

  private static void prepare(PostgresServer server) {
    try {
      makeReader(server);
      if (single(server, "select 1 from pg_publication") == null) {
        execute(server, "create publication tributary for all tables");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same as the owner of the tables, who makes publications too. */
  static Map<String, String> ownerConfig(PostgresServer server, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("database.hostname", server.host());
    config.put("database.port", Integer.toString(server.port()));
    config.put("database.user", server.user());
    config.put("database.password", server.password());
    config.put("database.dbname", server.database());
    config.put("topic.prefix", "shop");
    config.put("errors.retry.delay.initial.ms", "50");
    config.put("errors.retry.delay.max.ms", "500");
    return with(config, more);
  }

  /** With further keys and values. */
  static Map<String, String> with(Map<String, String> config, String... more) {
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  static Connection connect(PostgresServer server) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
  }

  static void execute(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row as text; null if there is no row. */
  static String single(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  /**
   * An extension that not every server has, the embedded one for instance; {@code
   * TRIBUTARY_POSTGRES_HOME} names an installation that has it.
   */
  static void assumeExtension(PostgresServer server, String name) throws SQLException {
    String query = "select 1 from pg_available_extensions where name = '" + name + "'";
    assumeTrue(
        single(server, query) != null,
        () -> "needs a server with " + name + "; name one in TRIBUTARY_POSTGRES_HOME");
  }

  /** What older servers do not have, of which {@code TRIBUTARY_POSTGRES_HOME} may name one. */
  static void assumeVersion(PostgresServer server, int major) throws SQLException {
    try (Connection connection = connect(server)) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      assumeTrue(
          version >= major,
          () -> "needs PostgreSQL " + major + " or later, and this is " + version);
    }
  }
}
