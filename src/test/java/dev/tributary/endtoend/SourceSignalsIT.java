package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.stack.Await;
import dev.tributary.stack.ConnectWorker;
import dev.tributary.stack.KafkaBroker;
import dev.tributary.stack.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Incremental snapshots that are asked for through a Kafka topic, on a real broker and worker. */
class SourceSignalsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String NAME = "signals";
  private static final int ROWS = 10_000;

  private static PostgresServer postgres;
  private static KafkaBroker kafka;
  private static ConnectWorker worker;
  private static KafkaProducer<String, String> producer;

  /** What the topics have told so far. */
  private final Map<String, Table> tables = new HashMap<>();

  private final ObjectMapper json = new ObjectMapper();

  /** Rows by id, and how many were read rather than streamed. */
  private static final class Table {
    private final Map<Integer, Integer> rows = new HashMap<>();
    private final Map<Integer, Integer> read = new HashMap<>();
    private int reads;

    void apply(JsonNode event) {
      JsonNode row =
          event.get("op").asText().equals("d") ? event.get("before") : event.get("after");
      int id = row.get("id").asInt();
      if (event.get("op").asText().equals("d")) {
        rows.remove(id);
        return;
      }
      rows.put(id, row.get("n").asInt());
      if (event.get("op").asText().equals("r")) {
        reads++;
        read.merge(id, 1, Integer::sum);
      }
    }
  }

  @BeforeAll
  static void start() {
    postgres = PostgresServer.start();
    kafka = KafkaBroker.start();
    worker = ConnectWorker.builder(kafka).setting("exactly.once.source.support", "enabled").start();
    producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer());
  }

  @AfterAll
  static void stop() {
    producer.close();
    worker.close();
    kafka.close();
    postgres.close();
  }

  private static void begin() throws Exception {
    execute(
        "create table big(id int primary key, n int); create table odd(id int primary key, n int);"
            + "create table mark(id int primary key, n int);"
            + "insert into big select i, 0 from generate_series(1, "
            + ROWS
            + ") i; insert into odd select i, 0 from generate_series(1, 1000) i");
    Map<String, String> config = new HashMap<>();
    config.put("connector.class", "dev.tributary.postgres.PgLogicalSourceConnector");
    config.put("database.hostname", postgres.host());
    config.put("database.port", Integer.toString(postgres.port()));
    config.put("database.user", postgres.user());
    config.put("database.password", postgres.password());
    config.put("database.dbname", postgres.database());
    config.put("topic.prefix", NAME);
    config.put("table.include.list", "public.*");
    config.put("snapshot.mode", "no_data");
    config.put("slot.max.retries", "1000");
    config.put("slot.retry.delay.ms", "100");
    config.put("incremental.snapshot.chunk.size", "100");
    config.put("signal.kafka.topic", "signals");
    config.put("signal.kafka.bootstrap.servers", kafka.bootstrapServers());
    config.put("exactly.once.support", "required");
    config.put("transaction.boundary", "connector");
    config.put("topic.creation.default.partitions", "1");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    config.put("value.converter.schemas.enable", "false");
    worker.rest().createOrUpdate(NAME, config);
    Await.until(
        "changes to be streamed",
        PATIENCE,
        () -> single("select count(*) from pg_replication_slots where active") == 1);
  }

  private static void send(String key, String signal) throws Exception {
    producer.send(new ProducerRecord<>("signals", key, signal)).get();
  }

  private static void signal(String type, String data) throws Exception {
    send(NAME, "{\"id\": \"s\", \"type\": \"" + type + "\", \"data\": " + data + "}");
  }

  @Test
  void readsPausesGoesOnAndStopsWhileTheTablesChangeAndTheWorkerIsKilled() throws Exception {
    begin();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService writers = Executors.newSingleThreadExecutor();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      Future<?> written = writers.submit(() -> write(done));
      badSignals();
      signal(
          "execute-snapshot",
          "{\"data-collections\": [\"public.(big|odd)\"], \"additional-conditions\":"
              + " [{\"data-collection\": \"public.odd\", \"filter\": \"id % 2 = 1\"}]}");
      await(consumer, "some rows", () -> table("big").reads > 500);

      signal("pause-snapshot", "{}");
      awaitLog("The incremental snapshot pauses");
      mark(consumer, 1);
      int paused = table("big").reads;
      mark(consumer, 2);
      assertThat(table("big").reads).isEqualTo(paused).isLessThan(ROWS);

      signal("resume-snapshot", "{}");
      await(consumer, "more rows", () -> table("big").reads > paused + 500);
      worker.kill();
      worker.restart();
      await(consumer, "the rest", () -> table("odd").reads == 500);
      done.set(true);
      written.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      mark(consumer, 3);
      assertThat(table("big").rows).isEqualTo(rows("big"));
      assertThat(table("big").read.values()).as("how often a row was read").containsOnly(1);
      assertThat(table("odd").read.keySet())
          .isEqualTo(
              IntStream.range(0, 500)
                  .mapToObj(i -> 2 * i + 1)
                  .collect(java.util.stream.Collectors.toSet()));

      signal("execute-snapshot", "{\"data-collections\": [\"public.big\"]}");
      await(consumer, "some rows again", () -> table("big").reads > ROWS + 100);
      signal("stop-snapshot", "{\"data-collections\": [\"public.big\"]}");
      awaitLog("The incremental snapshot stops for [public.big]");
      mark(consumer, 4);
      int stopped = table("big").reads;
      mark(consumer, 5);
      assertThat(table("big").reads).isEqualTo(stopped).isLessThan(2 * ROWS);
    } finally {
      done.set(true);
      writers.shutdownNow();
    }
    worker.rest().delete(NAME);
  }

  /** Each is told of with what is wrong, and costs nothing. */
  private static void badSignals() throws Exception {
    send(NAME, "nonsense");
    send(NAME, null);
    send(null, "{\"type\": \"execute-snapshot\"}");
    send("other", "nonsense too");
    signal("drop-everything", "{}");
    signal("execute-snapshot", "{}");
    signal("execute-snapshot", "{\"data-collections\": [\"(\"]}");
    signal("execute-snapshot", "{\"data-collections\": [\"public.nothing\"]}");
    signal("execute-snapshot", "{\"data-collections\": [\"public.mark\"], \"type\": \"BLOCKING\"}");
    for (String told :
        List.of(
            "The signal at signals-0 offset 0 is ignored: it is not JSON",
            "offset 4 is ignored: its 'type' is none of execute-snapshot",
            "offset 5 is ignored: it names no 'data-collections'",
            "offset 6 is ignored: a name in it is no regular expression",
            "names no table that is captured",
            "offset 8 is ignored: it asks for a snapshot of a type that is not INCREMENTAL")) {
      awaitLog(told);
    }
    assertThat(log()).doesNotContain("nonsense", "drop-everything", "BLOCKING");
  }

  private static String log() throws Exception {
    return Files.readString(worker.log(), StandardCharsets.UTF_8);
  }

  private static void awaitLog(String told) {
    Await.until("the log to tell: " + told, PATIENCE, () -> log().contains(told));
  }

  private Table table(String name) {
    return tables.computeIfAbsent(name, unseen -> new Table());
  }

  private static KafkaConsumer<byte[], byte[]> consumer() {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        List.of("big", "odd", "mark").stream()
            .map(table -> new TopicPartition(NAME + ".public." + table, 0))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  private void await(
      KafkaConsumer<byte[], byte[]> consumer,
      String what,
      java.util.concurrent.Callable<Boolean> reached) {
    Await.until(
        what,
        PATIENCE,
        () -> {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            if (record.value() != null) {
              String[] topic = record.topic().split("\\.", -1);
              table(topic[topic.length - 1]).apply(json.readTree(record.value()));
            }
          }
          return reached.call();
        });
  }

  /** Whatever was committed before has been seen. */
  private void mark(KafkaConsumer<byte[], byte[]> consumer, int id) throws Exception {
    execute("insert into mark values (" + id + ", 0)");
    await(consumer, "mark " + id, () -> table("mark").rows.containsKey(id));
    await(consumer, "nothing more", drained(consumer));
  }

  /** Partitions are fetched in any order. */
  private static java.util.concurrent.Callable<Boolean> drained(
      KafkaConsumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    return () ->
        ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private static Void write(AtomicBoolean done) throws SQLException {
    Random random = new Random(7);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      while (!done.get()) {
        int id = 1 + random.nextInt(ROWS + 1000);
        switch (random.nextInt(3)) {
          case 0 ->
              statement.execute(
                  "insert into big values (" + id + ", 1) on conflict (id) do update set n = 7");
          case 1 -> statement.execute("delete from big where id > " + ROWS + " and id = " + id);
          default -> statement.execute("update big set n = n + 1 where id = " + id);
        }
      }
    }
    return null;
  }

  private static Map<Integer, Integer> rows(String table) throws SQLException {
    Map<Integer, Integer> rows = new HashMap<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("select id, n from " + table)) {
      while (found.next()) {
        rows.put(found.getInt(1), found.getInt(2));
      }
    }
    return rows;
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
