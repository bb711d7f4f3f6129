package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.stack.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** A source's transforms read back what an exactly-once worker has written, on a real broker. */
class SourceRestoreFromKafkaTest {
  private static final int PARTITIONS = 3;
  private static KafkaBroker broker;
  private final SimpleHeaderConverter headerConverter = new SimpleHeaderConverter();
  private final JsonConverter converter = new JsonConverter();

  @BeforeAll
  static void startBroker() {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  /** What a worker makes of the transforms' settings. */
  private static final class Task {
    final WindowedFeatures<SourceRecord> windows = new WindowedFeatures<>();
    final ZScoreFlag<SourceRecord> scores = new ZScoreFlag<>();

    Task(String restore) {
      Map<String, String> settings =
          Map.of(
              "restore",
              restore,
              "restore.bootstrap.servers",
              broker.bootstrapServers(),
              "restore.value.converter.schemas.enable",
              "false");
      windows.configure(
          Rows.settings(
              settings,
              "key",
              "user",
              "event.time",
              "ts",
              "grace",
              "5s",
              "features",
              "n_1m = count() over 1m, n = count() over all"));
      scores.configure(Rows.settings(settings, "key", "user", "fields", "n_1m,amount"));
    }

    SourceRecord apply(SourceRecord record) {
      return scores.apply(windows.apply(record));
    }

    void close() {
      windows.close();
      scores.close();
    }
  }

  @Test
  void goesOnAfterACrashAsIfItHadNotStopped() throws Exception {
    converter.configure(Map.of("schemas.enable", "false"), false);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("written", PARTITIONS, (short) 1))).all().get();
    }
    Random random = new Random(11);
    List<SourceRecord> input = input(random);
    MDC.put("connector.context", "[undisturbed|task-0] ");
    Task undisturbed = new Task("none");
    MDC.put("connector.context", "[source|task-0] ");
    int committed = 0;
    List<Object> expected = new ArrayList<>();
    input.forEach(record -> expected.add(undisturbed.apply(record).value()));
    while (committed < input.size()) {
      Task task = new Task("topic");
      // a new producer of the same name fences the one before, as a worker's does
      try (KafkaProducer<byte[], byte[]> producer = producer()) {
        producer.initTransactions();
        int transactions = 1 + random.nextInt(4);
        for (int t = 0; t < transactions && committed < input.size(); t++) {
          int end = Math.min(input.size(), committed + 1 + random.nextInt(200));
          producer.beginTransaction();
          for (int i = committed; i < end; i++) {
            SourceRecord made = task.apply(input.get(i));
            assertThat(made.value()).as("record %s", i).isEqualTo(expected.get(i));
            var unused = producer.send(stored(made));
          }
          if (t == transactions - 1 && random.nextBoolean()) {
            producer.flush();
            break; // the crash: this transaction is never committed
          }
          producer.commitTransaction();
          committed = end;
        }
      }
      task.close();
    }
    MDC.remove("connector.context");
  }

  private static List<SourceRecord> input(Random random) {
    List<SourceRecord> input = new ArrayList<>();
    long now = 1_700_000_000_000L;
    for (int i = 0; i < 1_500; i++) {
      now += random.nextInt(400);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("user", "u" + random.nextInt(20));
      row.put("ts", random.nextInt(8) == 0 ? now - random.nextInt(9_000) : now);
      row.put("amount", random.nextInt(1_000) / 10.0);
      input.add(new SourceRecord(Map.of(), Map.of(), "written", null, null, null, null, row, null));
    }
    return input;
  }

  private static KafkaProducer<byte[], byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "source-0"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private ProducerRecord<byte[], byte[]> stored(SourceRecord made) {
    String user = ((Map<?, ?>) made.value()).get("user").toString();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            "written",
            Math.floorMod(user.hashCode(), PARTITIONS),
            null,
            user.getBytes(StandardCharsets.UTF_8),
            converter.fromConnectData("written", made.valueSchema(), made.value()));
    for (Header header : made.headers()) {
      byte[] value =
          headerConverter.fromConnectHeader(
              "written", header.key(), header.schema(), header.value());
      record.headers().add(header.key(), value);
    }
    return record;
  }
}
