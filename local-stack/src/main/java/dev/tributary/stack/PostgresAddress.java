package dev.tributary.stack;

import java.util.Properties;
import org.postgresql.Driver;

/**
 * Where a Postgres database is and who logs in.
 *
 * @param jdbcUrl with user and password in it
 */
record PostgresAddress(
    String host, int port, String database, String user, String password, String jdbcUrl) {

  /** A database with no more to its URL than these. */
  static PostgresAddress of(String host, int port, String database, String user, String password) {
    String url =
        "jdbc:postgresql://%s:%d/%s?user=%s&password=%s"
            .formatted(host, port, database, user, password);
    return new PostgresAddress(host, port, database, user, password, url);
  }

  /**
   * Reads a JDBC URL as pgjdbc does.
   *
   * @throws StackException when it is none, or names no user
   */
  static PostgresAddress parse(String jdbcUrl) {
    Properties properties = Driver.parseURL(jdbcUrl, new Properties());
    if (properties == null || properties.getProperty("user") == null) {
      throw new StackException(
          Environment.POSTGRES
              + " is not of the form jdbc:postgresql://HOST:PORT/DATABASE?user=USER&password=PASSWORD");
    }
    return new PostgresAddress(
        properties.getProperty("PGHOST"),
        Integer.parseInt(properties.getProperty("PGPORT")),
        properties.getProperty("PGDBNAME", properties.getProperty("user")),
        properties.getProperty("user"),
        properties.getProperty("password", ""),
        jdbcUrl);
  }
}
