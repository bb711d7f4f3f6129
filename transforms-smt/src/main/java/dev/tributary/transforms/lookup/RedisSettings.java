package dev.tributary.transforms.lookup;

import java.time.Duration;
import java.util.List;

/**
 * Where Redis is and how to get in.
 *
 * @param hosts host:port each: of the server, of nodes of a cluster, or of Sentinels
 * @param cluster whether it is a Redis Cluster
 * @param sentinelMaster the master that Sentinels watch, or empty
 * @param username empty for the default user
 * @param password empty for none
 * @param sentinelUsername at the Sentinels
 * @param sentinelPassword at the Sentinels
 * @param database its number; 0 in a cluster
 * @param truststore a file, or empty for Java's own
 * @param keystore a file with the client's certificate, or empty
 * @param timeout of connecting and of each command
 */
public record RedisSettings(
    List<String> hosts,
    boolean cluster,
    String sentinelMaster,
    String username,
    String password,
    String sentinelUsername,
    String sentinelPassword,
    int database,
    boolean tls,
    boolean verifiesHost,
    String truststore,
    String truststorePassword,
    String keystore,
    String keystorePassword,
    Duration timeout) {

  @Override
  public String toString() {
    return "Redis at " + String.join(",", hosts); // and no password
  }
}
