package dev.tributary.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.stack.Await;
import dev.tributary.stack.ConnectRest;
import dev.tributary.stack.StackException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What somebody asks of a source that runs in a real worker: incremental snapshots, through a Kafka
 * topic, and other offsets, through REST.
 */
class SourceSignalsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String NAME = "signals";
  private static final int ROWS = 10_000;

  private static SourceStack stack;
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
  static void start() throws Exception {
    stack = SourceStack.start(Map.of());
    producer =
        new KafkaProducer<>(
            Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, stack.kafka().bootstrapServers()),
            new StringSerializer(),
            new StringSerializer());
  }

  @AfterAll
  static void stop() {
    producer.close();
    stack.close();
  }

  private static void begin() throws Exception {
    stack.execute(
        "create table big(id int primary key, n int); create table odd(id int primary key, n int);"
            + "create table mark(id int primary key, n int);"
            + "insert into big select i, 0 from generate_series(1, "
            + ROWS
            + ") i; insert into odd select i, 0 from generate_series(1, 1000) i");
    stack.begin(
        NAME,
        "big, odd, mark",
        stack.config(
            NAME,
            "table.include.list",
            "public.(big|odd|mark)",
            "snapshot.mode",
            "no_data",
            "incremental.snapshot.chunk.size",
            "100",
            "signal.kafka.topic",
            "signals",
            "signal.kafka.bootstrap.servers",
            stack.kafka().bootstrapServers(),
            "signal.consumer.session.timeout.ms", // longer than the test has patience
            "600000",
            "exactly.once.support",
            "required",
            "transaction.boundary",
            "connector"));
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
    try (KafkaConsumer<byte[], byte[]> consumer =
        stack.consumer(Stream.of("big", "odd", "mark").map(t -> NAME + ".public." + t).toList())) {
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
      stack.worker().kill();
      stack.worker().restart();
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
    stack.worker().rest().delete(NAME);
  }

  /** Of one topic.prefix and one signal topic, each takes the signals for itself. */
  @Test
  void twoConnectorsOfAPrefixDoNotPutEachOtherOut() throws Exception {
    stack.execute("create table twin(id int primary key)");
    stack.execute("create publication twin_b for table twin");
    String[] signals = {
      "topic.prefix", "twin",
      "snapshot.mode", "no_data",
      "table.include.list", "public.twin",
      "signal.kafka.topic", "twin-signals",
      "signal.kafka.bootstrap.servers", stack.kafka().bootstrapServers()
    };
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("twin-signals", 1, (short) 1))).all().get();
      stack.begin("twin_a", "twin", stack.config("twin_a", signals));
      stack.worker().rest().createOrUpdate("twin_b", stack.config("twin_b", signals));
      stack.awaitStreaming("twin_b");
      for (long sent = 1; sent <= 2; sent++) {
        producer
            .send(new ProducerRecord<>("twin-signals", "twin", "{\"type\": \"resume-snapshot\"}"))
            .get();
        for (String name : List.of("twin_a", "twin_b")) {
          long all = sent;
          Await.until(
              name + " to have taken signal " + sent, PATIENCE, () -> taken(admin, name) == all);
        }
      }
    }
    assertThat(log()).doesNotContain("FencedInstanceId", "No more signals are taken");
    stack.worker().rest().delete("twin_a");
    stack.worker().rest().delete("twin_b");
  }

  /** How many signals of the topic a connector has committed. */
  private static long taken(Admin admin, String name) throws Exception {
    return admin
        .listConsumerGroupOffsets("kafka-signal-twin-" + name)
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  @Test
  void goesOnFromTheOffsetsThatAreGiven() throws Exception {
    stack.execute(
        "create table moved(id int primary key); insert into moved select generate_series(1, 3)");
    stack.begin(
        "moved",
        "moved",
        stack.config(
            "moved", "table.include.list", "public.moved", "exactly.once.support", "required"));
    ConnectRest rest = stack.worker().rest();
    try (KafkaConsumer<byte[], byte[]> consumer = stack.consumer(List.of("moved.public.moved"))) {
      assertThat(next(consumer, 3)).containsExactly("r 1", "r 2", "r 3");
      stack.execute("insert into moved values (4)");
      assertThat(next(consumer, 1)).containsExactly("c 4");
      stop("moved");
      ConnectRest.Offset stored = rest.offsets("moved").get(0);
      assertThat(stored.partition()).isEqualTo(Map.of("server", "moved"));
      assertThat(stored.offset()).containsOnlyKeys("commit_lsn", "timeline");
      refuses(
          Map.of("server", "shop"), stored.offset(), "must be {server=moved}, after topic.prefix");
      refuses(
          stored.partition(), Map.of("lsn", 5), "keys that mean nothing to this connector: [lsn]");
      refuses(stored.partition(), Map.of("commit_lsn", "soon"), "'soon' is no LSN");
      refuses(
          stored.partition(), Map.of("commit_lsn", "F/0"), "position F/0 is past 0/", "restored");
      refuses(
          stored.partition(),
          Map.of("commit_lsn", "0/1"),
          "slot 'moved' is confirmed up to 0/",
          "changes committed from 0/1 to 0/");
      assertThat(rest.offsets("moved")).containsExactly(stored);

      stack.execute("insert into moved values (5)");
      Map<String, Object> behind =
          Map.of("commit_lsn", stack.text("select pg_current_wal_flush_lsn()"));
      stack.execute("insert into moved values (6)");
      rest.alterOffsets("moved", List.of(new ConnectRest.Offset(stored.partition(), behind)));
      assertThat(rest.offsets("moved").get(0).offset()).isEqualTo(behind);
      rest.resume("moved");
      assertThat(next(consumer, 1)).as("without what the offset is behind").containsExactly("c 6");

      stop("moved");
      rest.resetOffsets("moved");
      assertThat(rest.offsets("moved")).isEmpty();
      rest.resume("moved");
      assertThat(next(consumer, 6))
          .as("a new snapshot")
          .containsExactly("r 1", "r 2", "r 3", "r 4", "r 5", "r 6");
      stack.execute("insert into moved values (7)");
      assertThat(next(consumer, 1)).containsExactly("c 7");
    }
    rest.delete("moved");
  }

  private static void stop(String name) {
    stack.worker().rest().stop(name);
    stack.worker().rest().awaitStopped(name, PATIENCE);
  }

  /** The worker hands on what is wrong with an offset that somebody gives. */
  private static void refuses(
      Map<String, Object> partition, Map<String, Object> offset, String... parts) {
    ConnectRest.Offset given = new ConnectRest.Offset(partition, offset);
    assertThatThrownBy(() -> stack.worker().rest().alterOffsets("moved", List.of(given)))
        .isInstanceOf(StackException.class)
        .hasMessageContainingAll(parts);
  }

  /** Operations and IDs of the next records. */
  private List<String> next(KafkaConsumer<byte[], byte[]> consumer, int count) {
    List<String> seen = new ArrayList<>();
    Await.until(
        count + " records",
        PATIENCE,
        () -> {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
            JsonNode event = json.readTree(record.value());
            seen.add(event.get("op").asText() + " " + event.get("after").get("id"));
          }
          return seen;
        },
        all -> all.size() >= count);
    return seen;
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
    return Files.readString(stack.worker().log(), StandardCharsets.UTF_8);
  }

  private static void awaitLog(String told) {
    Await.until("the log to tell: " + told, PATIENCE, () -> log().contains(told));
  }

  private Table table(String name) {
    return tables.computeIfAbsent(name, unseen -> new Table());
  }

  private void await(
      KafkaConsumer<byte[], byte[]> consumer, String what, Callable<Boolean> reached) {
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
    stack.execute("insert into mark values (" + id + ", 0)");
    await(consumer, "mark " + id, () -> table("mark").rows.containsKey(id));
    await(consumer, "nothing more", drained(consumer));
  }

  /** Partitions are fetched in any order. */
  private static Callable<Boolean> drained(KafkaConsumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    return () ->
        ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private static Void write(AtomicBoolean done) throws SQLException {
    Random random = new Random(7);
    try (Connection connection = stack.connect();
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
    try (Connection connection = stack.connect();
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("select id, n from " + table)) {
      while (found.next()) {
        rows.put(found.getInt(1), found.getInt(2));
      }
    }
    return rows;
  }
}
