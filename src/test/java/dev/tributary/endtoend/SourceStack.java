package dev.tributary.endtoend;

import dev.tributary.stack.Await;
import dev.tributary.stack.ConnectWorker;
import dev.tributary.stack.KafkaBroker;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Postgres, a broker and a worker for tests of the source. The source logs in as the role of
 * docs/postgres-setup.md: it may replicate, and read the tables, and nothing else.
 */
final class SourceStack implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String ROLE = "tributary";

  private final PostgresServer postgres;
  private final KafkaBroker kafka;
  private ConnectWorker worker;
  private boolean workerIsExact;

  private SourceStack(PostgresServer postgres, KafkaBroker kafka) {
    this.postgres = postgres;
    this.kafka = kafka;
  }

  /**
   * Starts all three, with exactly-once.
   *
   * @param settings of Postgres
   */
  static SourceStack start(Map<String, String> settings) throws Exception {
    SourceStack stack = new SourceStack(PostgresServer.start(settings), KafkaBroker.start());
    stack.useFirstTransactions();
    stack.execute(
        ("create role %1$s login replication password '%1$s';"
                + " alter default privileges grant select on tables to %1$s")
            .formatted(ROLE));
    stack.worker(true);
    return stack;
  }

  /**
   * In Kafka 4.3's second version of transactions, a commit was once refused with
   * InvalidTxnStateException where the transaction before had just been committed, and nothing had
   * failed: the producer is done for then, and the task with it. Kafka knows of such an answer
   * where a commit crosses an abort of the broker's own (KAFKA-20785), but here the state was
   * COMPLETE_COMMIT, in which the coordinator refuses a commit that is not a repetition: as if no
   * partition had been added to the transaction. Nothing that was tried since brought it back, and
   * the other tests are on the second version, {@link ExactSourceIT} with its kills among them.
   */
  private void useFirstTransactions() throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      FeatureUpdate first = new FeatureUpdate((short) 1, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
      admin
          .updateFeatures(Map.of("transaction.version", first), new UpdateFeaturesOptions())
          .all()
          .get();
    }
  }

  /** Sees to it that there is such a worker, of another group than one before it. */
  void worker(boolean exactlyOnce) {
    if (worker != null && workerIsExact == exactlyOnce) {
      return;
    }
    if (worker != null) {
      worker.close();
    }
    workerIsExact = exactlyOnce;
    worker =
        ConnectWorker.builder(kafka)
            .setting("exactly.once.source.support", exactlyOnce ? "enabled" : "disabled")
            .jvmOption("-XX:TieredStopAtLevel=1") // it is started again and again
            .start();
  }

  PostgresServer postgres() {
    return postgres;
  }

  KafkaBroker kafka() {
    return kafka;
  }

  ConnectWorker worker() {
    return worker;
  }

  /**
   * The config of a source whose topic prefix, slot and publication have its name.
   *
   * @param more further keys and values
   */
  Map<String, String> config(String name, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("connector.class", "dev.tributary.postgres.PgLogicalSourceConnector");
    config.put("database.hostname", postgres.host());
    config.put("database.port", Integer.toString(postgres.port()));
    config.put("database.user", ROLE);
    config.put("database.password", ROLE);
    config.put("database.dbname", postgres.database());
    config.put("topic.prefix", name);
    config.put("slot.name", name);
    config.put("publication.name", name);
    config.put("publication.autocreate.mode", "disabled");
    config.put("slot.max.retries", "1000");
    config.put("slot.retry.delay.ms", "100");
    // a worker that is killed in a transaction waits for its end before it starts again
    config.put("producer.override.transaction.timeout.ms", "10000");
    // the worker's producers have one request on its way at a time
    config.put("producer.override.batch.size", "262144");
    config.put("topic.creation.default.partitions", "1");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.schemas.enable", "false");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  /**
   * Publishes tables, creates a source, and waits until it streams.
   *
   * @param tables that the publication of its name has
   */
  void begin(String name, String tables, Map<String, String> config) throws Exception {
    execute("create publication " + name + " for table " + tables);
    worker.rest().createOrUpdate(name, config);
    awaitStreaming(name);
  }

  /** Waits until the server streams to the source of that name. */
  void awaitStreaming(String name) {
    Await.until(
        "changes to be streamed to " + name,
        PATIENCE,
        () ->
            single(
                    "select count(*) from pg_stat_replication r join pg_replication_slots s"
                        + " on s.active_pid = r.pid where s.slot_name = '"
                        + name
                        + "' and r.state = 'streaming'")
                == 1);
  }

  /** Of what is committed in the first partition of topics, from their beginning on. */
  KafkaConsumer<byte[], byte[]> consumer(List<String> topics) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        topics.stream().map(topic -> new TopicPartition(topic, 0)).toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  /** As the owner of the tables, who is not the source's role. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The number in the first column of the first row. */
  long single(String sql) throws SQLException {
    return Long.parseLong(text(sql));
  }

  /** The text of the first column of the first row. */
  String text(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Override
  public void close() {
    worker.close();
    kafka.close();
    postgres.close();
  }
}
