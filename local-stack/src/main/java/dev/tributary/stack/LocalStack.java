package dev.tributary.stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * All of it on one machine: Postgres, Redis, ClickHouse, a Kafka broker and a Connect worker with
 * the packaged plugins. The servers start at the same time, then the worker; when one fails, the
 * others are closed and the message names that part and says why.
 */
public final class LocalStack implements AutoCloseable {
  private final Servers servers;
  private final ConnectWorker connect;

  private LocalStack(Servers servers, ConnectWorker connect) {
    this.servers = servers;
    this.connect = connect;
  }

  /** A stack to be started. */
  public static Builder builder() {
    return new Builder();
  }

  /** The Postgres server. */
  public PostgresServer postgres() {
    return servers.postgres();
  }

  /** The Redis server. */
  public RedisServer redis() {
    return servers.redis();
  }

  /** The ClickHouse server. */
  public ClickHouseServer clickHouse() {
    return servers.clickHouse();
  }

  /** The Kafka broker. */
  public KafkaBroker kafka() {
    return servers.kafka();
  }

  /** The Connect worker. */
  public ConnectWorker connect() {
    return connect;
  }

  /** Ends all of it at once and deletes its data, where they are its own. */
  @Override
  public void close() {
    connect.close();
    servers.close();
  }

  /** What the worker needs before it starts. */
  private record Servers(
      PostgresServer postgres, RedisServer redis, ClickHouseServer clickHouse, KafkaBroker kafka)
      implements AutoCloseable {
    Map<String, String> addresses() {
      Map<String, String> addresses = new LinkedHashMap<>();
      addresses.put("POSTGRES_HOST", postgres.host());
      addresses.put("POSTGRES_PORT", Integer.toString(postgres.port()));
      addresses.put("POSTGRES_DB", postgres.database());
      addresses.put("POSTGRES_USER", postgres.user());
      addresses.put("POSTGRES_PASSWORD", postgres.password());
      addresses.put("REDIS_URI", redis.uri());
      addresses.put("CLICKHOUSE_HOST", clickHouse.host());
      addresses.put("CLICKHOUSE_PORT", Integer.toString(clickHouse.port()));
      addresses.put("CLICKHOUSE_DB", clickHouse.database());
      addresses.put("CLICKHOUSE_USER", clickHouse.user());
      addresses.put("CLICKHOUSE_PASSWORD", clickHouse.password());
      addresses.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
      return addresses;
    }

    @Override
    public void close() {
      kafka.close();
      postgres.close();
      redis.close();
      clickHouse.close();
    }
  }

  /** What the stack's parts are started with. */
  public static final class Builder {
    private final Map<String, String> postgres = new LinkedHashMap<>();
    private final List<String> redis = new ArrayList<>();
    private final Map<String, String> kafka = new LinkedHashMap<>();
    private UnaryOperator<ConnectWorker.Builder> connect = UnaryOperator.identity();
    private Consumer<String> progress = line -> {};
    private Environment environment = Environment.ofThisProcess();

    private Builder() {}

    /** A further setting of Postgres. */
    public Builder postgresSetting(String key, String value) {
      postgres.put(key, value);
      return this;
    }

    /** A further line of {@code redis.conf}. */
    public Builder redisConfig(String line) {
      redis.add(line);
      return this;
    }

    /** A further setting of the broker. */
    public Builder kafkaSetting(String key, String value) {
      kafka.put(key, value);
      return this;
    }

    /** A further setting of the worker. */
    public Builder connectSetting(String key, String value) {
      return connect(worker -> worker.setting(key, value));
    }

    /** The worker's folder of plugins; by default the one that {@code mvn package} fills. */
    public Builder pluginPath(Path path) {
      return connect(worker -> worker.pluginPath(path));
    }

    /** Anything else about the worker: its heap, its group, options of its JVM. */
    public Builder connect(UnaryOperator<ConnectWorker.Builder> change) {
      UnaryOperator<ConnectWorker.Builder> before = connect;
      connect = worker -> change.apply(before.apply(worker));
      return this;
    }

    /** Gets a line about every part that is ready and about downloads, from several threads. */
    public Builder progress(Consumer<String> listener) {
      progress = listener;
      return this;
    }

    Builder environment(Environment variables) {
      environment = variables;
      return this;
    }

    /**
     * Starts everything and returns when all of it is ready. The worker starts last, as it has the
     * others' addresses in its environment: {@code POSTGRES_HOST}, {@code _PORT}, {@code _DB},
     * {@code _USER}, {@code _PASSWORD}; {@code REDIS_URI}; {@code CLICKHOUSE_HOST}, {@code _PORT},
     * {@code _DB}, {@code _USER}, {@code _PASSWORD}; {@code KAFKA_BOOTSTRAP_SERVERS}. Connector
     * configs take them from there as <code>${env:POSTGRES_HOST}</code>.
     *
     * @throws StackException when a part does not start: which one, and why
     */
    public LocalStack start() {
      ParallelStart start = new ParallelStart(progress);
      CompletableFuture<KafkaBroker> broker =
          start.add("Kafka", () -> KafkaBroker.start(kafka, environment));
      CompletableFuture<PostgresServer> database =
          start.add("Postgres", () -> PostgresServer.start(postgres, environment));
      CompletableFuture<ClickHouseServer> columns =
          start.add("ClickHouse", () -> ClickHouseServer.start(progress, environment));
      CompletableFuture<RedisServer> hashes =
          start.add("Redis", () -> RedisServer.start(redis, environment));
      start.awaitAll();
      Servers servers = new Servers(database.join(), hashes.join(), columns.join(), broker.join());
      ParallelStart last = new ParallelStart(progress);
      CompletableFuture<ConnectWorker> worker =
          last.add("the Connect worker", () -> startWorker(servers));
      try {
        last.awaitAll();
      } catch (RuntimeException e) {
        servers.close();
        throw e;
      }
      return new LocalStack(servers, worker.join());
    }

    private ConnectWorker startWorker(Servers servers) {
      return connect
          .apply(ConnectWorker.builder(servers.kafka()).environment(servers.addresses()))
          .start();
    }
  }
}
