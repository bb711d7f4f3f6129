package dev.tributary.postgres.replication;

import dev.tributary.postgres.config.ConnectionSettings;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Opens sessions on the server, all with the same settings, so that a value has the same text
 * whichever way it comes.
 */
public final class Sessions {
  private static final String SETTINGS =
      "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
          + " SET bytea_output = 'hex'; SET extra_float_digits = 3; SET statement_timeout = 0;"
          + " SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0";

  private final ConnectionSettings settings;

  public Sessions(ConnectionSettings settings) {
    this.settings = settings;
  }

  /** Where the sessions are. */
  public ConnectionSettings settings() {
    return settings;
  }

  /** A session for SQL. */
  public Connection sql() throws SQLException {
    return open(properties("sql"));
  }

  /** A session that can stream changes and create slots. */
  public Connection replication() throws SQLException {
    Properties properties = properties("replication");
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    return open(properties);
  }

  private Connection open(Properties properties) throws SQLException {
    // not by way of DriverManager, which does not see the drivers of a plugin's class loader
    Connection connection = new Driver().connect(url(), properties);
    try (Statement statement = connection.createStatement()) {
      statement.execute(SETTINGS);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private String url() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return "jdbc:postgresql://"
        + host
        + ":"
        + settings.port()
        + "/"
        + java.net.URLEncoder.encode(settings.database(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private Properties properties(String purpose) {
    Properties properties = new Properties();
    properties.putAll(settings.ssl());
    PGProperty.USER.set(properties, settings.user());
    if (settings.password() != null && !settings.password().value().isEmpty()) {
      PGProperty.PASSWORD.set(properties, settings.password().value());
    }
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "12");
    PGProperty.APPLICATION_NAME.set(properties, "Tributary " + purpose);
    PGProperty.CONNECT_TIMEOUT.set(properties, 10);
    PGProperty.LOGIN_TIMEOUT.set(properties, 20);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    return properties;
  }
}
