package dev.tributary.redis.link;

import dev.tributary.redis.config.ConnectionSettings;
import dev.tributary.redis.config.RedisAddress;
import dev.tributary.redis.config.RedisAddress.Host;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Connects to servers that are all got into in one way. */
final class Nodes {
  private final JedisClientConfig config;
  private final Optional<SSLContext> tls;
  private final boolean verifyHost;
  private final boolean keepAlive;

  private Nodes(ConnectionSettings settings, RedisAddress address, int database) {
    DefaultJedisClientConfig.Builder builder =
        DefaultJedisClientConfig.builder()
            .connectionTimeoutMillis(millis(settings.connectTimeout()))
            .socketTimeoutMillis(millis(settings.timeout()))
            .database(database)
            .clientName(settings.clientName().isEmpty() ? null : settings.clientName());
    address.username().ifPresent(builder::user);
    address.password().ifPresent(builder::password);
    config = builder.build();
    tls = address.tls() ? Optional.of(TlsContext.of(settings.tls())) : Optional.empty();
    verifyHost = settings.tls().verify() && settings.tls().verifyHost();
    keepAlive = settings.keepAlive();
  }

  /** Servers with data. */
  static Nodes servers(ConnectionSettings settings) {
    return new Nodes(settings, settings.address(), settings.address().database());
  }

  /** Sentinels, which have no databases. */
  static Nodes sentinels(ConnectionSettings settings) {
    return new Nodes(settings, settings.sentinelAddress(), 0);
  }

  /**
   * Connects and logs in.
   *
   * @throws LinkException if the server cannot be reached
   * @throws RedisRefusedException if it answers with an error
   */
  NodeConnection open(Host host) {
    Socket[] made = new Socket[1];
    try {
      Connection connection =
          new Connection(
              () -> {
                made[0] = connect(host);
                return made[0];
              },
              config);
      return new NodeConnection(host, connection, made[0].getOutputStream());
    } catch (JedisDataException e) {
      throw new RedisRefusedException(new RedisError(e.getMessage()));
    } catch (JedisException e) {
      throw NodeConnection.broken(e);
    } catch (IOException e) {
      throw NodeConnection.broken(e);
    }
  }

  private Socket connect(Host host) {
    Socket socket =
        new DefaultJedisSocketFactory(new HostAndPort(host.name(), host.port()), config)
            .createSocket();
    boolean usable = false;
    try {
      socket.setKeepAlive(keepAlive);
      Socket result = tls.isPresent() ? secured(socket, host) : socket;
      usable = true;
      return result;
    } catch (IOException e) {
      throw new JedisConnectionException(e);
    } finally {
      if (!usable) {
        close(socket);
      }
    }
  }

  private Socket secured(Socket socket, Host host) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            tls.orElseThrow()
                .getSocketFactory()
                .createSocket(socket, host.name(), host.port(), true);
    if (verifyHost) {
      SSLParameters parameters = secured.getSSLParameters();
      // RFC 2818: the certificate is of the host that was asked for
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secured.setSSLParameters(parameters);
    }
    secured.startHandshake();
    return secured;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // nothing has been sent yet
    }
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }
}
