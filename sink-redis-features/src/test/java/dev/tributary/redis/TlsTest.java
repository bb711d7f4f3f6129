package dev.tributary.redis;

import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.RedisServer;
import dev.tributary.stack.SelfSignedCertificate;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A server that speaks TLS and asks its clients for a certificate. */
class TlsTest {
  @TempDir private static Path folder;
  private static RedisServer server;
  private static int port;
  private static SelfSignedCertificate shown;
  private static SelfSignedCertificate client;

  @BeforeAll
  static void startServer() throws Exception {
    shown = SelfSignedCertificate.make(folder, "server");
    client = SelfSignedCertificate.make(folder, "client");
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    server =
        RedisServer.start(
            List.of(
                "tls-port " + port,
                "tls-cert-file " + shown.certificate(),
                "tls-key-file " + shown.key(),
                "tls-ca-cert-file " + client.certificate(),
                "tls-auth-clients yes"));
    TestRedis.assumeOurOwn(server);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void showsACertificateOfPemFiles() throws Exception {
    writes(
        "redis.cacert", shown.certificate().toString(),
        "redis.key.cert", client.certificate().toString(),
        "redis.key.file", client.key().toString());
  }

  @Test
  void showsACertificateOfAKeyStore() {
    writes(
        "redis.insecure",
        "true",
        "redis.tls.keystore",
        client.store().toString(),
        "redis.tls.keystore.password",
        SelfSignedCertificate.PASSWORD);
  }

  @Test
  void trustsNobodyUnknown() throws Exception {
    Map<String, String> config = new HashMap<>();
    config.put("redis.uri", "rediss://127.0.0.1:" + port);
    config.put("redis.key.cert", client.certificate().toString());
    config.put("redis.key.file", client.key().toString());
    assertThat(
            new RedisFeatureSinkConnector()
                .validate(config).configValues().stream()
                    .filter(value -> !value.errorMessages().isEmpty())
                    .map(ConfigValue::name))
        .containsExactly("redis.key.cert");
    try (TaskHarness task =
        new TaskHarness(
                "rediss://127.0.0.1:" + port,
                false,
                "redis.key.cert",
                client.certificate().toString(),
                "redis.key.file",
                client.key().toString())
            .start()) {
      assertThatThrownBy(() -> task.putOnce(List.of(upsert(1, row(1, "a", 1.0, true)))))
          .isInstanceOf(RetriableException.class);
    }
  }

  private static void writes(String... settings) {
    try (Jedis redis = new Jedis("127.0.0.1", server.port());
        TaskHarness task = new TaskHarness("rediss://127.0.0.1:" + port, false, settings).start()) {
      redis.flushAll();
      task.put(upsert(1, row(1, "a", 1.0, true)));
      assertThat(redis.hget("user_features:1", "status")).isEqualTo("a");
    }
  }
}
