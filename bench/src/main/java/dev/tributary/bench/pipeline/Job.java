package dev.tributary.bench.pipeline;

import com.clickhouse.client.api.Client;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.bench.harness.Run;
import dev.tributary.stack.Await;
import dev.tributary.stack.BuildRoot;
import dev.tributary.stack.ConnectRest;
import dev.tributary.stack.ConnectWorker;
import dev.tributary.stack.LocalStack;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * The connectors of {@code config-examples/} for user events: the source, features and anomalies
 * into Redis, rows into ClickHouse, in one worker. JSON goes without schemas, as in all benchmarks:
 * with them, nine tenths of what is written and parsed would be schemas.
 */
final class Job implements AutoCloseable {
  /** Inserts the row of a number; its id is the number, and there are 10,000 users. */
  static final String INSERT =
      """
      INSERT INTO user_events (id, user_id, event_type, ts, amount, engagement, data)
      SELECT n, n %% %d, 'purchase', now(), (n %% 1000) / 100.0, (n %% 77) / 77.0, '{"page": "/product/1"}'
      FROM (SELECT CAST(? AS bigint) + %d AS n) AS number""";

  static final int USERS = 10_000;
  static final String TOPIC = "shop.public.user_events";

  private static final String TABLE =
      """
      CREATE TABLE user_events (id bigint PRIMARY KEY, user_id bigint, event_type text, ts timestamptz,
        amount numeric(12,2), engagement float8, data jsonb)""";

  /** Without schemas, nothing tells the sink the columns' types. */
  private static final String ROWS =
      """
      CREATE TABLE user_events (id Int64, user_id Int64, event_type String, ts DateTime64(6),
        amount Float64, engagement Float64, data String,
        _topic LowCardinality(String), _partition Int32, _offset Int64)
      ENGINE = MergeTree ORDER BY (_topic, _partition, _offset)""";

  /** What docs/low-latency.md recommends to set on the source. */
  private static final Map<String, String> LOW_LATENCY =
      Map.of(
          "producer.override.linger.ms", "0",
          "producer.override.batch.size", "524288",
          "extended.headers.enabled", "false");

  /** What Kafka's own start scripts set. */
  static final List<String> WORKER_JVM =
      List.of("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35");

  private static final String RESTORE_FROM = ".restore.bootstrap.servers";
  private static final Duration START = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalStack stack;
  private final int tasks;
  private final boolean exactlyOnce;
  private int nextRow;

  /**
   * Starts the servers. Each writes as fast as it can, without waiting for disks but Postgres'.
   *
   * @param exactlyOnce whether the source writes in Kafka transactions
   */
  Job(Run run, int tasks, boolean exactlyOnce) throws SQLException {
    run.say("starting the stack");
    this.exactlyOnce = exactlyOnce;
    this.tasks = tasks;
    stack =
        LocalStack.builder()
            .redisConfig("appendonly no")
            .connectSetting("exactly.once.source.support", exactlyOnce ? "enabled" : "disabled")
            .kafkaSetting("auto.create.topics.enable", "false")
            .connect(Job::jvm)
            .start();
    try (Connection connection = DriverManager.getConnection(stack.postgres().jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
  }

  private static ConnectWorker.Builder jvm(ConnectWorker.Builder worker) {
    WORKER_JVM.forEach(worker::jvmOption);
    return worker.heap("1g");
  }

  /** What the source is set to beyond its example. */
  static String settings() {
    return new TreeMap<>(LOW_LATENCY).toString();
  }

  LocalStack stack() {
    return stack;
  }

  /** Registers the connectors and waits for their tasks. */
  void register() throws Exception {
    try (Client clickHouse = clickHouse()) {
      clickHouse.execute(ROWS).get().close();
    }
    Map<String, String> source = example("postgres-source");
    source.put("table.include.list", "public.user_events");
    source.put("decimal.handling.mode", "double");
    if (!exactlyOnce) {
      source.remove("exactly.once.support");
    }
    source.putAll(LOW_LATENCY);
    source.put("topic.creation.default.partitions", Integer.toString(Math.max(1, tasks)));
    rest().createOrUpdate("source", source);
    rest().awaitRunning("source", 1, START);
    insert(nextRow++, 1); // the topic exists with its first record
    Await.until("the source's topic", START, () -> rest().topics("source"), t -> t.contains(TOPIC));
    for (String sink : new String[] {"redis-user-features", "clickhouse-user-events"}) {
      rest().createOrUpdate(sink, sized(example(sink)));
    }
    rest().awaitRunning("redis-user-features", tasks, START);
    rest().awaitRunning("clickhouse-user-events", tasks, START);
  }

  /** Commits rows at once, from the number on. */
  private void insert(long from, int count) {
    try (Connection connection = DriverManager.getConnection(stack.postgres().jdbcUrl());
        var insert = connection.prepareStatement(INSERT.formatted(USERS, from))) {
      for (int row = 0; row < count; row++) {
        insert.setLong(1, row);
        insert.addBatch();
      }
      insert.executeBatch();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Of the topic of events. */
  List<TopicPartition> partitions() {
    return IntStream.range(0, Math.max(1, tasks))
        .mapToObj(partition -> new TopicPartition(TOPIC, partition))
        .toList();
  }

  /** A client of ClickHouse, of its own. */
  Client clickHouse() {
    return new Client.Builder()
        .addEndpoint(stack.clickHouse().httpUrl())
        .setUsername(stack.clickHouse().user())
        .setPassword(stack.clickHouse().password())
        .setDefaultDatabase(stack.clickHouse().database())
        .build();
  }

  ConnectRest rest() {
    return stack.connect().rest();
  }

  /** With as many tasks as there are partitions. */
  Map<String, String> sized(Map<String, String> config) {
    config.put("tasks.max", Integer.toString(tasks));
    if (!exactlyOnce) {
      config.remove("consumer.override.isolation.level");
    }
    return config;
  }

  /** What a consumer has to be set to, to see what the sinks see. */
  String isolation() {
    return exactlyOnce ? "read_committed" : "read_uncommitted";
  }

  /** The config of an example. */
  static Map<String, String> example(String file) throws IOException {
    JsonNode config =
        JSON.readTree(BuildRoot.find().resolve("config-examples/" + file + ".json").toFile())
            .get("config");
    Map<String, String> map = new HashMap<>();
    config.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    for (String converter : List.of("key.converter", "value.converter")) {
      map.put(converter + ".schemas.enable", "false");
    }
    for (String key : List.copyOf(map.keySet())) {
      if (key.endsWith(RESTORE_FROM)) {
        String transform = key.substring(0, key.length() - RESTORE_FROM.length());
        map.put(transform + ".restore.value.converter.schemas.enable", "false");
      }
    }
    return map;
  }

  @Override
  public void close() {
    stack.close();
  }
}
