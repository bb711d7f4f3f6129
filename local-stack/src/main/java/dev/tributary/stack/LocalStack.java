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
 * the packaged plugins. The parts start at the same time; when one fails, the others are closed and
 * the message names that part and says why.
 */
public final class LocalStack implements AutoCloseable {
  private final PostgresServer postgres;
  private final RedisServer redis;
  private final ClickHouseServer clickHouse;
  private final KafkaWithConnect kafka;

  private LocalStack(
      PostgresServer postgres,
      RedisServer redis,
      ClickHouseServer clickHouse,
      KafkaWithConnect kafka) {
    this.postgres = postgres;
    this.redis = redis;
    this.clickHouse = clickHouse;
    this.kafka = kafka;
  }

  /** A stack to be started. */
  public static Builder builder() {
    return new Builder();
  }

  /** The Postgres server. */
  public PostgresServer postgres() {
    return postgres;
  }

  /** The Redis server. */
  public RedisServer redis() {
    return redis;
  }

  /** The ClickHouse server. */
  public ClickHouseServer clickHouse() {
    return clickHouse;
  }

  /** The Kafka broker. */
  public KafkaBroker kafka() {
    return kafka.broker();
  }

  /** The Connect worker. */
  public ConnectWorker connect() {
    return kafka.worker();
  }

  /** Ends all of it at once and deletes its data, where they are its own. */
  @Override
  public void close() {
    kafka.close();
    postgres.close();
    redis.close();
    clickHouse.close();
  }

  /** A worker needs its broker first: the two start, and end, as one part. */
  private record KafkaWithConnect(KafkaBroker broker, ConnectWorker worker)
      implements AutoCloseable {
    @Override
    public void close() {
      worker.close();
      broker.close();
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
     * Starts everything and returns when all of it is ready.
     *
     * @throws StackException when a part does not start: which one, and why
     */
    public LocalStack start() {
      ParallelStart start = new ParallelStart(progress);
      CompletableFuture<KafkaWithConnect> broker =
          start.add("Kafka with its Connect worker", this::startKafka);
      CompletableFuture<PostgresServer> database =
          start.add("Postgres", () -> PostgresServer.start(postgres, environment));
      CompletableFuture<ClickHouseServer> columns =
          start.add("ClickHouse", () -> ClickHouseServer.start(progress, environment));
      CompletableFuture<RedisServer> hashes =
          start.add("Redis", () -> RedisServer.start(redis, environment));
      start.awaitAll();
      return new LocalStack(database.join(), hashes.join(), columns.join(), broker.join());
    }

    private KafkaWithConnect startKafka() {
      KafkaBroker broker = KafkaBroker.start(kafka, environment);
      try {
        return new KafkaWithConnect(broker, connect.apply(ConnectWorker.builder(broker)).start());
      } catch (RuntimeException e) {
        broker.close();
        throw e;
      }
    }
  }
}
