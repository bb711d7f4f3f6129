package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.stack.Await;
import dev.tributary.stack.KafkaBroker;
import dev.tributary.transforms.chain.ChainError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

/** The transforms as a worker uses them, on a real broker's topics. */
class RestoreFromKafkaTest {
  private static KafkaBroker broker;
  private static int topics;
  private final String topic = "events-" + topics++;
  private final TopicPartition partition = new TopicPartition(topic, 0);
  private final List<Task> tasks = new ArrayList<>();
  private JsonConverter converter;
  @TempDir private Path snapshots;

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void prepare(TestInfo test) throws Exception {
    MDC.put("connector.context", "[" + test.getDisplayName() + "|task-0] ");
    converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", "false"), false);
    try (Admin admin = admin()) {
      admin.createTopics(List.of(newTopic())).all().get();
    }
  }

  @AfterEach
  void stop() {
    tasks.forEach(Task::close);
    MDC.remove("connector.context");
  }

  /** What a worker makes of the transforms' settings. */
  private final class Task {
    final WindowedFeatures<SinkRecord> windows = new WindowedFeatures<>();
    final ZScoreFlag<SinkRecord> scores = new ZScoreFlag<>();

    Task(String... more) {
      Map<String, String> restore =
          Rows.settings(
              Map.of(
                  "restore.bootstrap.servers", broker.bootstrapServers(),
                  "restore.value.converter.schemas.enable", "false",
                  "restore.timeout", "3s"),
              more);
      windows.configure(
          Rows.settings(
              restore,
              "key",
              "user",
              "event.time",
              "ts",
              "features",
              "n_1m = count() over 1m, n = count() over all"));
      scores.configure(Rows.settings(restore, "key", "user", "fields", "n_1m,amount"));
      tasks.add(this);
    }

    Object apply(ConsumerRecord<byte[], byte[]> stored) {
      SinkRecord out = windows.apply(toRecord(stored));
      return out == null ? null : scores.apply(out).value();
    }

    void close() {
      windows.close();
      scores.close();
    }
  }

  @Test
  void givesEachRecordAfterACrashWhatItGotBefore() {
    List<ConsumerRecord<byte[], byte[]>> stored = produce(2_000, 0);
    Task first = new Task();
    List<Object> expected = new ArrayList<>();
    stored.forEach(record -> expected.add(first.apply(record)));
    Random random = new Random(3);
    for (int crash = 0; crash < 6; crash++) {
      Task next = new Task();
      int at = random.nextInt(stored.size() - 50);
      for (int i = at; i < at + 50; i++) {
        assertThat(next.apply(stored.get(i))).as("record %s", i).isEqualTo(expected.get(i));
      }
      // rewound, and back after the partition was elsewhere
      int back = random.nextInt(at + 1);
      assertThat(next.apply(stored.get(back))).isEqualTo(expected.get(back));
      assertThat(next.apply(stored.get(at))).isEqualTo(expected.get(at));
    }
  }

