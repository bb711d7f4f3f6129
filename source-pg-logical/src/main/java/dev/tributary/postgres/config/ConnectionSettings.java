package dev.tributary.postgres.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.types.Password;

/**
 * Where the database is and how to log in.
 *
 * @param servers where it may be: that of them which takes changes is meant, or the only one
 * @param ssl pgjdbc's properties for TLS, those that are set
 */
public record ConnectionSettings(
    List<ServerAddress> servers,
    String database,
    String user,
    Password password,
    Map<String, String> ssl) {
  public ConnectionSettings {
    servers = List.copyOf(servers);
    ssl = Map.copyOf(ssl);
  }

  /** For logs and errors: {@code localhost:5432}, or {@code db1:5432,db2:5432}. */
  public String server() {
    return servers.stream().map(ServerAddress::toString).collect(Collectors.joining(","));
  }

  public boolean hasNoPassword() {
    return password == null || password.value().isEmpty();
  }

  /** The address; neither a password nor what is in {@link #ssl} is for logs. */
  @Override
  public String toString() {
    return address();
  }

  /** For logs and errors: {@code localhost:5432/shop}. */
  public String address() {
    return server() + "/" + database;
  }
}
