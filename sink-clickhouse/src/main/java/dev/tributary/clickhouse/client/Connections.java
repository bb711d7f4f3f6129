package dev.tributary.clickhouse.client;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.enums.Protocol;
import com.clickhouse.client.api.enums.ProxyType;
import dev.tributary.clickhouse.config.Endpoint;
import dev.tributary.clickhouse.config.SinkConfig;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes client libraries' clients, of which each holds the connections to one server. */
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** What the client compresses and sends at once. */
  private static final int BUFFER_BYTES = 256 * 1024;

  private static final String SERVER_SETTING = "clickhouse_setting_";

  private final SinkConfig config;
  private final Duration timeout;
  private final List<Endpoint> endpoints;
  private int current;

  Connections(SinkConfig config, Duration timeout) {
    this.config = config;
    this.timeout = timeout;
    this.endpoints = config.endpoints();
  }

  /** The server that the next client is for. */
  Endpoint endpoint() {
    return endpoints.get(current);
  }

  /** Turns to the next server; false if there is but one. */
  boolean next() {
    current = (current + 1) % endpoints.size();
    return endpoints.size() > 1;
  }

  Client connect() {
    Endpoint endpoint = endpoint();
    Duration connect = timeout.compareTo(CONNECT_TIMEOUT) < 0 ? timeout : CONNECT_TIMEOUT;
    Client.Builder builder =
        new Client.Builder()
            .addEndpoint(Protocol.HTTP, endpoint.host(), endpoint.port(), config.ssl())
            .setDefaultDatabase(config.defaultDatabase())
            .setConnectTimeout(connect.toMillis())
            .setConnectionRequestTimeout(timeout.toMillis(), ChronoUnit.MILLIS)
            .setSocketTimeout(timeout.toMillis())
            .setExecutionTimeout(0, ChronoUnit.MILLIS)
            .setMaxRetries(0)
            .retryOnFailures(ClientFaultCause.None)
            .setMaxConnections(config.insertThreads() + 4)
            .setClientNetworkBufferSize(BUFFER_BYTES)
            .setLZ4UncompressedBufferSize(BUFFER_BYTES)
            .compressClientRequest(true)
            .compressServerResponse(true)
            .useAsyncRequests(false)
            .setClientName("tributary");
    if (config.accessToken().isPresent()) {
      builder.useBearerTokenAuth(config.accessToken().get());
    } else {
      builder.setUsername(config.username()).setPassword(config.password());
    }
    proxy(builder);
    security(builder);
    config.connectionProperties().forEach((name, value) -> property(builder, name, value));
    return builder.build();
  }

  private void proxy(Client.Builder builder) {
    if (config.proxied()) {
      builder.addProxy(
          ProxyType.HTTP, config.text(SinkConfig.PROXY_HOST).orElseThrow(), config.proxyPort());
      config
          .text(SinkConfig.PROXY_USERNAME)
          .ifPresent(
              user ->
                  builder.setProxyCredentials(
                      user, config.secret(SinkConfig.PROXY_PASSWORD).orElse("")));
    }
  }

  private void security(Client.Builder builder) {
    config
        .text(SinkConfig.TRUSTSTORE)
        .ifPresent(
            file -> {
              builder.setSSLTrustStore(file);
              builder.setSSLTrustStoreType(
                  config.text(SinkConfig.TRUSTSTORE_TYPE).orElse("PKCS12"));
              config
                  .secret(SinkConfig.TRUSTSTORE_PASSWORD)
                  .ifPresent(builder::setSSLTrustStorePassword);
            });
    config.text(SinkConfig.CA_CERTIFICATE).ifPresent(builder::setRootCertificate);
    config.text(SinkConfig.CLIENT_CERTIFICATE).ifPresent(builder::setClientCertificate);
    config.text(SinkConfig.CLIENT_KEY).ifPresent(builder::setClientKey);
  }

  /** A property as a JDBC address has it. */
  private static void property(Client.Builder builder, String name, String value) {
    if (name.startsWith(SERVER_SETTING)) {
      builder.serverSetting(name.substring(SERVER_SETTING.length()), value);
      return;
    }
    switch (name) {
      case "ssl" -> {
        // has a key of its own
      }
      case "socket_timeout" -> builder.setSocketTimeout(Long.parseLong(value));
      case "connect_timeout", "connection_timeout" ->
          builder.setConnectTimeout(Long.parseLong(value));
      case "sslrootcert" -> builder.setRootCertificate(value);
      case "sslcert" -> builder.setClientCertificate(value);
      case "sslkey" -> builder.setClientKey(value);
      case "client_name" -> builder.setClientName(value);
      case "sslmode" -> {
        if (!value.equalsIgnoreCase("strict")) {
          LOG.warn(
              "The server's certificate is checked, whatever 'jdbcConnectionProperties' says"
                  + " (sslmode={}); name its authority in 'ssl.ca.certificate'",
              value);
        }
      }
      default -> LOG.warn("'jdbcConnectionProperties' has '{}', which is left out", name);
    }
  }
}