  @Test
  void goesOnFromTheSnapshotThatTheTaskBeforeLeft() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> stored = produce(2_000, 3);
    Task undisturbed = new Task();
    List<Object> expected = new ArrayList<>();
    stored.forEach(record -> expected.add(undisturbed.apply(record)));
    Task first = snapshotting();
    stored.subList(0, 1_500).forEach(first::apply);
    first.close();
    assertThat(snapshotFiles()).hasSize(1);
    for (int at : List.of(1_500, 1_700, 1_200)) {
      assertThat(snapshotting().apply(stored.get(at))).isEqualTo(expected.get(at));
    }
  }

  @Test
  void usesNoSnapshotOfATopicThatWasMadeAnew() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> stored = produce(400, 0);
    Task first = snapshotting();
    stored.forEach(first::apply);
    first.close();
    assertThat(snapshotFiles()).hasSize(1);
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(topic)).all().get();
      Await.untilPasses(
          "the topic to be made anew",
          Duration.ofSeconds(60),
          () -> admin.createTopics(List.of(newTopic())).all().get());
    }
    // the same last record in the snapshot's place, but others before it
    resend(stored.subList(300, 400), stored.subList(100, 400), stored.subList(399, 400));
    List<ConsumerRecord<byte[], byte[]>> anew = readAll(401);
    assertThat(snapshotting().apply(anew.get(400))).isEqualTo(new Task().apply(anew.get(400)));
  }

  @Test
  void makesNoSnapshotsOfACompactedTopic() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> stored = produce(400, 0);
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = admin()) {
      AlterConfigOp compact =
          new AlterConfigOp(new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(resource, List.of(compact))).all().get();
    }
    Task first = snapshotting();
    stored.forEach(first::apply);
    first.close();
    assertThat(snapshotFiles()).isEmpty();
  }

  private Task snapshotting() {
    return new Task("restore.snapshot.dir", snapshots.toString());
  }

  private List<Path> snapshotFiles() throws IOException {
    try (Stream<Path> all = Files.walk(snapshots)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  @SafeVarargs
  private void resend(List<ConsumerRecord<byte[], byte[]>>... parts) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (List<ConsumerRecord<byte[], byte[]>> part : parts) {
        for (ConsumerRecord<byte[], byte[]> r : part) {
          // the count of what is read afterwards tells whether all of it arrived
          var unused =
              producer.send(new ProducerRecord<>(topic, 0, r.timestamp(), r.key(), r.value()));
        }
      }
    }
  }

  @Test
  void passesTransactionMarkersAndAbortedRecords() {
    List<ConsumerRecord<byte[], byte[]>> stored = produce(1_000, 3);
    assertThat(stored.get(stored.size() - 1).offset()).isGreaterThan(1_300);
    Task first = new Task();
    List<Object> expected = new ArrayList<>();
    long started = System.nanoTime();
    stored.forEach(record -> expected.add(first.apply(record)));
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    assertThat(expected).as("in %s", took).allMatch(value -> ((Map<?, ?>) value).containsKey("n"));
    assertThat(((Map<?, ?>) expected.get(999)).get("n"))
        .isEqualTo(stored.stream().filter(r -> user(r).equals(user(stored.get(999)))).count());
    Task next = new Task();
    for (int i = 990; i < 1_000; i++) {
      assertThat(next.apply(stored.get(i))).isEqualTo(expected.get(i));
    }
  }

  @Test
  void refusesAbortedRecordsThatTheRestoreDoesNotSee() {
    List<ConsumerRecord<byte[], byte[]>> committed = produce(200, 3);
    List<ConsumerRecord<byte[], byte[]>> all = read(committed.size() + 2, "read_uncommitted");
    List<ConsumerRecord<byte[], byte[]>> aborted = new ArrayList<>(all);
    List<Long> offsets = committed.stream().map(ConsumerRecord::offset).toList();
    aborted.removeIf(record -> offsets.contains(record.offset()));
    assertThat(aborted).isNotEmpty();
    Task first = new Task();
    assertThatThrownBy(() -> first.apply(aborted.get(0)))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("consumer.override.isolation.level=read_committed");
    Task running = new Task();
    assertThatThrownBy(() -> all.subList(1, all.size()).forEach(running::apply))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining(", offset " + aborted.get(1).offset() + ":")
        .hasMessageContaining("consumer.override.isolation.level=read_committed");
  }

  @Test
  void beginsWhereRetentionHasLeftTheTopic() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> stored = produce(100, 0);
    try (Admin admin = admin()) {
      admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(60))).all().get();
    }
    Map<?, ?> last = (Map<?, ?>) new Task().apply(stored.get(99));
    assertThat(last.get("n"))
        .isEqualTo(
            stored.subList(60, 100).stream()
                .filter(r -> user(r).equals(user(stored.get(99))))
                .count());
  }

  @Test
  void refusesAConverterOtherThanTheConnectors() {
    List<ConsumerRecord<byte[], byte[]>> stored = produce(10, 0);
    Task task = new Task("restore.value.converter.schemas.enable", "true");
    assertThatThrownBy(() -> task.apply(stored.get(9)))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining(topic)
        .hasMessageContaining("restore.value.converter");
  }

  @Test
  void refusesAConverterThatDoesNotExist() {
    assertThatThrownBy(() -> new Task("restore.value.converter", "org.example.NoConverter"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("org.example.NoConverter")
        .hasMessageContaining("is no converter that is installed");
  }

  @Test
  void givesUpOnServersThatDoNotAnswer() {
    List<ConsumerRecord<byte[], byte[]>> stored = produce(1, 0);
    Task task =
        new Task(
            "restore.bootstrap.servers", "127.0.0.1:1",
            "restore.timeout", "1s",
            "restore.client.default.api.timeout.ms", "1000",
            "restore.client.request.timeout.ms", "500");
    assertThatThrownBy(() -> task.apply(stored.get(0)))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("restore.bootstrap.servers")
        .hasMessageContaining("restore.timeout");
    Task nowhere = new Task("restore.bootstrap.servers", "no.such.host.invalid:9092");
    assertThatThrownBy(() -> nowhere.apply(stored.get(0)))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining("restore.bootstrap.servers");
  }

  @Test
  void refusesServersWhoseTopicEndsBeforeTheRecord() {
    List<ConsumerRecord<byte[], byte[]>> stored = produce(5, 0);
    Task task = new Task();
    task.apply(stored.get(4));
    ConsumerRecord<byte[], byte[]> beyond =
        new ConsumerRecord<>(topic, 0, 5_000, stored.get(0).key(), stored.get(0).value());
    assertThatThrownBy(() -> task.apply(beyond))
        .isInstanceOf(ChainError.class)
        .hasMessageContaining(topic);
  }

  /** Of records that keep the old timestamps they have. */
  private NewTopic newTopic() {
    return new NewTopic(topic, 1, (short) 1).configs(Map.of("retention.ms", "-1"));
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  private static String user(ConsumerRecord<byte[], byte[]> stored) {
    return new String(stored.value(), StandardCharsets.UTF_8)
        .replaceAll(".*\"user\":\"(\\w+)\".*", "$1");
  }

  /** Writes records, in transactions of that many (0 for none) with an aborted one now and then. */
  private List<ConsumerRecord<byte[], byte[]>> produce(int records, int perTransaction) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", broker.bootstrapServers());
    config.put("linger.ms", 0);
    if (perTransaction > 0) {
      config.put("transactional.id", topic);
    }
    Random random = new Random(records);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      if (perTransaction > 0) {
        producer.initTransactions();
      }
      long now = 1_700_000_000_000L;
      for (int i = 0; i < records; i++) {
        now += random.nextInt(2_000);
        if (perTransaction > 0 && i % perTransaction == 0) {
          if (i % 50 == 0) {
            producer.beginTransaction();
            send(producer, now, value(random, now));
            producer.flush(); // what is not sent yet would never be written
            producer.abortTransaction();
          }
          producer.beginTransaction();
        }
        send(producer, now, value(random, now));
        if (perTransaction > 0 && (i % perTransaction == perTransaction - 1 || i == records - 1)) {
          producer.commitTransaction();
        }
      }
    }
    return readAll(records);
  }

  private void send(KafkaProducer<String, String> producer, long timestamp, String value) {
    // the count of what is read afterwards tells whether all of it arrived
    var unused = producer.send(new ProducerRecord<>(topic, 0, timestamp, "k", value));
  }

  private static String value(Random random, long now) {
    long time = random.nextInt(8) == 0 ? now - random.nextInt(90_000) : now;
    return "{\"user\":\"u%s\",\"ts\":%s,\"amount\":%s}"
        .formatted(random.nextInt(20), time, random.nextInt(1_000) / 10.0);
  }

  private List<ConsumerRecord<byte[], byte[]>> readAll(int records) {
    return read(records, "read_committed");
  }

  private List<ConsumerRecord<byte[], byte[]>> read(int records, String isolation) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    Map<String, Object> config =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "isolation.level", isolation);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (all.size() < records && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    assertThat(all).hasSize(records);
    return all;
  }

  private SinkRecord toRecord(ConsumerRecord<byte[], byte[]> stored) {
    SchemaAndValue value = converter.toConnectData(topic, stored.value());
    return new SinkRecord(
        topic,
        stored.partition(),
        null,
        null,
        value.schema(),
        value.value(),
        stored.offset(),
        stored.timestamp(),
        stored.timestampType());
  }
}
