package dev.tributary.bench.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.bench.harness.Run;
import dev.tributary.stack.Await;
import dev.tributary.stack.BuildRoot;
import dev.tributary.stack.ConnectRest;
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
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/**
 * The connectors of {@code config-examples/} for user events: the source, features and anomalies
 * into Redis, rows into ClickHouse, in one worker.
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

  private static final Duration START = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalStack stack;
  private final int tasks;
  private int nextRow;

  /** Starts the servers. Each writes as fast as it can, without waiting for disks but Postgres'. */
  Job(Run run, int tasks) throws SQLException {
    run.say("starting the stack");
    this.tasks = tasks;
    stack =
        LocalStack.builder()
            .redisConfig("appendonly no")
            .connectSetting("exactly.once.source.support", "enabled")
            .kafkaSetting("auto.create.topics.enable", "false")
            .connect(worker -> worker.heap("1g"))
            .start();
    try (Connection connection = DriverManager.getConnection(stack.postgres().jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
    }
  }

  LocalStack stack() {
    return stack;
  }

  /** Registers the connectors, exactly once as the examples have it, and waits for their tasks. */
  void register() throws IOException {
    Map<String, String> source = example("postgres-source");
    source.put("table.include.list", "public.user_events");
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

  ConnectRest rest() {
    return stack.connect().rest();
  }

  /** With as many tasks as there are partitions. */
  Map<String, String> sized(Map<String, String> config) {
    config.put("tasks.max", Integer.toString(tasks));
    return config;
  }

  /** The config of an example. */
  static Map<String, String> example(String file) throws IOException {
    JsonNode config =
        JSON.readTree(BuildRoot.find().resolve("config-examples/" + file + ".json").toFile())
            .get("config");
    Map<String, String> map = new HashMap<>();
    config.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }

  @Override
  public void close() {
    stack.close();
  }
}
