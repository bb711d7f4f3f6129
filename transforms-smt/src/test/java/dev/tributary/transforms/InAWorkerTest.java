package dev.tributary.transforms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.common.Versions;
import dev.tributary.stack.Await;
import dev.tributary.stack.ConnectWorker;
import dev.tributary.stack.KafkaBroker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.connect.file.FileStreamSinkConnector;
import org.apache.kafka.connect.sink.SinkRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transforms find each other, and their history, in a worker that gets killed. */
class InAWorkerTest {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Pattern ID = Pattern.compile("[{ ]id=(\\d+)[,}]");
  private static final int PARTITIONS = 2;
  private static final int USERS = 10;

  @TempDir private static Path plugins;
  @TempDir private Path files;

  private static KafkaBroker broker;
  private static ConnectWorker worker;

  @BeforeAll
  static void startWorker() throws Exception {
    jar(WindowedFeatures.class, plugins.resolve("transforms-smt/transforms.jar"));
    jar(Versions.class, plugins.resolve("transforms-smt/common.jar"));
    jar(FileStreamSinkConnector.class, plugins.resolve("connect-file/file.jar"));
    broker = KafkaBroker.start();
    worker =
        ConnectWorker.builder(broker)
            .pluginPath(plugins)
            .heap("256m")
            .setting("value.converter.schemas.enable", "false")
            .setting("key.converter", "org.apache.kafka.connect.storage.StringConverter")
            .start();
  }

  @AfterAll
  static void stopWorker() {
    if (worker != null) {
      worker.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void writesTheSameAfterEachKillAsWithoutAny() throws Exception {
    createTopic("events");
    Path out = files.resolve("out");
    worker.rest().createOrUpdate("sink", config("sink", "events", out));
    worker.rest().awaitRunning("sink", 1, SOON);
    Map<Integer, String> expected = new TreeMap<>();
    Random random = new Random(5);
    Undisturbed undisturbed = new Undisturbed();
    for (int round = 0; round < 3; round++) {
      for (Map<String, Object> row : rows(random, round * 300, 300)) {
        expected.put((Integer) row.get("id"), canonical(undisturbed.apply(row).toString()));
      }
      send("events", undisturbed.sent);
      undisturbed.sent.clear();
      if (round < 2) {
        int enough = round * 300 + 100;
        Await.until("some records", SOON, () -> written(out), lines -> lines.size() >= enough);
        worker.kill();
        worker.restart();
      }
    }
    Await.until("all records", SOON, () -> written(out), lines -> lines.size() == expected.size());
    // every line ever written, not only the last of each record
    try (Stream<String> lines = Files.lines(out)) {
      lines
          .filter(InAWorkerTest::isWhole)
          .forEach(line -> assertThat(canonical(line)).isEqualTo(expected.get(id(line))));
    }
    for (String flag : List.of("is_anomalous=true", "is_sequence=true")) {
      assertThat(expected.values()).anyMatch(line -> line.contains(flag));
    }
    worker.rest().delete("sink");
  }

  @Test
  void stopsTheTaskWhereAForeignTransformStandsInBetween() {
    createTopic("between");
    Map<String, String> config = config("between", "between", files.resolve("between"));
    config.put("transforms", "windows,insert,scores,sequences");
    config.put("transforms.insert.type", "org.apache.kafka.connect.transforms.InsertField$Value");
    config.put("transforms.insert.static.field", "source");
    config.put("transforms.insert.static.value", "x");
    // no record is at fault, so none may be skipped
    config.put("errors.tolerance", "all");
    worker.rest().createOrUpdate("between", config);
    Undisturbed undisturbed = new Undisturbed();
    rows(new Random(1), 0, 5).forEach(undisturbed::apply);
    send("between", undisturbed.sent);
    assertThat(worker.rest().awaitFailed("between", SOON))
        .contains("a transform that is not Tributary's stands before ZScoreFlag")
        .contains("Move it");
    worker.rest().delete("between");
  }

  @Test
  void validationNamesWhatDoesNotFit() {
    Map<String, String> config = config("any", "any", files.resolve("any"));
    config.put("transforms.windows.restore.bootstrap.servers", "");
    config.put("transforms.windows.features", "n = median(x) over 1m");
    config.put("transforms.scores.min.samples", "1000");
    config.put("transforms.sequences.patterns", "p = a: n_1m > 1");
    assertThat(worker.rest().validate(FileStreamSinkConnector.class.getName(), config).errors())
        .containsOnlyKeys(
            "transforms.windows.restore.bootstrap.servers",
            "transforms.windows.features",
            "transforms.scores.min.samples",
            "transforms.sequences.patterns");
  }

  private static Map<String, String> config(String name, String topic, Path out) {
    Map<String, String> config = new LinkedHashMap<>();
    config.put("name", name);
    config.put("connector.class", FileStreamSinkConnector.class.getName());
    config.put("topics", topic);
    config.put("file", out.toString());
    // the group waits that long for a worker that was killed
    config.put("consumer.override.session.timeout.ms", "6000");
    config.put("consumer.override.heartbeat.interval.ms", "1500");
    config.put("transforms", "windows,scores,sequences");
    config.put("transforms.windows.type", WindowedFeatures.class.getName());
    windows().forEach((key, value) -> config.put("transforms.windows." + key, value));
    config.put("transforms.scores.type", ZScoreFlag.class.getName());
    scores().forEach((key, value) -> config.put("transforms.scores." + key, value));
    config.put("transforms.sequences.type", SequenceFlag.class.getName());
    sequences().forEach((key, value) -> config.put("transforms.sequences." + key, value));
    for (String transform : List.of("windows", "scores", "sequences")) {
      String prefix = "transforms." + transform + ".restore.";
      config.put(prefix + "bootstrap.servers", broker.bootstrapServers());
      config.put(prefix + "value.converter.schemas.enable", "false");
    }
    return config;
  }

  private static Map<String, String> windows() {
    return Map.of(
        "key", "user",
        "event.time", "ts",
        "features", "n_1m = count() over 1m, n = count() over all");
  }

  private static Map<String, String> scores() {
    return Map.of("key", "user", "fields", "n_1m,amount", "z.scores", "true", "window", "20");
  }

  private static Map<String, String> sequences() {
    return Map.of(
        "key", "user",
        "event.time", "ts",
        "patterns", "burst = first: n_1m = 1 next odd: amount_z > 1 then more: n_1m > 2 within 2m");
  }

  /** The same transforms here, that nothing happens to. */
  private static final class Undisturbed {
    final WindowedFeatures<SinkRecord> windows = new WindowedFeatures<>();
    final ZScoreFlag<SinkRecord> scores = new ZScoreFlag<>();
    final SequenceFlag<SinkRecord> sequences = new SequenceFlag<>();
    final List<Map<String, Object>> sent = new ArrayList<>();
    private final long[] offsets = new long[PARTITIONS];

    Undisturbed() {
      windows.configure(Rows.settings(windows(), "restore", "none"));
      scores.configure(Rows.settings(scores(), "restore", "none"));
      sequences.configure(Rows.settings(sequences(), "restore", "none"));
    }

    Object apply(Map<String, Object> row) {
      sent.add(row);
      int p = partition(row);
      SinkRecord record =
          new SinkRecord(
              "t", p, null, null, null, row, offsets[p]++, null, TimestampType.CREATE_TIME);
      return sequences.apply(scores.apply(windows.apply(record))).value();
    }
  }

  private static int partition(Map<String, Object> row) {
    return row.get("user").hashCode() & 1;
  }

  private static List<Map<String, Object>> rows(Random random, int firstId, int count) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int id = firstId; id < firstId + count; id++) {
      long now = 1_700_000_000_000L + id * 1_500L;
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("id", id);
      row.put("user", "u" + random.nextInt(USERS));
      row.put("ts", random.nextInt(5) == 0 ? now - random.nextInt(100_000) : now);
      row.put("amount", (random.nextInt(50) == 0 ? 9_000 : 10) + random.nextInt(100) / 8.0);
      rows.add(row);
    }
    return rows;
  }

