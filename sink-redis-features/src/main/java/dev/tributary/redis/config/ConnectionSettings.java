package dev.tributary.redis.config;

import dev.tributary.redis.config.RedisAddress.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to connect.
 *
 * @param cluster whether the hosts are nodes of a Redis Cluster
 * @param sentinelAddress how to get in at the Sentinels, where there are some
 * @param timeout how long a reply may take
 * @param keepAlive whether the system sends probes on idle connections
 * @param needed commands that the server must have, each with the setting that needs it
 */
public record ConnectionSettings(
    RedisAddress address,
    boolean cluster,
    RedisAddress sentinelAddress,
    TlsSettings tls,
    Duration connectTimeout,
    Duration timeout,
    String clientName,
    boolean keepAlive,
    Map<String, String> needed) {
  private static final String DEFAULT_HOST = "localhost";

  /** Reads them. */
  static ConnectionSettings of(RedisSinkConfig config, Map<String, String> needed) {
    RedisAddress address = address(config);
    return new ConnectionSettings(
        address,
        config.getBoolean(ConnectionKeys.CLUSTER),
        new RedisAddress(
            address.hosts(),
            address.tls(),
            config.set(ConnectionKeys.SENTINEL_USERNAME),
            config.secret(ConnectionKeys.SENTINEL_PASSWORD),
            0,
            address.sentinelMaster()),
        TlsSettings.of(config),
        SecondsOrDuration.parse(config.getString(ConnectionKeys.CONNECT_TIMEOUT)),
        SecondsOrDuration.parse(config.getString(ConnectionKeys.TIMEOUT)),
        config.getString(ConnectionKeys.CLIENT_NAME),
        config.getBoolean(ConnectionKeys.KEEP_ALIVE),
        needed);
  }

  /** Where the server is; what has a key of its own comes before what the URI says. */
  static RedisAddress address(RedisSinkConfig config) {
    List<Host> hosts = new ArrayList<>();
    config.getList(ConnectionKeys.HOSTS).forEach(host -> hosts.add(Host.parse(host, 6379)));
    if (hosts.isEmpty() && hasHostOfItsOwn(config)) {
      hosts.add(
          new Host(
              config.set(ConnectionKeys.HOST).orElse(DEFAULT_HOST),
              config.getInt(ConnectionKeys.PORT)));
    }
    return RedisAddress.parse(config.set(ConnectionKeys.URI).orElse("redis://" + DEFAULT_HOST))
        .with(
            hosts,
            config.getBoolean(TlsKeys.TLS),
            config.set(ConnectionKeys.USERNAME),
            config.secret(ConnectionKeys.PASSWORD),
            config.set(ConnectionKeys.DATABASE).map(Integer::valueOf),
            config.set(ConnectionKeys.SENTINEL_MASTER));
  }

  /** Where there is no URI, a port alone is meant too. */
  private static boolean hasHostOfItsOwn(RedisSinkConfig config) {
    boolean uri =
        config.originals().containsKey(ConnectionKeys.URI)
            && config.set(ConnectionKeys.URI).isPresent();
    return config.set(ConnectionKeys.HOST).isPresent()
        || (!uri && config.originals().containsKey(ConnectionKeys.PORT));
  }

  /** The same with times to wait that are no longer than the given one. */
  public ConnectionSettings within(Duration longest) {
    return new ConnectionSettings(
        address,
        cluster,
        sentinelAddress,
        tls,
        shorter(connectTimeout, longest),
        shorter(timeout, longest),
        clientName,
        keepAlive,
        needed);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
