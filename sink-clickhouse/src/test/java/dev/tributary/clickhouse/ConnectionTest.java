package dev.tributary.clickhouse;

import static dev.tributary.clickhouse.Records.record;
import static dev.tributary.clickhouse.Records.row;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.clickhouse.config.SinkConfig;
import dev.tributary.stack.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS, tokens and proxies between the sink and the server. */
class ConnectionTest {
  private static final TopicPartition P0 = new TopicPartition("t", 0);

  @TempDir private static Path folder;

  private static TestServer server;
  private static SelfSignedCertificate shown;
  private static SelfSignedCertificate client;

  private String database;
  private Map<String, String> direct;
  private Map<String, String> settings;

  @BeforeAll
  static void startServer() {
    server = new TestServer();
    shown = SelfSignedCertificate.make(folder, "server");
    client = SelfSignedCertificate.make(folder, "client");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void newDatabase() {
    database = server.newDatabase();
    direct = server.settings(database);
    settings = new HashMap<>(direct);
    settings.put(SinkConfig.FLUSH_MS, "1");
  }

  private Gate tls(boolean asksForCertificate) throws Exception {
    Gate gate = Gate.https(direct, shown.context(client), asksForCertificate);
    settings.put(SinkConfig.HOSTNAME, "127.0.0.1");
    settings.put(SinkConfig.PORT, String.valueOf(gate.port()));
    settings.put(SinkConfig.SSL, "true");
    return gate;
  }

  private Map<String, List<String>> errors() {
    return new ClickHouseSinkConnector()
        .validate(settings).configValues().stream()
            .filter(value -> !value.errorMessages().isEmpty())
            .collect(Collectors.toMap(ConfigValue::name, ConfigValue::errorMessages));
  }

  private void assertWritesThrough(Gate gate) {
    assertThat(errors()).isEmpty();
    int before = gate.passed();
    try (TestTask task = new TestTask(settings, P0)) {
      task.put(record("t", 0, 0, null, row(1, "new", 2)));
      task.drain();
    }
    assertThat(server.query(database, "id", "FROM t")).containsExactly("1");
    assertThat(gate.passed()).isGreaterThan(before);
  }

  private void assertRefuses(String key, String words) {
    assertThat(errors()).containsOnlyKeys(key);
    assertThat(errors().get(key)).singleElement().asString().contains(words);
    assertThatThrownBy(() -> new TestTask(settings, P0))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining(words);
  }

  @Test
  void trustsTheAuthorityOfAFile() throws Exception {
    try (Gate gate = tls(false)) {
      settings.put(SinkConfig.CA_CERTIFICATE, shown.certificate().toString());
      assertWritesThrough(gate);
    }
  }

  @Test
  void trustsTheAuthorityThatAJdbcAddressNames() throws Exception {
    try (Gate gate = tls(false)) {
      settings.put(
          SinkConfig.CONNECTION_PROPERTIES, "?sslmode=STRICT&sslrootcert=" + shown.certificate());
      assertWritesThrough(gate);
    }
  }

  @Test
  void trustsWhatATrustStoreHolds() throws Exception {
    try (Gate gate = tls(false)) {
      settings.put(SinkConfig.TRUSTSTORE, shown.trustStore().toString());
      settings.put(SinkConfig.TRUSTSTORE_PASSWORD, SelfSignedCertificate.PASSWORD);
      assertWritesThrough(gate);
    }
  }

  @Test
  void refusesAServerThatItDoesNotTrust() throws Exception {
    try (Gate gate = tls(false)) {
      settings.put(SinkConfig.CA_CERTIFICATE, client.certificate().toString());
      assertRefuses(SinkConfig.SSL, "ssl.ca.certificate");
      assertThat(gate.passed()).isZero();
    }
  }

  @Test
  void saysThatTheServerHasNoTls() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread plain = new Thread(() -> answerAsIfNothingWereEncrypted(socket));
      plain.setDaemon(true);
      plain.start();
      settings.put(SinkConfig.HOSTNAME, "127.0.0.1");
      settings.put(SinkConfig.PORT, String.valueOf(socket.getLocalPort()));
      settings.put(SinkConfig.SSL, "true");
      assertRefuses(SinkConfig.SSL, "set 'ssl' to false");
    }
  }

  private static void answerAsIfNothingWereEncrypted(ServerSocket socket) {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept()) {
        int first = client.getInputStream().read();
        assertThat(first).isNotNegative();
        client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
        client.shutdownOutput();
        client.getInputStream().readAllBytes();
      } catch (IOException e) {
        // closed
      }
    }
  }

  @Test
  void showsACertificateWhereTheServerAsksForOne() throws Exception {
    try (Gate gate = tls(true)) {
      settings.put(SinkConfig.CA_CERTIFICATE, shown.certificate().toString());
      settings.put(SinkConfig.CLIENT_CERTIFICATE, client.certificate().toString());
      settings.put(SinkConfig.CLIENT_KEY, client.key().toString());
      assertWritesThrough(gate);
    }
  }

  @Test
  void sendsATokenInPlaceOfUserAndPassword() {
    try (Gate gate =
        Gate.http(
            direct,
            exchange ->
                "Bearer secret".equals(exchange.getRequestHeaders().getFirst("Authorization"))
                    ? 200
                    : 401)) {
      settings.put(SinkConfig.HOSTNAME, "127.0.0.1");
      settings.put(SinkConfig.PORT, String.valueOf(gate.port()));
      settings.put(SinkConfig.ACCESS_TOKEN, "secret");
      assertWritesThrough(gate);
      settings.put(SinkConfig.ACCESS_TOKEN, "wrong");
      assertRefuses(SinkConfig.ACCESS_TOKEN, "access.token");
    }
  }

  @Test
  void goesThroughAProxyThatAsksForAPassword() {
    String login = "Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(UTF_8));
    try (Gate gate =
        Gate.http(
            direct,
            exchange ->
                login.equals(exchange.getRequestHeaders().getFirst("Proxy-Authorization"))
                    ? 200
                    : 407)) {
      // a name that only the proxy knows
      settings.put(SinkConfig.HOSTNAME, "clickhouse.invalid");
      settings.put(SinkConfig.PROXY_HOST, "127.0.0.1");
      settings.put(SinkConfig.PROXY_PORT, String.valueOf(gate.port()));
      settings.put(SinkConfig.PROXY_USERNAME, "me");
      settings.put(SinkConfig.PROXY_PASSWORD, "secret");
      assertWritesThrough(gate);
      settings.put(SinkConfig.PROXY_PASSWORD, "wrong");
      assertRefuses(SinkConfig.PROXY_HOST, "proxy.password");
    }
  }
}
