package dev.tributary.postgres.replication;

import dev.tributary.postgres.config.ConnectionSettings;
import dev.tributary.postgres.config.ServerAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Opens sessions on the server, all with the same settings, so that a value has the same text
 * whichever way it comes.
 */
public final class Sessions {
  private static final String SETTINGS =
      "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
          + " SET bytea_output = 'hex'; SET extra_float_digits = 3;"
          + " SET standard_conforming_strings = on; SET statement_timeout = 0;"
          + " SET idle_in_transaction_session_timeout = 0";

  /** Where to connect is in the properties, in which no character has a meaning of its own. */
  private static final String URL = "jdbc:postgresql:///";

  /** What the server shows of sessions of ours, in front of what they are for. */
  static final String APPLICATION = "Tributary ";

  private static final int ANSWER_SECONDS = 60;

  /**
   * Less than that, so that the server gives up by itself: it does not notice that nobody waits any
   * more, and its session would wait on.
   */
  private static final int LOCK_SECONDS = 30;

  private final ConnectionSettings settings;

  public Sessions(ConnectionSettings settings) {
    this.settings = settings;
  }

  /** Where the sessions are. */
  public ConnectionSettings settings() {
    return settings;
  }

  /** A session for short statements: it fails when the server does not answer for a while. */
  public Connection sql() throws SQLException {
    Properties properties = properties("sql");
    PGProperty.SOCKET_TIMEOUT.set(properties, ANSWER_SECONDS);
    return open(properties, LOCK_SECONDS);
  }

  /** A session for statements that take as long as they take. */
  public Connection copy() throws SQLException {
    return open(properties("snapshot"), 0);
  }

  /** The same for rows that can be read later where their table is locked now. */
  public Connection chunks() throws SQLException {
    return open(properties("snapshot"), LOCK_SECONDS);
  }

  /** A session that can stream changes and create slots. */
  public Connection replication() throws SQLException {
    Properties properties = properties("replication");
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    return open(properties, 0);
  }

  private Connection open(Properties properties, int lockSeconds) throws SQLException {
    // not by way of DriverManager, which does not see the drivers of a plugin's class loader
    Connection connection = new Driver().connect(URL, properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          SETTINGS
              + ("; SET lock_timeout = '" + lockSeconds + "s'")
              + newer(connection.getMetaData().getDatabaseMajorVersion()));
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Timeouts that older servers do not know, and that would end long snapshots and idle sessions.
   */
  private static String newer(int version) {
    return (version >= 14 ? "; SET idle_session_timeout = 0" : "")
        + (version >= 17 ? "; SET transaction_timeout = 0" : "");
  }

  private Properties properties(String purpose) {
    Properties properties = new Properties();
    properties.putAll(settings.ssl());
    address(properties);
    PGProperty.PG_DBNAME.set(properties, settings.database());
    PGProperty.USER.set(properties, settings.user());
    if (!settings.hasNoPassword()) {
      PGProperty.PASSWORD.set(properties, settings.password().value());
    }
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "12");
    PGProperty.APPLICATION_NAME.set(properties, APPLICATION + purpose);
    PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false); // which quotes rows
    PGProperty.CONNECT_TIMEOUT.set(properties, 10);
    PGProperty.LOGIN_TIMEOUT.set(properties, 20);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    return properties;
  }

  /** Of several servers, the one that takes changes; a single one may also be a standby. */
  private void address(Properties properties) {
    PGProperty.PG_HOST.set(properties, joined(ServerAddress::host));
    PGProperty.PG_PORT.set(properties, joined(server -> Integer.toString(server.port())));
    if (settings.servers().size() > 1) {
      PGProperty.TARGET_SERVER_TYPE.set(properties, "primary");
    }
  }

  private String joined(Function<ServerAddress, String> part) {
    return settings.servers().stream().map(part).collect(Collectors.joining(","));
  }
}