  private static void createTopic(String name) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void send(String topic, List<Map<String, Object>> rows) {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      for (Map<String, Object> row : rows) {
        String json =
            "{\"id\":%s,\"user\":\"%s\",\"ts\":%s,\"amount\":%s}".formatted(row.values().toArray());
        var unused = producer.send(new ProducerRecord<>(topic, partition(row), "k", json));
      }
    }
  }

  private static Map<Integer, String> written(Path out) {
    Map<Integer, String> written = new TreeMap<>();
    if (Files.exists(out)) {
      try (Stream<String> lines = Files.lines(out)) {
        lines.filter(InAWorkerTest::isWhole).forEach(line -> written.put(id(line), line));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
    return written;
  }

  /** A kill can tear a line, and the next one goes on in it. */
  private static boolean isWhole(String line) {
    return line.startsWith("{") && line.endsWith("}") && ID.matcher(line).results().count() == 1;
  }

  private static int id(String line) {
    Matcher matcher = ID.matcher(line);
    assertThat(matcher.find()).as(line).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  /** A line's fields in an order that does not depend on the kind of map. */
  private static String canonical(String line) {
    return Stream.of(line.substring(1, line.length() - 1).split("[,\\[\\]{}]\\s*"))
        .sorted()
        .toList()
        .toString();
  }

  /** Puts where a class comes from, a jar or a folder of classes, into a jar. */
  private static void jar(Class<?> type, Path jar) throws Exception {
    Path from = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    Files.createDirectories(jar.getParent());
    if (Files.isRegularFile(from)) {
      Files.copy(from, jar);
      return;
    }
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream to = new JarOutputStream(file);
        Stream<Path> all = Files.walk(from)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        to.putNextEntry(new JarEntry(from.relativize(path).toString().replace('\\', '/')));
        Files.copy(path, to);
      }
    }
  }
}
