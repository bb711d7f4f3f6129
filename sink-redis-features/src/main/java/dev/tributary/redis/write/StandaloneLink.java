package dev.tributary.redis.write;

import dev.tributary.redis.command.Call;
import dev.tributary.redis.config.RedisAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One connection to one server.
 *
 * <p>Redis reads on while it answers, and keeps replies that nobody has read yet in its memory. So
 * all calls may be sent before the first reply is read.
 */
public final class StandaloneLink implements RedisLink {
  private final Connection connection;

  private StandaloneLink(Connection connection) {
    this.connection = connection;
  }

  /** A source of connections. */
  public static RedisLink.Source source(
      RedisAddress address, Duration connectTimeout, Duration timeout) {
    JedisClientConfig config = config(address, connectTimeout, timeout);
    return new RedisLink.Source() {
      @Override
      public RedisLink open() {
        return connect(address, config);
      }

      @Override
      public String toString() {
        return address.toString();
      }
    };
  }

  @Override
  public List<Object> exchange(List<Call> calls) {
    try {
      for (Call call : calls) {
        connection.sendCommand(arguments(call));
      }
      List<Object> replies = new ArrayList<>(calls.size());
      for (Object reply : connection.getMany(calls.size())) {
        replies.add(
            reply instanceof JedisDataException error ? new RedisError(error.getMessage()) : reply);
      }
      return replies;
    } catch (JedisException e) {
      throw new LinkException(reason(e), e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (JedisException e) {
      // it was broken before, and whoever found out has said so
      connection.setBroken();
    }
  }

  private static RedisLink connect(RedisAddress address, JedisClientConfig config) {
    try {
      return new StandaloneLink(
          new Connection(new HostAndPort(address.host(), address.port()), config));
    } catch (JedisDataException e) {
      throw new RedisRefusedException(new RedisError(e.getMessage()));
    } catch (JedisException e) {
      throw new LinkException(reason(e), e);
    }
  }

  private static JedisClientConfig config(
      RedisAddress address, Duration connectTimeout, Duration timeout) {
    DefaultJedisClientConfig.Builder config =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(Math.toIntExact(connectTimeout.toMillis()))
            .socketTimeoutMillis(Math.toIntExact(timeout.toMillis()))
            .database(address.database())
            .clientName("tributary");
    address.username().ifPresent(config::user);
    address.password().ifPresent(config::password);
    if (address.tls()) {
      // the JVM's trust store; the certificate must be of this host
      config.sslOptions(SslOptions.builder().sslVerifyMode(SslVerifyMode.FULL).build());
    }
    return config.build();
  }

  private static CommandArguments arguments(Call call) {
    byte[] name = call.argument(0);
    CommandArguments arguments = new CommandArguments(() -> name);
    for (int i = 1; i < call.size(); i++) {
      arguments.add(call.argument(i));
    }
    return arguments;
  }

  /** What happened at the bottom: Jedis says "Failed to connect", the socket why. */
  private static String reason(JedisException e) {
    Throwable bottom = e;
    while (bottom.getCause() != null || bottom.getSuppressed().length > 0) {
      // with a host of several addresses, Jedis keeps what went wrong at each as suppressed
      bottom = bottom.getCause() != null ? bottom.getCause() : bottom.getSuppressed()[0];
    }
    return bottom == e
        ? e.getMessage()
        : bottom.getClass().getSimpleName() + ": " + bottom.getMessage();
  }
}
