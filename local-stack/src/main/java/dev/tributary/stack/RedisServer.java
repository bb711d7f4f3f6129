package dev.tributary.stack;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;

/**
 * A Redis server that has every acknowledged write on disk ({@code appendonly yes}, {@code
 * appendfsync always}). It comes from {@code TRIBUTARY_REDIS_URL} ({@code
 * redis://[:PASSWORD@]HOST:PORT}), else from Docker unless {@code TRIBUTARY_REDIS_PROGRAM} names a
 * program to run, else it is a process of its own on fresh data, which are deleted on {@link
 * #close}.
 */
public final class RedisServer extends StackServer {
  private static final String NAME = "Redis";
  private static final String IMAGE = "redis:7.4";
  private static final int PORT_IN_CONTAINER = 6379;
  private static final List<String> DURABLE =
      List.of("appendonly yes", "appendfsync always", "save \"\"");

  private final RedisAddress address;

  private RedisServer(RedisAddress address, Backing backing) {
    super(backing);
    this.address = address;
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
    if (environment.get(Environment.REDIS).isPresent()) {
      return given(environment.get(Environment.REDIS).get());
    }
    List<String> configuration = new ArrayList<>(DURABLE);
    configuration.addAll(extraConfig);
    return environment.get(Environment.REDIS_PROGRAM).isEmpty() && Docker.answers(environment)
        ? inDocker(configuration)
        : embedded(configuration, environment);
  }

  private static RedisServer given(String url) {
    RedisAddress address = RedisAddress.parse(url);
    GivenAddress given = new GivenAddress(NAME, Environment.REDIS);
    given.check(address::answers);
    return new RedisServer(address, given);
  }

  private static RedisServer inDocker(List<String> configuration) {
    int port = Ports.free();
    RedisAddress address = address(Container.host(), port, configuration);
    GenericContainer<?> container =
        new GenericContainer<>(IMAGE)
            .withCommand(
                Stream.concat(Stream.of("redis-server"), RedisProgram.arguments(configuration))
                    .toArray(String[]::new));
    Backing backing =
        new Container(NAME, container, port, PORT_IN_CONTAINER, log -> address.answers());
    return new RedisServer(address, backing.started());
  }

  private static RedisServer embedded(List<String> configuration, Environment environment) {
    int port = Ports.free();
    RedisAddress address = address("127.0.0.1", port, configuration);
    Backing backing =
        OwnProcess.started(
            NAME,
            directory -> {
              List<String> all = new ArrayList<>();
              all.add("bind 127.0.0.1");
              all.add("port " + port);
              all.add("dir \"" + directory.path() + "\"");
              all.addAll(configuration);
              return RedisProgram.prepare(directory, all, environment);
            },
            log -> address.answers());
    return new RedisServer(address, backing);
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
}
