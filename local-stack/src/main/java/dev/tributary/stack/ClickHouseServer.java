package dev.tributary.stack;

import dev.tributary.clickhouse.embedded.EngineCommand;
import dev.tributary.clickhouse.embedded.LibChdb;
import java.util.function.Consumer;
import org.testcontainers.containers.GenericContainer;

/**
 * A ClickHouse server that answers HTTP. It comes from {@code TRIBUTARY_CLICKHOUSE_URL} ({@code
 * http://[USER:PASSWORD@]HOST:PORT[/DATABASE]}), else from Docker, else it is the embedded engine
 * in a process of its own on fresh data, which are deleted on {@link #close}. The engine's library
 * is downloaded through npm when it is needed for the first time.
 */
public final class ClickHouseServer extends StackServer {
  private static final String NAME = "ClickHouse";
  private static final String IMAGE = "clickhouse/clickhouse-server:26.5";
  private static final int PORT_IN_CONTAINER = 8123;

  private final ClickHouseAddress address;

  private ClickHouseServer(ClickHouseAddress address, Backing backing) {
    super(backing);
    this.address = address;
  }

  /**
   * Starts a server and returns when it answers; tells on standard error what it downloads.
   *
   * @throws StackException when it does not start
   */
  public static ClickHouseServer start() {
    return start(System.err::println, Environment.ofThisProcess());
  }

  static ClickHouseServer start(Consumer<String> progress, Environment environment) {
    if (environment.get(Environment.CLICKHOUSE).isPresent()) {
      return given(environment.get(Environment.CLICKHOUSE).get());
    }
    return Docker.answers(environment) ? inDocker() : embedded(progress);
  }

  private static ClickHouseServer given(String url) {
    ClickHouseAddress address = ClickHouseAddress.parse(url);
    GivenAddress given = new GivenAddress(NAME, Environment.CLICKHOUSE);
    given.check(address::answers);
    return new ClickHouseServer(address, given);
  }

  private static ClickHouseServer inDocker() {
    int port = Ports.free();
    String password = "tributary"; // without one the image takes nobody from outside
    ClickHouseAddress address = ClickHouseAddress.of(Container.host(), port, password);
    GenericContainer<?> container =
        new GenericContainer<>(IMAGE)
            .withEnv("CLICKHOUSE_USER", address.user())
            .withEnv("CLICKHOUSE_PASSWORD", address.password());
    Backing backing =
        new Container(NAME, container, port, PORT_IN_CONTAINER, log -> address.answers());
    return new ClickHouseServer(address, backing.started());
  }

  private static ClickHouseServer embedded(Consumer<String> progress) {
    int port = Ports.free();
    ClickHouseAddress address = ClickHouseAddress.of("127.0.0.1", port, "");
    Backing backing =
        OwnProcess.started(
            NAME,
            directory -> {
              EngineCommand engine =
                  EngineCommand.of(LibChdb.fetch(progress), directory.resolve("data"), port);
              return new Program(NAME, engine.command(), directory.path())
                  .withEnvironment(engine.environment());
            },
            log -> address.answers());
    return new ClickHouseServer(address, backing);
  }

  /** {@code http://HOST:PORT}. */
  public String httpUrl() {
    return address.httpUrl().toString();
  }

  /** The host to connect to. */
  public String host() {
    return address.httpUrl().getHost();
  }

  /** The HTTP port, the same after a restart. */
  public int port() {
    return address.httpUrl().getPort();
  }

  /** The database's name. */
  public String database() {
    return address.database();
  }

  /** The user's name. */
  public String user() {
    return address.user();
  }

  /** The user's password, empty where there is none. */
  public String password() {
    return address.password();
  }
}
