package dev.tributary.transforms.lookup;

import java.io.File;
import java.util.HashSet;
import java.util.Set;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.UnifiedJedis;

/** Opens Jedis' own clients. */
final class Clients {
  private Clients() {}

  static UnifiedJedis open(RedisSettings settings) {
    ConnectionPoolConfig pool = new ConnectionPoolConfig();
    pool.setMaxTotal(2); // one thread asks
    pool.setTestWhileIdle(true);
    if (settings.cluster()) {
      return RedisClusterClient.builder()
          .nodes(hosts(settings))
          .clientConfig(config(settings))
          .poolConfig(pool)
          .maxAttempts(3)
          .build();
    }
    if (!settings.sentinelMaster().isBlank()) {
      return RedisSentinelClient.builder()
          .masterName(settings.sentinelMaster())
          .sentinels(hosts(settings))
          .clientConfig(config(settings))
          .sentinelClientConfig(
              base(settings, settings.sentinelUsername(), settings.sentinelPassword()).build())
          .poolConfig(pool)
          .build();
    }
    return RedisClient.builder()
        .hostAndPort(HostAndPort.from(settings.hosts().get(0)))
        .clientConfig(config(settings))
        .poolConfig(pool)
        .build();
  }

  static JedisClientConfig config(RedisSettings settings) {
    return base(settings, settings.username(), settings.password())
        .database(settings.database())
        .build();
  }

  private static DefaultJedisClientConfig.Builder base(
      RedisSettings settings, String username, String password) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .timeoutMillis((int) settings.timeout().toMillis())
            .clientName("tributary-lookup");
    if (!username.isBlank()) {
      config.user(username);
    }
    if (!password.isEmpty()) {
      config.password(password);
    }
    if (settings.tls()) {
      SslOptions.Builder ssl = SslOptions.builder();
      ssl.sslVerifyMode(settings.verifiesHost() ? SslVerifyMode.FULL : SslVerifyMode.CA);
      if (!settings.truststore().isBlank()) {
        ssl.truststore(
            new File(settings.truststore()), settings.truststorePassword().toCharArray());
      }
      if (!settings.keystore().isBlank()) {
        ssl.keystore(new File(settings.keystore()), settings.keystorePassword().toCharArray());
      }
      config.sslOptions(ssl.build());
    }
    return config;
  }

  private static Set<HostAndPort> hosts(RedisSettings settings) {
    Set<HostAndPort> hosts = new HashSet<>();
    settings.hosts().forEach(host -> hosts.add(HostAndPort.from(host)));
    return hosts;
  }
}
