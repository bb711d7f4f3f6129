package dev.tributary.redis;

import static dev.tributary.redis.Records.row;
import static dev.tributary.redis.Records.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.RedisServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
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
  private static final String PASSWORD = "changeit";

  @TempDir private static Path folder;
  private static RedisServer server;
  private static int port;

  @BeforeAll
  static void startServer() throws Exception {
    identity("server");
    identity("client");
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    server =
        RedisServer.start(
            List.of(
                "tls-port " + port,
                "tls-cert-file " + folder.resolve("server.pem"),
                "tls-key-file " + folder.resolve("server.key"),
                "tls-ca-cert-file " + folder.resolve("client.pem"),
                "tls-auth-clients yes"));
    TestRedis.assumeOurOwn(server);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void showsACertificateOfPemFiles() {
    writes(
        "redis.cacert", file("server.pem"),
        "redis.key.cert", file("client.pem"),
        "redis.key.file", file("client.key"));
  }

  @Test
  void showsACertificateOfAKeyStore() {
    writes(
        "redis.insecure",
        "true",
        "redis.tls.keystore",
        file("client.p12"),
        "redis.tls.keystore.password",
        PASSWORD);
  }

  @Test
  void trustsNobodyUnknown() {
    Map<String, String> config = new HashMap<>();
    config.put("redis.uri", "rediss://127.0.0.1:" + port);
    config.put("redis.key.cert", file("client.pem"));
    config.put("redis.key.file", file("client.key"));
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
                file("client.pem"),
                "redis.key.file",
                file("client.key"))
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

  private static String file(String name) {
    return folder.resolve(name).toString();
  }

  private static void identity(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "RSA",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=IP:127.0.0.1",
                "-ext",
                "BC=ca:true",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    pem(name + ".pem", "CERTIFICATE", keys.getCertificate(name).getEncoded());
    pem(name + ".key", "PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
  }

  private static void pem(String file, String what, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }
}
