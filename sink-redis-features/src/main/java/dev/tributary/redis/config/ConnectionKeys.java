package dev.tributary.redis.config;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import dev.tributary.common.config.Validators;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.apache.kafka.common.config.ConfigException;

/** Where the server is, and how to log in. */
public final class ConnectionKeys {
  public static final String URI = "redis.uri";
  public static final String HOST = "redis.host";
  public static final String PORT = "redis.port";
  public static final String HOSTS = "redis.hosts";
  public static final String CLUSTER = "redis.cluster.enabled";
  public static final String SENTINEL_MASTER = "redis.sentinel.master";
  public static final String SENTINEL_USERNAME = "redis.sentinel.username";
  public static final String SENTINEL_PASSWORD = "redis.sentinel.password";
  public static final String DATABASE = "redis.database";
  public static final String USERNAME = "redis.username";
  public static final String PASSWORD = "redis.password";
  public static final String TIMEOUT = "redis.timeout";
  public static final String CONNECT_TIMEOUT = "redis.connect.timeout";
  public static final String CLIENT_NAME = "redis.client.name";
  public static final String KEEP_ALIVE = "redis.keep.alive";

  private ConnectionKeys() {}

  static void define(KeyDefinitions keys) {
    keys.group("Connection");
    keys.text(
        URI,
        "redis://localhost:6379",
        Validators.of("redis://user:password@host:port/database", ConnectionKeys::checkUri),
        HIGH,
        Width.LONG,
        "Server",
        "The server to write to: redis://host:port, or rediss://host:port for TLS. A user, a"
            + " password and the number of a database may be part of it:"
            + " redis://user:password@host:port/2. Several hosts are separated by commas: of a"
            + " cluster some nodes to begin with, else servers of which the first that answers and"
            + " is a master is taken. Sentinels:"
            + " redis-sentinel://user:password@sentinel1:26379,sentinel2:26379/0#mymaster. Empty:"
            + " the server at redis.host and redis.port, else the one on this machine.");
    keys.text(
        HOST,
        "",
        null,
        MEDIUM,
        Width.MEDIUM,
        "Host",
        "The server's host, in place of the one in redis.uri.");
    keys.number(
        PORT,
        6379,
        1,
        65_535,
        MEDIUM,
        "Port",
        "The port of redis.host; of this machine, where neither that nor redis.uri is set.");
    keys.list(
        HOSTS,
        Validators.of("host:port, host:port and so on", ConnectionKeys::checkHosts),
        MEDIUM,
        "Hosts",
        "Several hosts as host:port, in place of those in redis.uri.");
    keys.bool(
        CLUSTER,
        false,
        MEDIUM,
        "Cluster",
        "Whether the server is a Redis Cluster. One node's address is enough; the others are found."
            + " Also called redis.cluster.");
    keys.text(
        SENTINEL_MASTER,
        "",
        null,
        MEDIUM,
        Width.SHORT,
        "Sentinel master",
        "The name of the master that Sentinels watch. The hosts are the Sentinels then; the sink"
            + " asks them for the master with every connection, and so follows a failover.");
    keys.text(
        SENTINEL_USERNAME,
        "",
        null,
        LOW,
        Width.MEDIUM,
        "Sentinel user",
        "The ACL user at the Sentinels. Empty for the default user.");
    keys.password(
        SENTINEL_PASSWORD,
        LOW,
        "Sentinel password",
        "The password at the Sentinels, which have their own. Empty for none.");
    keys.text(
        DATABASE,
        "",
        Validators.parsedBy(
            "a number from 0 on, or empty",
            text -> {
              if (!text.isBlank() && !text.trim().matches("\\d{1,6}")) {
                throw new IllegalArgumentException("must be the number of a database");
              }
            }),
        LOW,
        Width.SHORT,
        "Database",
        "The number of the database, in place of the one in redis.uri.");
    keys.text(
        USERNAME,
        "",
        null,
        MEDIUM,
        Width.MEDIUM,
        "User",
        "The ACL user; it comes before a user in redis.uri. Empty for the default user.");
    keys.password(
        PASSWORD,
        MEDIUM,
        "Password",
        "The password; it comes before a password in redis.uri. Empty for none.");
    keys.text(
        TIMEOUT,
        "10s",
        SecondsOrDuration.timeout(),
        LOW,
        Width.SHORT,
        "Timeout",
        "How long a reply may take, in seconds or as a duration, before the connection counts as"
            + " lost and is made anew. Also called redis.operation.timeout.");
    keys.text(
        CONNECT_TIMEOUT,
        "5s",
        SecondsOrDuration.timeout(),
        LOW,
        Width.SHORT,
        "Connect timeout",
        "How long a connection may take to come about, in seconds or as a duration.");
    keys.text(
        CLIENT_NAME,
        "tributary",
        Validators.parsedBy(
            "a name without spaces",
            text -> {
              if (!text.matches("[!-~]*")) {
                throw new IllegalArgumentException(
                    "must be of printable ASCII characters without spaces");
              }
            }),
        LOW,
        Width.SHORT,
        "Client name",
        "What CLIENT LIST shows the sink's connections as. A task has one connection to a server,"
            + " or to each master of a cluster; more tasks (tasks.max) have more.");
    keys.bool(
        KEEP_ALIVE,
        true,
        LOW,
        "Keep-alive",
        "Whether the system probes connections that lie idle (TCP keep-alive), so that firewalls"
            + " keep them and dead ones are found.");
  }

  /** Leaves the value out of the message, as it may hold a password. */
  private static void checkUri(String name, Object value) {
    if (value.toString().isBlank()) {
      return;
    }
    try {
      RedisAddress.parse(value.toString());
    } catch (IllegalArgumentException e) {
      // without the cause, which is all in the message
      throw new ConfigException("Invalid value for configuration " + name + ": " + e.getMessage());
    }
  }

  private static void checkHosts(String name, Object value) {
    for (Object host : (List<?>) value) {
      try {
        RedisAddress.Host.parse(host.toString(), 6379);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(name, host, "is no host:port");
      }
    }
  }
}
