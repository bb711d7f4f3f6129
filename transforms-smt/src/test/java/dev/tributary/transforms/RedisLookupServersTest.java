package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.Await;
import dev.tributary.stack.RedisCluster;
import dev.tributary.stack.RedisSentinels;
import dev.tributary.stack.RedisServer;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClusterClient;

/** RedisLookup on a real cluster, behind real Sentinels, and on a server that speaks TLS. */
class RedisLookupServersTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String PASSWORD = "changeit";

  @TempDir private Path folder;

  private static RedisLookup<SinkRecord> transform(String... settings) {
    RedisLookup<SinkRecord> transform = new RedisLookup<>();
    transform.configure(
        Rows.settings(
            Map.of("key", "user:${user_id}", "fields", "tier", "cache.ttl", "0s"), settings));
    return transform;
  }

  private static Object tier(RedisLookup<SinkRecord> transform, int user) {
    SinkRecord out = transform.apply(Rows.record(Map.of("user_id", user)));
    return ((Map<?, ?>) out.value()).get("tier");
  }

  @Test
  void findsKeysOnAllNodesOfACluster() {
    try (RedisCluster cluster = RedisCluster.start();
        RedisClusterClient client =
            RedisClusterClient.builder()
                .nodes(Set.of(new HostAndPort("127.0.0.1", cluster.port(0))))
                .build()) {
      for (int user = 0; user < 50; user++) {
        client.hset("user:" + user, "tier", "t" + user);
      }
      // changes are not heard of in a cluster, and asking for them must not hurt
      RedisLookup<SinkRecord> transform =
          transform("redis.uri", cluster.uri(), "redis.cluster.enabled", "true");
      for (int user = 0; user < 50; user++) {
        assertThat(tier(transform, user)).isEqualTo("t" + user);
      }
      assertThat(tier(transform, 99)).isNull();
      cluster.kill(1);
      cluster.restart(1);
      for (int user = 0; user < 50; user++) {
        assertThat(tier(transform, user)).as("after a restart").isEqualTo("t" + user);
      }
      transform.close();
    }
  }

  @Test
  void followsAFailoverBehindSentinels() {
    try (RedisSentinels servers = RedisSentinels.start()) {
      try (Jedis redis = new Jedis("127.0.0.1", servers.masterPort())) {
        redis.hset("user:7", "tier", "gold");
        assertThat(redis.waitReplicas(1, 60_000)).isOne();
      }
      RedisLookup<SinkRecord> transform =
          transform(
              "redis.hosts",
              String.join(",", servers.hosts()),
              "redis.sentinel.master",
              RedisSentinels.MASTER);
      assertThat(tier(transform, 7)).isEqualTo("gold");
      int before = servers.masterPort();
      servers.killFirstMaster();
      assertThat(tier(transform, 7)).as("it waits for the new master").isEqualTo("gold");
      Await.until("a new master", SOON, servers::masterPort, port -> port != before);
      transform.close();
    }
  }

  @Test
  void speaksTlsAndShowsACertificate() throws Exception {
    identity("server");
    identity("client");
    trust("server");
    trust("client");
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (RedisServer server =
        RedisServer.start(
            List.of(
                "tls-port " + port,
                "tls-cert-file " + folder.resolve("server.pem"),
                "tls-key-file " + folder.resolve("server.key"),
                "tls-ca-cert-file " + folder.resolve("client.pem"),
                "tls-auth-clients yes"))) {
      Assumptions.assumeTrue(server.restartable(), "a server of our own");
      try (Jedis redis = new Jedis("127.0.0.1", server.port())) {
        redis.hset("user:7", "tier", "gold");
      }
      String[] known = {
        "redis.uri",
        "rediss://127.0.0.1:" + port,
        "redis.tls.truststore",
        folder.resolve("server.trust").toString(),
        "redis.tls.truststore.password",
        PASSWORD,
        "redis.tls.keystore",
        folder.resolve("client.p12").toString(),
        "redis.tls.keystore.password",
        PASSWORD,
        "unavailable",
        "fail",
      };
      RedisLookup<SinkRecord> transform = transform(known);
      assertThat(tier(transform, 7)).isEqualTo("gold");
      transform.close();

      known[3] = folder.resolve("client.trust").toString();
      RedisLookup<SinkRecord> stranger = transform(known);
      assertThatThrownBy(() -> tier(stranger, 7))
          .isInstanceOf(LookupError.class)
          .hasMessageNotContaining(PASSWORD);
      stranger.close();
    }
  }

  private void trust(String name) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(name, keys(name).getCertificate(name));
    try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".trust"))) {
      trusted.store(out, PASSWORD.toCharArray());
    }
  }

  private KeyStore keys(String name) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void identity(String name) throws Exception {
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
                folder.resolve(name + ".p12").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = keys(name);
    pem(name + ".pem", "CERTIFICATE", keys.getCertificate(name).getEncoded());
    pem(name + ".key", "PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
  }

  private void pem(String file, String what, byte[] bytes) throws Exception {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }
}
