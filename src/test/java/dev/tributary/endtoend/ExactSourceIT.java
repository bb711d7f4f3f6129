package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.stack.Await;
import dev.tributary.stack.ConnectWorker;
import dev.tributary.stack.KafkaBroker;
import dev.tributary.stack.PostgresServer;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Features and scores in a source with exactly-once, whose worker is killed again and again: each
 * row stands in the topic once, with what the oracle computes from the rows in the order of their
 * commits.
 *
 * <p>{@code -Dtributary.exact.rows=} and {@code -Dtributary.exact.kills=} make a longer run, {@code
 * -Dtributary.exact.seed=} repeats the rows of one.
 */
class ExactSourceIT {
  private static final int ROWS = Integer.getInteger("tributary.exact.rows", 20_000);
  private static final int KILLS = Integer.getInteger("tributary.exact.kills", 3);
  private static final int USERS = 500;
  private static final int PARTITIONS = 3;
  private static final int MOST_PER_TRANSACTION = 100;
  private static final int MOST_SHOWN = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String NAME = "exact_rows";
  private static final String TOPIC = NAME + ".public." + NAME;

  private static PostgresServer postgres;
  private static KafkaBroker broker;
  private static ConnectWorker worker;

  private final long seed = Long.getLong("tributary.exact.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** What the row at each place must come to. */
  private final List<Map<String, Object>> expected = new ArrayList<>();

  private final FeatureOracle oracle = new FeatureOracle();

  @BeforeAll
  static void start() {
    postgres = PostgresServer.start();
    broker = KafkaBroker.start();
    worker =
        ConnectWorker.builder(broker).setting("exactly.once.source.support", "enabled").start();
  }

  @AfterAll
  static void stop() {
    worker.close();
    broker.close();
    postgres.close();
  }

  @Test
  void everyRowHasTheFeaturesThatTheOracleComputes() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table "
              + NAME
              + "(place int primary key, id bigint, user_id text, ts timestamptz, amount float8,"
              + " price numeric(10, 2), kind text, page text)");
    }
    worker.rest().createOrUpdate(NAME, config());
    worker.rest().awaitRunning(NAME, 1, PATIENCE);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> written = writer.submit(this::write);
      for (int i = 0; i < KILLS; i++) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(2_000)); // the moment is what is random
        worker.kill();
        worker.restart();
        worker.rest().awaitRunning(NAME, 1, PATIENCE);
      }
      written.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } finally {
      writer.shutdownNow();
    }
    Map<Integer, List<Map<String, String>>> rows = read();
    assertThat(differences(rows)).as("seed %s", seed).isEmpty();
  }

  private static Map<String, String> config() {
    Map<String, String> config = new HashMap<>(FeatureOracle.transforms("user_id", "ts"));
    config.put("connector.class", "dev.tributary.postgres.PgLogicalSourceConnector");
    config.put("database.hostname", postgres.host());
    config.put("database.port", Integer.toString(postgres.port()));
    config.put("database.user", postgres.user());
    config.put("database.password", postgres.password());
    config.put("database.dbname", postgres.database());
    config.put("topic.prefix", NAME);
    config.put("slot.name", NAME);
    config.put("publication.name", NAME);
    config.put("table.include.list", "public." + NAME);
    config.put("message.key.columns", "public." + NAME + ":user_id");
    config.put("decimal.handling.mode", "string");
    config.put("slot.max.retries", "1000");
    config.put("slot.retry.delay.ms", "100");
    config.put("exactly.once.support", "required");
    config.put("transaction.boundary", "connector");
    config.put("topic.creation.default.partitions", Integer.toString(PARTITIONS));
    config.put("topic.creation.default.replication.factor", "1");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.schemas.enable", "false");
    for (String transform : config.get("transforms").split(",", -1)) {
      String prefix = "transforms." + transform + ".restore.";
      config.put(prefix + "bootstrap.servers", broker.bootstrapServers());
      config.put(prefix + "value.converter.schemas.enable", "false");
    }
    return config;
  }

  /** Commits the rows in the order of their places, many or few at a time. */
  private Object write() throws SQLException {
    Random chance = new Random(seed);
    ShopEvents events =
        new ShopEvents(chance, USERS, System.currentTimeMillis() - 86_400_000L, false);
    try (Connection connection = connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into " + NAME + " values (?, ?, ?, ?, ?, ?, ?, ?)")) {
      connection.setAutoCommit(false);
      while (expected.size() < ROWS) {
        for (int i = chance.nextInt(MOST_PER_TRANSACTION); i >= 0 && expected.size() < ROWS; i--) {
          ShopEvent event = events.next();
          set(insert, expected.size(), event);
          insert.addBatch();
          expected.add(oracle.next(event, events.now()));
        }
        insert.executeBatch();
        connection.commit();
      }
    }
    return null;
  }

  private static void set(PreparedStatement insert, int place, ShopEvent event)
      throws SQLException {
    insert.setInt(1, place);
    insert.setLong(2, event.id());
    insert.setString(3, event.user());
    insert.setTimestamp(4, new Timestamp(event.time()));
    insert.setObject(5, event.amount(), Types.DOUBLE);
    insert.setBigDecimal(6, new BigDecimal(event.price()));
    insert.setString(7, event.kind());
    insert.setString(8, event.page());
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
  }

  /** The committed records of the topic by the place of their rows, as texts by field. */
  private static Map<Integer, List<Map<String, String>>> read() {
    Map<Integer, List<Map<String, String>>> rows = new TreeMap<>();
    ObjectMapper json = new ObjectMapper();
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TOPIC, p)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Await.until(
          "all rows in the topic; " + worker.rest().status(NAME),
          PATIENCE,
          () -> {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
              JsonNode row = json.readTree(record.value());
              rows.computeIfAbsent(row.get("place").asInt(), place -> new ArrayList<>())
                  .add(texts(row));
            }
            return rows.size();
          },
          found -> found >= ROWS);
    }
    return rows;
  }

  private static Map<String, String> texts(JsonNode row) {
    Map<String, String> texts = new HashMap<>();
    row.properties()
        .forEach(
            field -> {
              if (!field.getValue().isNull()) {
                texts.put(field.getKey(), field.getValue().asText());
              }
            });
    return texts;
  }

  /** The first differences there are. */
  private List<String> differences(Map<Integer, List<Map<String, String>>> rows) {
    List<String> differences = new ArrayList<>();
    rows.forEach(
        (place, found) -> {
          String difference =
              found.size() > 1
                  ? "it is there " + found.size() + " times"
                  : FeatureOracle.difference(expected.get(place), found.get(0));
          if (!difference.isEmpty() && differences.size() < MOST_SHOWN) {
            differences.add("row " + place + ": " + difference);
          }
        });
    return differences;
  }
}
