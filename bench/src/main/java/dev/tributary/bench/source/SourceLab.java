package dev.tributary.bench.source;

import dev.tributary.bench.harness.Measurement;
import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.GcLog;
import dev.tributary.bench.measure.Profiles;
import dev.tributary.bench.measure.UsageMeter;
import dev.tributary.stack.BuildRoot;
import dev.tributary.stack.ConnectRest;
import dev.tributary.stack.ConnectWorker;
import dev.tributary.stack.KafkaBroker;
import dev.tributary.stack.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** Postgres, a broker and one worker that has all contenders' plugins. */
final class SourceLab implements AutoCloseable {
  /** What every connector is given. */
  static final Map<String, String> CONVERTERS =
      Map.of(
          "key.converter", "org.apache.kafka.connect.json.JsonConverter",
          "key.converter.schemas.enable", "false",
          "value.converter", "org.apache.kafka.connect.json.JsonConverter",
          "value.converter.schemas.enable", "false");

  /**
   * What every connector is given besides, where the rate is measured. Connect's producer has one
   * request under way, and by default a batch of 16 KB in it: what limits all contenders then is
   * how often the broker answers, twenty-odd records a time.
   */
  static final Map<String, String> THROUGHPUT = Map.of("producer.override.batch.size", "524288");

  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration DRAIN = Duration.ofMinutes(10);

  private final PostgresServer postgres;
  private final KafkaBroker kafka;
  private final ConnectWorker worker;
  private final Admin admin;
  private final Database database;
  private final GcLog gcLog;
  private final Path gcFile;

  /** Starts them. */
  SourceLab(Run run, String heap) throws Exception {
    run.say("starting Postgres, Kafka and a Connect worker with a heap of %s", heap);
    postgres = PostgresServer.start(Map.of("max_wal_size", "8GB", "shared_buffers", "256MB"));
    kafka = KafkaBroker.start();
    gcFile = Files.createTempFile("bench-gc", ".log");
    gcLog = new GcLog(gcFile);
    String plugins = BuildRoot.plugins() + "," + BuildRoot.find().resolve("target/bench/plugins");
    worker =
        ConnectWorker.builder(kafka)
            .heap(heap)
            .jvmOption(gcLog.jvmOption())
            .setting("plugin.path", plugins)
            .start();
    admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    database = new Database(postgres);
    run.fact("Postgres", database.text("SHOW server_version"));
    run.fact("worker", "Kafka Connect 4.3.1, heap " + heap + ", JsonConverter without schemas");
  }

  Database database() {
    return database;
  }

  PostgresServer postgres() {
    return postgres;
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  ConnectRest rest() {
    return worker.rest();
  }

  long workerPid() {
    return worker.pid();
  }

  GcLog gcLog() {
    return gcLog;
  }

  /** A new topic. */
  Topic topic(String name) throws Exception {
    return new Topic(admin, kafka.bootstrapServers(), name);
  }

  /** Registers a connector and waits until its task runs. */
  void start(String name, Map<String, String> config) {
    rest().createOrUpdate(name, config);
    rest().awaitRunning(name, 1, START);
  }

  /**
   * Starts a connector, and measures the rate at which its topic fills.
   *
   * @param what names the profile, if one is wanted
   */
  Measurement drain(
      Profiles profiles, String what, String id, Map<String, String> config, Topic topic, int count)
      throws Exception {
    return profiles.recorded(
        what,
        workerPid(),
        () -> {
          UsageMeter usage = usage();
          start(id, config);
          topic.await(count, DRAIN);
          return Measurement.of(topic.rate(count), usage.stop())
              .with("bytes/record", topic.size(count - 1L));
        });
  }

  /** Deletes a connector, and its slot. */
  void end(String name, String slot) {
    rest().delete(name);
    database.dropSlot(slot);
  }

  /**
   * Measures the rate of the prebuilt source, whose records look like the workload's.
   *
   * @param what names the profile, if one is wanted
   * @param id of the connector and its topic
   */
  Measurement prebuilt(Profiles profiles, String what, String id, Workload workload, int count)
      throws Exception {
    try (Topic topic = topic(id)) {
      try {
        return drain(profiles, what, id, prebuilt(workload, id, count), topic, count);
      } finally {
        rest().delete(id);
      }
    }
  }

  private static Map<String, String> prebuilt(Workload workload, String topic, int records) {
    Map<String, String> config = new HashMap<>(CONVERTERS);
    config.putAll(THROUGHPUT);
    config.put("connector.class", "dev.tributary.bench.prebuilt.PrebuiltSourceConnector");
    config.put("topic", topic);
    config.put("records", Integer.toString(records));
    config.put("columns", String.join(",", workload.shape()));
    config.put("before", Boolean.toString(workload.before()));
    return config;
  }

  /** Says in the run's facts what {@link #THROUGHPUT} is. */
  static void tellThroughput(Run run) {
    run.fact("producer, of all", String.join(", ", settings(THROUGHPUT)) + " (the rest default)");
  }

  private static List<String> settings(Map<String, String> overrides) {
    return overrides.entrySet().stream()
        .map(e -> e.getKey().substring("producer.override.".length()) + "=" + e.getValue())
        .sorted()
        .toList();
  }

  /** Measures all processes from now on, with the worker's collections. */
  UsageMeter usage() {
    return UsageMeter.start(Map.of("worker", gcLog::pauseSeconds));
  }

  @Override
  public void close() throws SQLException, IOException {
    database.close();
    admin.close();
    worker.close();
    kafka.close();
    postgres.close();
    Files.deleteIfExists(gcFile);
  }
}
