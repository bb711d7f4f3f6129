package dev.tributary.stack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;

/**
 * A Postgres server, ready for logical replication: {@code wal_level=logical}, 20 WAL senders and
 * slots, {@code synchronous_commit} on, UTF-8, time zone UTC, password authentication. It comes
 * from {@code TRIBUTARY_POSTGRES_URL} (a JDBC URL with user and password), else from Docker unless
 * {@code TRIBUTARY_POSTGRES_HOME} names an installation to run, else it is a process of its own on
 * fresh data, which are deleted on {@link #close}.
 */
public final class PostgresServer extends StackServer {
  private static final String NAME = "Postgres";
  private static final String IMAGE = "postgres:18";
  private static final int PORT_IN_CONTAINER = 5432;
  private static final String DATABASE = "postgres";
  private static final String USER = "postgres";
  private static final String PASSWORD = "tributary";

  /** The first version that has them. */
  private static final int FAILOVER_SLOTS = 17;

  private final PostgresAddress address;

  private PostgresServer(PostgresAddress address, Backing backing) {
    super(backing);
    this.address = address;
  }

  /**
   * Starts a server and returns when it answers.
   *
   * @throws StackException when it does not start
   */
  public static PostgresServer start() {
    return start(Map.of());
  }

  /**
   * Starts a server with further settings of {@code postgresql.conf}, which win over those of the
   * stack; a server given by address keeps its own.
   */
  public static PostgresServer start(Map<String, String> settings) {
    return start(settings, Environment.ofThisProcess());
  }

  /**
   * Starts a server that is a process of its own in any case, so that it can have a {@link
   * #standby}; with files beside its data that only it can read.
   *
   * @param settings in which {@code ${directory}} stands for the folder of the files
   * @param files contents by name
   */
  public static PostgresServer embedded(Map<String, String> settings, Map<String, String> files) {
    return embedded(withDefaults(settings), files, Environment.ofThisProcess());
  }

  static PostgresServer start(Map<String, String> settings, Environment environment) {
    if (environment.get(Environment.POSTGRES).isPresent()) {
      return given(environment.get(Environment.POSTGRES).get());
    }
    Map<String, String> all = withDefaults(settings);
    return environment.get(Environment.POSTGRES_HOME).isEmpty() && Docker.answers(environment)
        ? inDocker(all)
        : embedded(all, Map.of(), environment);
  }

  private static PostgresServer given(String url) {
    PostgresAddress address = PostgresAddress.parse(url);
    GivenAddress given = new GivenAddress(NAME, Environment.POSTGRES);
    given.check(() -> answers(address));
    return new PostgresServer(address, given);
  }

  private static PostgresServer inDocker(Map<String, String> settings) {
    int port = Ports.free();
    PostgresAddress address = PostgresAddress.of(Container.host(), port, DATABASE, USER, PASSWORD);
    List<String> command = new ArrayList<>(List.of("postgres"));
    command.addAll(PostgresProgram.arguments(settings));
    GenericContainer<?> container =
        new GenericContainer<>(IMAGE)
            .withEnv("POSTGRES_PASSWORD", PASSWORD)
            .withEnv("POSTGRES_INITDB_ARGS", String.join(" ", PostgresInstallation.LOCALE))
            .withCommand(command.toArray(String[]::new));
    Backing backing =
        new Container(NAME, container, port, PORT_IN_CONTAINER, log -> answers(address));
    return new PostgresServer(address, backing.started());
  }

  private static PostgresServer embedded(
      Map<String, String> settings, Map<String, String> files, Environment environment) {
    PostgresAddress address =
        PostgresAddress.of("127.0.0.1", Ports.free(), DATABASE, USER, PASSWORD);
    Backing backing =
        OwnProcess.started(
            NAME,
            directory -> PostgresProgram.prepare(directory, address, settings, files, environment),
            log -> answers(address));
    return new PostgresServer(address, backing);
  }

  /**
   * Starts a hot standby that follows this server by a physical slot, and from PostgreSQL 17 on
   * keeps copies of the slots that are created for failover.
   *
   * @param slot the physical slot's name, created here
   * @param settings of the standby, which win over those of the stack
   * @throws StackException where this server is no {@linkplain #embedded process of its own}
   */
  public PostgresServer standby(String slot, Map<String, String> settings) {
    if (!(backing() instanceof OwnProcess primary)) {
      throw new StackException("only an embedded Postgres can have a standby");
    }
    PostgresAddress own = PostgresAddress.of("127.0.0.1", Ports.free(), DATABASE, USER, PASSWORD);
    Map<String, String> all = withDefaults(Map.of());
    all.put(
        "primary_conninfo",
        "host=%s port=%d user=%s password=%s dbname=%s"
            .formatted(host(), port(), USER, PASSWORD, DATABASE));
    all.put("primary_slot_name", slot);
    all.put("hot_standby_feedback", "on");
    Environment environment = Environment.ofThisProcess();
    try (Connection connection = DriverManager.getConnection(jdbcUrl())) {
      if (connection.getMetaData().getDatabaseMajorVersion() >= FAILOVER_SLOTS) {
        all.put("sync_replication_slots", "on");
      }
      all.putAll(settings);
      try (PreparedStatement create =
          connection.prepareStatement("select pg_create_physical_replication_slot(?, true)")) {
        create.setString(1, slot);
        create.execute();
      }
      Backing standby =
          OwnProcess.started(
              NAME,
              directory ->
                  PostgresProgram.prepareStandby(
                      directory, primary.folder(), connection, own, all, environment),
              log -> answers(own));
      return new PostgresServer(own, standby);
    } catch (SQLException e) {
      throw new StackException("no standby of " + address.host() + ": " + e.getMessage(), e);
    }
  }

  /** Makes a primary of a standby, and returns when it takes changes. */
  public void promote() {
    try (Connection connection = DriverManager.getConnection(jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute("select pg_promote(true, 60)");
    } catch (SQLException e) {
      throw new StackException("the standby was not promoted: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> withDefaults(Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("wal_level", "logical");
    all.put("max_wal_senders", "20");
    all.put("max_replication_slots", "20");
    all.put("synchronous_commit", "on");
    all.put("timezone", "UTC");
    all.put("log_timezone", "UTC");
    all.putAll(settings);
    return all;
  }

  private static boolean answers(PostgresAddress address) throws Exception {
    try (Connection connection = DriverManager.getConnection(address.jdbcUrl())) {
      return connection.isValid(5);
    }
  }

  /** The host to connect to. */
  public String host() {
    return address.host();
  }

  /** The port, the same after a restart. */
  public int port() {
    return address.port();
  }

  /** The database's name. */
  public String database() {
    return address.database();
  }

  /** A superuser, where the server is ours. */
  public String user() {
    return address.user();
  }

  /** The user's password. */
  public String password() {
    return address.password();
  }

  /** A JDBC URL with user and password. */
  public String jdbcUrl() {
    return address.jdbcUrl();
  }
}
