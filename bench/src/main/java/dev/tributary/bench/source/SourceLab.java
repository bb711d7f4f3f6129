package dev.tributary.bench.source;

import dev.tributary.bench.harness.Run;
import dev.tributary.bench.measure.GcLog;
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

  private static final Duration START = Duration.ofMinutes(2);

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

  /** Deletes a connector, and its slot. */
  void end(String name, String slot) {
    rest().delete(name);
    database.dropSlot(slot);
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
