package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.Await;
import dev.tributary.stack.RedisCluster;
import dev.tributary.stack.RedisSentinels;
import dev.tributary.stack.RedisServer;
import dev.tributary.stack.SelfSignedCertificate;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
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
    SelfSignedCertificate shown = SelfSignedCertificate.make(folder, "server");
    SelfSignedCertificate client = SelfSignedCertificate.make(folder, "client");
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (RedisServer server =
        RedisServer.start(
            List.of(
                "tls-port " + port,
                "tls-cert-file " + shown.certificate(),
                "tls-key-file " + shown.key(),
                "tls-ca-cert-file " + client.certificate(),
                "tls-auth-clients yes"))) {
      Assumptions.assumeTrue(server.restartable(), "a server of our own");
      try (Jedis redis = new Jedis("127.0.0.1", server.port())) {
        redis.hset("user:7", "tier", "gold");
      }
      String[] known = {
        "redis.uri",
        "rediss://127.0.0.1:" + port,
        "redis.tls.truststore",
        shown.trustStore().toString(),
        "redis.tls.truststore.password",
        SelfSignedCertificate.PASSWORD,
        "redis.tls.keystore",
        client.store().toString(),
        "redis.tls.keystore.password",
        SelfSignedCertificate.PASSWORD,
        "unavailable",
        "fail",
      };
      RedisLookup<SinkRecord> transform = transform(known);
      assertThat(tier(transform, 7)).isEqualTo("gold");
      transform.close();

      known[3] = client.trustStore().toString();
      RedisLookup<SinkRecord> stranger = transform(known);
      assertThatThrownBy(() -> tier(stranger, 7))
          .isInstanceOf(LookupError.class)
          .hasMessageNotContaining(SelfSignedCertificate.PASSWORD);
      stranger.close();
    }
  }
}
