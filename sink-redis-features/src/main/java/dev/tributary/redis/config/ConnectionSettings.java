package dev.tributary.redis.config;

import java.time.Duration;
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
