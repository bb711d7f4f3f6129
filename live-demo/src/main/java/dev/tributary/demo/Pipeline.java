package dev.tributary.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.demo.check.Check;
import dev.tributary.demo.check.ClickHouseQuery;
import dev.tributary.demo.check.Comparison;
import dev.tributary.demo.load.ShopSchema;
import dev.tributary.stack.Await;
import dev.tributary.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/**
 * The main job on a local stack: the shop's tables, and the connectors of {@code config-examples/}
 * as they stand. The configs take addresses and passwords from the worker's environment, through
 * Kafka's {@code EnvVarConfigProvider}.
 */
public final class Pipeline implements AutoCloseable {
  /** The files in {@code config-examples/} that hold the sinks, and the sinks' names. */
  private static final Map<String, String> SINKS =
      Map.of(
          "redis-user-features", "shop-user-features",
          "clickhouse-anomalies", "shop-anomalies",
          "clickhouse-orders", "shop-orders",
          "clickhouse-user-events", "shop-user-events");

  private static final Set<String> TOPICS = Set.of("shop.public.user_events", "shop.public.orders");

  private static final Duration START = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path root;
  private final UnaryOperator<Map<String, String>> adaption;
  private final LocalStack stack;
  private final RedisClient redis;
  private final ClickHouseQuery clickHouse;
  private final ShopTraces traces;
  private volatile boolean created;

  private Pipeline(Path root, UnaryOperator<Map<String, String>> adaption, LocalStack stack) {
    this.root = root;
    this.adaption = adaption;
    this.stack = stack;
    this.redis = RedisClient.create(stack.redis().uri());
    this.clickHouse =
        new ClickHouseQuery(
            stack.clickHouse().httpUrl(),
            stack.clickHouse().database(),
            stack.clickHouse().user(),
            stack.clickHouse().password());
    this.traces = new ShopTraces(stack, clickHouse, redis);
  }

  /**
   * Starts the stack with the plugins that were built.
   *
   * @param root the folder with {@code target/plugins} and {@code config-examples}
   * @param progress is told each step
   */
  public static Pipeline start(Path root, Consumer<String> progress) {
    return start(root, progress, Map.of(), config -> config);
  }

  /**
   * As above, with the worker and the examples' configs adapted to other plugins beside ours.
   *
   * @param workerSettings win over those of the stack
   * @param adaption gets each example's config and returns the one that is registered
   */
  public static Pipeline start(
      Path root,
      Consumer<String> progress,
      Map<String, String> workerSettings,
      UnaryOperator<Map<String, String>> adaption) {
    LocalStack.Builder builder =
        LocalStack.builder()
            .pluginPath(root.resolve("target/plugins"))
            .progress(progress)
            // a record that the source sends again after a crash must not be counted again
            .connectSetting("exactly.once.source.support", "enabled")
            // the source makes its topics, with the partitions that its config asks for
            .kafkaSetting("auto.create.topics.enable", "false");
    workerSettings.forEach(builder::connectSetting);
    return new Pipeline(root, adaption, builder.start());
  }

  public LocalStack stack() {
    return stack;
  }

  public UnifiedJedis redis() {
    return redis;
  }

  public ClickHouseQuery clickHouse() {
    return clickHouse;
  }

  /**
   * Makes the shop's tables, with some rows in them.
   *
   * @throws StackException if a server that was given by address already holds something that the
   *     shop would replace
   */
  public void createShop(int users) throws SQLException, IOException, InterruptedException {
    traces.refuseForeign();
    created = true;
    try (Connection connection = DriverManager.getConnection(stack.postgres().jdbcUrl())) {
      ShopSchema.create(connection);
      ShopSchema.seed(connection, 5_000, 500, users);
    }
  }

  /** Registers the source and the sinks over REST and waits until all their tasks run. */
  public void registerConnectors() throws IOException {
    register("postgres-source");
    stack.connect().rest().awaitRunning("shop-postgres", 1, START);
    Await.until(
        "the topics of the source",
        START,
        () -> stack.connect().rest().topics("shop-postgres"),
        topics -> topics.containsAll(TOPICS));
    for (String file : SINKS.keySet()) {
      register(file);
    }
    for (String name : SINKS.values()) {
      stack.connect().rest().awaitRunning(name, 2, START);
    }
  }

  private void register(String file) throws IOException {
    stack.connect().rest().createOrUpdate(read(file).get("name").asText(), example(file));
  }

  /** The config in a file of {@code config-examples/}, named without its ending. */
  public Map<String, String> example(String file) throws IOException {
    Map<String, String> config = new HashMap<>();
    read(file)
        .get("config")
        .properties()
        .forEach(e -> config.put(e.getKey(), e.getValue().asText()));
    return adaption.apply(config);
  }

  private JsonNode read(String file) throws IOException {
    return JSON.readTree(root.resolve("config-examples").resolve(file + ".json").toFile());
  }

  /**
   * Waits until the sinks hold what Postgres holds, and gives the comparison that says so; or the
   * last one, if that does not come to be.
   *
   * @param wildEvents the events that must have been flagged
   * @param patience how long to wait without anything getting better
   */
  public List<Check> drain(Set<Long> wildEvents, Duration patience)
      throws SQLException, IOException, InterruptedException {
    Comparison comparison =
        new Comparison(stack.postgres().jdbcUrl(), stack.redis().uri(), clickHouse);
    long fewest = Long.MAX_VALUE;
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      List<Check> checks = comparison.run(wildEvents);
      long differences = checks.stream().mapToLong(check -> check.differences().size()).sum();
      if (differences < fewest) {
        fewest = differences;
        deadline = System.nanoTime() + patience.toNanos();
      }
      if (differences == 0 || System.nanoTime() > deadline) {
        return checks;
      }
      Thread.sleep(500);
    }
  }

  @Override
  public void close() {
    try {
      if (created) {
        stack.connect().kill();
        traces.remove();
      }
    } finally {
      redis.close();
      stack.close();
    }
  }
}
