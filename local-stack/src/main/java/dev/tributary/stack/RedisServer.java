package dev.tributary.stack;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A Redis server that has every acknowledged write on disk ({@code appendonly yes}, {@code
 * appendfsync always}). It comes from {@code TRIBUTARY_REDIS_URL} ({@code
 * redis://[:PASSWORD@]HOST:PORT}), else from Docker, else it is a process of its own on fresh data,
 * which are deleted on {@link #close}.
 */
public final class RedisServer implements AutoCloseable {
  private static final String NAME = "Redis";

  private final RedisAddress address;
  private final Backing backing;

  private RedisServer(RedisAddress address, Backing backing) {
    this.address = address;
    this.backing = backing;
  }

  /**
   * Starts a server and returns when it answers.
   *
   * @throws StackException when it does not start
   */
  public static RedisServer start() {
    return start(List.of());
  }

  /**
   * Starts a server with further lines of {@code redis.conf}, such as {@code requirepass secret} or
   * {@code maxmemory 10mb}; a server given by address keeps its own.
   */
  public static RedisServer start(List<String> extraConfig) {
    return start(extraConfig, Environment.ofThisProcess());
  }

  static RedisServer start(List<String> extraConfig, Environment environment) {
    return environment
        .get(Environment.REDIS)
        .map(RedisServer::given)
        .orElseGet(() -> embedded(extraConfig, environment));
  }

  private static RedisServer given(String url) {
    RedisAddress address = RedisAddress.parse(url);
    String why = "it sends something else";
    try {
      if (address.answers()) {
        return new RedisServer(address, new GivenAddress(NAME, Environment.REDIS));
      }
    } catch (IOException e) {
      why = e.getMessage();
    }
    throw new StackException(
        "the Redis given by " + Environment.REDIS + " does not answer: " + why);
  }

  private static RedisServer embedded(List<String> extraConfig, Environment environment) {
    int port = Ports.free();
    RedisAddress address = address("127.0.0.1", port, extraConfig);
    WorkDirectory directory = WorkDirectory.create("redis");
    try {
      List<String> configuration = new ArrayList<>();
      configuration.add("bind 127.0.0.1");
      configuration.add("port " + port);
      configuration.add("dir \"" + directory.path() + "\"");
      configuration.add("appendonly yes");
      configuration.add("appendfsync always");
      configuration.add("save \"\"");
      configuration.addAll(extraConfig);
      Program program = RedisProgram.prepare(directory, configuration, environment);
      Backing backing = new OwnProcess(program, directory, log -> address.answers());
      backing.start();
      return new RedisServer(address, backing);
    } catch (IOException e) {
      directory.close();
      throw new StackException("Redis could not be set up: " + e, e);
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** With the password that the configuration sets, if it sets one. */
  private static RedisAddress address(String host, int port, List<String> configuration) {
    String login =
        configuration.stream()
            .filter(line -> line.startsWith("requirepass "))
            .map(line -> line.substring("requirepass ".length()).strip())
            .map(password -> ":" + URLEncoder.encode(password, StandardCharsets.UTF_8) + "@")
            .findFirst()
            .orElse("");
    return new RedisAddress(URI.create("redis://" + login + host + ":" + port));
  }

  /** The host to connect to. */
  public String host() {
    return address.host();
  }

  /** The port, the same after a restart. */
  public int port() {
    return address.port();
  }

  /** {@code redis://[:PASSWORD@]HOST:PORT}. */
  public String uri() {
    return address.uri().toString();
  }

  /** Ends the server with SIGKILL. */
  public void kill() {
    backing.kill();
  }

  /** Stops the server in good order. */
  public void stop() {
    backing.stop();
  }

  /** Starts the server again on the same port and data, whether it was killed, stopped or runs. */
  public void restart() {
    backing.restart();
  }

  /** False where the server was given by address: it can be neither killed nor restarted. */
  public boolean restartable() {
    return backing.restartable();
  }

  @Override
  public void close() {
    backing.close();
  }
}
