package dev.tributary.postgres.config;

import java.util.Map;
import org.apache.kafka.common.config.types.Password;

/**
 * Where the database is and how to log in.
 *
 * @param ssl pgjdbc's properties for TLS, those that are set
 */
public record ConnectionSettings(
    String host,
    int port,
    String database,
    String user,
    Password password,
    Map<String, String> ssl) {
  public ConnectionSettings {
    ssl = Map.copyOf(ssl);
  }

  /** For logs and errors: {@code localhost:5432/shop}. */
  public String address() {
    return host + ":" + port + "/" + database;
  }
}
