package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.stack.Await;
import dev.tributary.stack.ConnectWorker;
import dev.tributary.stack.KafkaBroker;
import dev.tributary.stack.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the source delivers through a real worker, which is killed again and again: every row, in
 * order, once, and each transaction of Postgres as a whole.
 */
class SourceDeliveryIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Rows of the large transaction; a million take a minute more. */
  private static final int LARGE = Integer.getInteger("tributary.large.transaction", 200_000);

  private static final int KILLS = 3;

  private static PostgresServer postgres;
  private static KafkaBroker kafka;
  private static ConnectWorker worker;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /** A row's event, and where it lies in the topic's only partition. */
  private record Event(long offset, int transaction, int id) {}

  @BeforeAll
  static void start() {
    postgres = PostgresServer.start(Map.of("wal_sender_timeout", "5s"));
    kafka =
        KafkaBroker.start(
            Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"));
    worker = worker("enabled");
  }

  private static ConnectWorker worker(String exactlyOnce) {
    return ConnectWorker.builder(kafka)
        .groupId("delivery-" + exactlyOnce)
        .setting("exactly.once.source.support", exactlyOnce)
        .start();
  }

  @AfterAll
  static void stop() {
    worker.close();
    kafka.close();
    postgres.close();
  }

  private static Map<String, String> config(String name, String... more) {
    Map<String, String> config = new HashMap<>();
    config.put("connector.class", "dev.tributary.postgres.PgLogicalSourceConnector");
    config.put("database.hostname", postgres.host());
    config.put("database.port", Integer.toString(postgres.port()));
    config.put("database.user", postgres.user());
    config.put("database.password", postgres.password());
    config.put("database.dbname", postgres.database());
    config.put("topic.prefix", name);
    config.put("slot.name", name);
    config.put("publication.name", name);
    config.put("table.include.list", "public." + name);
    config.put("snapshot.mode", "no_data");
    config.put("slot.max.retries", "1000");
    config.put("slot.retry.delay.ms", "100");
    config.put("topic.creation.default.partitions", "1");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.schemas.enable", "false");
    for (int i = 0; i < more.length; i += 2) {
      config.put(more[i], more[i + 1]);
    }
    return config;
  }

  /** Creates the table and the connector, and waits until changes are streamed. */
  private static void begin(String name, String... more) throws Exception {
    execute("create table " + name + "(tx int, id int, primary key (tx, id))");
    worker.rest().createOrUpdate(name, config(name, more));
    Await.until(
        "changes to be streamed",
        PATIENCE,
        () ->
            single(
                    "select count(*) from pg_stat_replication r join pg_replication_slots s"
                        + " on s.active_pid = r.pid where s.slot_name = '"
                        + name
                        + "' and r.state = 'streaming'")
                == 1);
  }

  @Test
  void aReadCommittedConsumerSeesALargeTransactionAsAWhole() throws Exception {
    begin(
        "large",
        "exactly.once.support",
        "required",
        "transaction.boundary",
        "connector",
        "producer.override.transaction.timeout.ms",
        "600000");
    ExecutorService small = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> written = small.submit(writer("large", 1, 2, 1_000, 20));
      execute(
          "insert into large select 0, i from generate_series(1, " + LARGE + ") i"); // one commit
      written.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } finally {
      small.shutdownNow();
    }
    List<Event> events = events("large");
    List<Long> markers = assertOnceAndWhole("large", events);
    int transactions = (int) single("select count(distinct tx) from large");
    assertThat(markers.size()).as("Kafka transactions").isLessThan(transactions / 2);
    worker.rest().delete("large");
  }

  @Test
  void aTransactionThatTakesLongerThanTheBrokerLetsItIsSeenOnceTheTimeIsRaised() throws Exception {
    String timeout = "producer.override.transaction.timeout.ms";
    String[] whole = {
      "exactly.once.support", "required", "transaction.boundary", "connector", timeout, "1500"
    };
    begin("slow", whole);
    execute("insert into slow select 1, i from generate_series(1, " + LARGE + ") i");
    assertThat(worker.rest().awaitFailed("slow", PATIENCE))
        .contains("longer than 1500 ms", "Set " + timeout);
    whole[5] = "600000";
    worker.rest().createOrUpdate("slow", config("slow", whole));
    assertOnceAndWhole("slow", events("slow"));
    worker.rest().delete("slow");
  }

  @Test
  void aBrokerThatIsAwayForLongCostsNothing() throws Exception {
    begin(
        "away",
        "exactly.once.support",
        "required",
        "transaction.boundary",
        "connector",
        "max.batch.size",
        "300",
        "max.queue.size",
        "600");
    ExecutorService writers = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> written = writers.submit(writer("away", 0, 1, 400, 400));
      kafka.kill();
      written.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      long since = System.nanoTime();
      Await.until(
          "several times wal_sender_timeout to pass",
          PATIENCE,
          () -> System.nanoTime() - since > Duration.ofSeconds(15).toNanos());
      kafka.restart();
    } finally {
      writers.shutdownNow();
    }
    assertOnceAndWhole("away", events("away"));
    worker.rest().awaitRunning("away", 1, PATIENCE);
    worker.rest().delete("away");
  }

  @Test
  void nothingIsLostDoubledOrCutWhereTheWorkerIsKilledAtAnyMoment() throws Exception {
    begin(
        "killed",
        "exactly.once.support",
        "required",
        "transaction.boundary",
        "connector",
        "max.batch.size",
        "300");
    underKills("killed");
    assertOnceAndWhole("killed", events("killed"));
    worker.rest().delete("killed");
  }

  @Test
  void withoutExactlyOnceAKillCostsAContiguousRepeatAtMost() throws Exception {
    worker.close();
    worker = worker("disabled");
    try {
      begin("repeated", "max.batch.size", "300");
      underKills("repeated");
      List<Event> events = events("repeated");
      Map<String, Integer> order = new LinkedHashMap<>();
      int last = -1;
      for (Event event : events) {
        String row = event.transaction() + "/" + event.id();
        int place = order.computeIfAbsent(row, unseen -> order.size());
        assertThat(place)
            .as("the next row or an earlier one: %s at %s, seed %s", row, event.offset(), seed)
            .isLessThanOrEqualTo(last + 1);
        last = place;
      }
      assertThat((long) order.size()).isEqualTo(single("select count(*) from repeated"));
    } finally {
      worker.rest().delete("repeated");
      worker.close();
      worker = worker("enabled");
    }
  }

  /** Loads a table from two writers, and kills the worker at random moments meanwhile. */
  private void underKills(String table) throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> written = new ArrayList<>();
      written.add(writers.submit(writer(table, 0, 2, 120, 1500)));
      written.add(writers.submit(writer(table, 1, 2, 600, 30)));
      for (int i = 0; i < KILLS; i++) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(1_500)); // the moment is what is random
        worker.kill();
        worker.restart();
        worker.rest().awaitRunning(table, 1, PATIENCE);
      }
      for (Future<Integer> each : written) {
        each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      writers.shutdownNow();
    }
  }

  /**
   * Writes transactions: rows of one statement or of several, subtransactions that are rolled back,
   * whole transactions that are, logical messages, and empty ones.
   */
  private Callable<Integer> writer(String table, int first, int step, int count, int maxRows) {
    Random chance = new Random(seed + first);
    return () -> {
      try (Connection connection =
              DriverManager.getConnection(
                  postgres.jdbcUrl(), postgres.user(), postgres.password());
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        for (int i = 0; i < count; i++) {
          int tx = 1 + first + step * i;
          int rows = 1 + chance.nextInt(maxRows);
          insert(statement, table, tx, 0, rows / 2);
          if (chance.nextInt(5) == 0) {
            Savepoint savepoint = connection.setSavepoint();
            insert(statement, table, tx, rows, rows);
            statement.execute("select pg_logical_emit_message(true, 'p', 'gone')");
            connection.rollback(savepoint);
          }
          if (chance.nextInt(5) == 0) {
            statement.execute("select pg_logical_emit_message(true, 'p', 'c')");
          }
          insert(statement, table, tx, rows / 2, rows - rows / 2);
          if (chance.nextInt(20) == 0) {
            connection.rollback();
          } else {
            connection.commit();
          }
        }
        return count;
      }
    };
  }

  private static void insert(Statement statement, String table, int tx, int from, int rows)
      throws SQLException {
    statement.execute(
        "insert into %s select %d, i from generate_series(%d, %d) i"
            .formatted(table, tx, from, from + rows - 1));
  }

  /**
   * Every row once, each transaction in one piece without the end of a Kafka transaction in it.
   *
   * @return where Kafka transactions ended
   */
  private List<Long> assertOnceAndWhole(String table, List<Event> events) throws Exception {
    List<Long> markers = new ArrayList<>();
    Map<Integer, Integer> seen = new HashMap<>();
    Event before = null;
    for (Event event : events) {
      boolean same = before != null && before.transaction() == event.transaction();
      if (before != null && event.offset() > before.offset() + 1) {
        markers.add(before.offset() + 1);
        assertThat(same).as("transaction %s is cut, seed %s", event.transaction(), seed).isFalse();
      }
      if (!same) {
        assertThat(seen).as("seed %s", seed).doesNotContainKey(event.transaction());
      } else {
        assertThat(event.id()).isGreaterThan(before.id());
      }
      seen.merge(event.transaction(), 1, Integer::sum);
      before = event;
    }
    assertThat(seen).as("seed %s", seed).isEqualTo(rowsByTransaction(table));
    return markers;
  }

  private static Map<Integer, Integer> rowsByTransaction(String table) throws SQLException {
    Map<Integer, Integer> rows = new HashMap<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet counts =
            statement.executeQuery("select tx, count(*) from " + table + " group by tx")) {
      while (counts.next()) {
        rows.put(counts.getInt(1), counts.getInt(2));
      }
    }
    return rows;
  }

  /** What the topic holds, once it holds a last row that is written now. */
  private static List<Event> events(String table) throws Exception {
    execute("insert into " + table + " values (" + Integer.MAX_VALUE + ", 0)");
    List<Event> events = new ArrayList<>();
    TopicPartition partition = new TopicPartition(table + ".public." + table, 0);
    ObjectMapper json = new ObjectMapper();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5000),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Await.until(
          "the last row",
          PATIENCE,
          () -> {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
              JsonNode row = json.readTree(record.value()).get("after");
              events.add(new Event(record.offset(), row.get("tx").asInt(), row.get("id").asInt()));
            }
            return !events.isEmpty()
                && events.get(events.size() - 1).transaction() == Integer.MAX_VALUE;
          });
    }
    return events;
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long single(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
